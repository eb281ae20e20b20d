//! Words for what a refresh can meet.

use birdkey_messages::{Words, words};

use super::{About, Code, Problem};
use crate::failure::RefreshError;
use crate::store::accounts::Ended;

pub(super) fn refresh(error: &RefreshError, about: &About) -> Problem {
    match error {
        RefreshError::Busy { pid, waited_seconds } => {
            let (why, fix) = match pid {
                Some(pid) => (
                    words!("refresh_busy.why_process", pid = *pid, seconds = *waited_seconds),
                    words!("refresh_busy.fix_process", pid = *pid),
                ),
                None => (
                    words!("refresh_busy.why", seconds = *waited_seconds),
                    words!("refresh_busy.fix"),
                ),
            };
            Problem::of(Code::RefreshBusy, words!("refresh_busy.what"), why, fix)
        }
        RefreshError::Dead(ended) => ended_words(*ended, about),
        RefreshError::NotStored { reason, kept: true } => {
            problem!(Code::RefreshWaits, "refresh_waits", server = about.server(), reason = reason)
        }
        RefreshError::NotStored { reason, kept: false } => Problem::of(
            Code::RefreshNotStored,
            words!("refresh_not_stored.what"),
            words!("refresh_not_stored.why", server = about.server(), reason = reason),
            Words::sentences([words!("refresh_not_stored.fix"), about.log_in_again()]),
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
        Ended::Refused => {
            let elsewhere = match &about.elsewhere {
                Some(elsewhere) => elsewhere.into(),
                None => words!("refresh_refused.somewhere"),
            };
            problem!(
                Code::RefreshRefused,
                "refresh_refused",
                server = about.server(),
                elsewhere = elsewhere;
                fix = about.log_in_again()
            )
        }
        Ended::ReplyLost => Problem::of(
            Code::RefreshReplyLost,
            words!("refresh_reply_lost.what", server = about.server_inside()),
            match &about.elsewhere {
                Some(elsewhere) => {
                    words!("refresh_reply_lost.why_elsewhere", elsewhere = elsewhere)
                }
                None => words!("refresh_reply_lost.why"),
            },
            about.log_in_again(),
        ),
    }
}

/// A refresh that gave less than there was.
pub(crate) fn scopes_lost(lost: &str, about: &About) -> Problem {
    problem!(
        Code::ScopesLost,
        "scopes_lost",
        server = about.server(),
        lost = lost;
        fix = about.log_in_again()
    )
}
