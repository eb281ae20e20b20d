//! Words for what a refresh can meet.

use super::{About, Code, Problem};
use crate::failure::RefreshError;
use crate::store::accounts::Ended;

pub(super) fn refresh(error: &RefreshError, about: &About) -> Problem {
    match error {
        RefreshError::Busy { pid, waited_seconds } => Problem::of(
            Code::RefreshBusy,
            "Another program is refreshing this account and does not get done.",
            match pid {
                Some(pid) => format!(
                    "Process {pid} has held the lock for more than {waited_seconds} seconds; Birdkey never breaks it, because two refreshes at once can end a login."
                ),
                None => format!("The lock was held for more than {waited_seconds} seconds."),
            },
            match pid {
                Some(pid) => format!(
                    "See what process {pid} is (ps -p {pid}) and end it if it hangs, then try again."
                ),
                None => "End the Birdkey process that hangs, then try again.".to_owned(),
            },
        ),
        RefreshError::Dead(ended) => ended_words(*ended, about),
        RefreshError::NotStored { reason, kept: true } => Problem::of(
            Code::RefreshWaits,
            "The new tokens wait for the vault.",
            format!(
                "{} sent new tokens, and the vault did not take them. {reason} They are kept encrypted meanwhile; nothing is lost.",
                about.server()
            ),
            "Make the vault work again, then try again; Birdkey takes them over by itself.",
        ),
        RefreshError::NotStored { reason, kept: false } => Problem::of(
            Code::RefreshNotStored,
            "The new tokens could not be stored.",
            format!(
                "{} sent new tokens, and the vault did not take them. {reason} The old refresh token is used up.",
                about.server()
            ),
            format!("Make the vault work again. {}", about.log_in_again()),
        ),
        RefreshError::CutOff => Problem::of(
            Code::RefreshCutOff,
            "The refresh was cut off.",
            "The program was ending while it waited for the server.",
            "Try again. The next refresh takes up where this one stopped.",
        ),
    }
}

/// Why only a new login helps.
pub(crate) fn ended_words(ended: Ended, about: &About) -> Problem {
    let server = about.server();
    match ended {
        Ended::Refused => Problem::of(
            Code::RefreshRefused,
            format!("{server} no longer accepts this login."),
            format!(
                "Its refresh token was revoked, or replaced by a login elsewhere: X keeps one live grant per app and user. {} is the likely cause, or the access was removed in X’s settings.",
                about
                    .elsewhere
                    .as_deref()
                    .unwrap_or("Another program or machine with the same client id")
            ),
            about.log_in_again(),
        ),
        Ended::ReplyLost => Problem::of(
            Code::RefreshReplyLost,
            format!("This login was lost on the way from {}.", about.server_inside()),
            format!(
                "An earlier refresh brought no answer with new tokens, although the server had already replaced the refresh token. Birdkey tried the old one once more, and it was refused. Only a login elsewhere looks the same{}.",
                about
                    .elsewhere
                    .as_deref()
                    .map(|it| format!(", and {it} could be one"))
                    .unwrap_or_default()
            ),
            about.log_in_again(),
        ),
    }
}

/// A refresh that gave less than there was.
pub(crate) fn scopes_lost(lost: &str, about: &About) -> Problem {
    Problem::of(
        Code::ScopesLost,
        format!("{} took scopes away.", about.server()),
        format!("The last refresh no longer granted: {lost}."),
        about.log_in_again(),
    )
}
