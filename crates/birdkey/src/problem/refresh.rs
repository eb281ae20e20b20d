//! Words for what a refresh can meet.

use birdkey_messages::{Words, words};

use super::{About, Code, Problem};
use crate::failure::RefreshError;
use crate::protocol::provider::ProviderKind;
use crate::store::accounts::Ended;

pub(super) fn refresh(error: &RefreshError, about: &About) -> Problem {
    match error {
        RefreshError::Busy { pid, waited_seconds } => {
            let (why, hint) = match pid {
                Some(pid) => (
                    words!("refresh_busy.why_process", pid = *pid, seconds = *waited_seconds),
                    words!("refresh_busy.hint_process", pid = *pid),
                ),
                None => (
                    words!("refresh_busy.why", seconds = *waited_seconds),
                    words!("refresh_busy.hint"),
                ),
            };
            Problem::of(Code::RefreshBusy, words!("refresh_busy.what"), why, hint)
        }
        RefreshError::Dead(ended) => ended_words(*ended, about),
        RefreshError::NotStored { reason, kept: true } => {
            problem!(Code::RefreshWaits, "refresh_waits", server = about.server(), reason = reason)
        }
        RefreshError::NotStored { reason, kept: false } => Problem::of(
            Code::RefreshNotStored,
            words!("refresh_not_stored.what"),
            Words::sentences([
                words!("refresh_not_stored.why", server = about.server(), reason = reason),
                match about.provider {
                    Some(ProviderKind::X | ProviderKind::Sandbox) => {
                        words!("refresh_not_stored.used_up")
                    }
                    Some(ProviderKind::Custom) | None => {
                        words!("refresh_not_stored.perhaps_used_up")
                    }
                },
            ]),
            Words::sentences([words!("refresh_not_stored.hint"), about.log_in_again()]),
        ),
        RefreshError::Unanswered { seconds } => problem!(
            Code::RefreshUnanswered,
            "refresh_unanswered",
            server = about.server(),
            seconds = *seconds
        ),
        RefreshError::Closing => problem!(Code::RefreshCutOff, "refresh_closing"),
        RefreshError::CutOff => problem!(Code::RefreshCutOff, "refresh_cut_off"),
    }
}

/// Why only a new login helps.
pub(crate) fn ended_words(ended: Ended, about: &About) -> Problem {
    match ended {
        Ended::Refused => Problem::of(
            Code::RefreshRefused,
            words!("refresh_refused.what", server = about.server()),
            refused(about),
            about.log_in_again(),
        ),
        Ended::ReplyLost => Problem::of(
            Code::RefreshReplyLost,
            words!("refresh_reply_lost.what", server = about.server_inside()),
            reply_lost(about),
            about.log_in_again(),
        ),
    }
}

fn refused(about: &About) -> Words {
    let elsewhere = match &about.elsewhere {
        Some(elsewhere) => elsewhere.into(),
        None => words!("refresh_refused.somewhere"),
    };
    let cause = match about.provider {
        Some(ProviderKind::X) => words!("refresh_refused.cause_at_x", elsewhere = elsewhere),
        Some(ProviderKind::Sandbox) => {
            words!("refresh_refused.cause_in_sandbox", elsewhere = elsewhere)
        }
        Some(ProviderKind::Custom) | None => return words!("refresh_refused.why_elsewhere"),
    };
    let replaced = [Some(words!("refresh_refused.why")), about.one_grant(), Some(cause)];
    Words::sentences(replaced.into_iter().flatten())
}

/// What looks the same, and what may live on at the server: its newest answer was not read.
fn reply_lost(about: &About) -> Words {
    let server = about.server_inside();
    let (alike, newer) = match (about.provider, &about.elsewhere) {
        (Some(ProviderKind::X | ProviderKind::Sandbox), elsewhere) => (
            match elsewhere {
                Some(elsewhere) => {
                    words!("refresh_reply_lost.alike_known", elsewhere = elsewhere)
                }
                None => words!("refresh_reply_lost.alike"),
            },
            words!("refresh_reply_lost.newer", server = server),
        ),
        (Some(ProviderKind::Custom) | None, _) => (
            words!("refresh_reply_lost.alike_elsewhere"),
            words!("refresh_reply_lost.newer_elsewhere", server = server),
        ),
    };
    Words::sentences([words!("refresh_reply_lost.why"), alike, newer])
}

/// A refresh that gave less than there was.
pub(crate) fn scopes_lost(lost: &str, about: &About) -> Problem {
    problem!(
        Code::ScopesLost,
        "scopes_lost",
        server = about.server(),
        lost = lost;
        hint = about.log_in_again()
    )
}
