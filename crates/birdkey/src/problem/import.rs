//! Words for logins that another program holds.

use super::{Code, Problem, storage};
use crate::import::xurl::XurlError;

pub(super) fn xurl(error: &XurlError) -> Problem {
    match error {
        XurlError::File(error) => storage::file(error),
        XurlError::Unreadable { path, line } => Problem::of(
            Code::XurlUnreadable,
            "The file of xurl can't be read.",
            match line {
                Some(line) => format!("{} has an error in line {line}.", path.display()),
                None => format!("{} is not what xurl writes.", path.display()),
            },
            "See whether xurl itself can still use it. Birdkey left it as it is.",
        ),
        XurlError::Missing { path } => Problem::of(
            Code::XurlMissing,
            "There is nothing of xurl here.",
            format!("{} does not exist.", path.display()),
            "If xurl runs as another user, import as that user. Else log in with: birdkey login",
        ),
        XurlError::Empty { path } => Problem::of(
            Code::XurlEmpty,
            "xurl has no login to take over.",
            format!("{} holds no tokens of OAuth 2.0.", path.display()),
            "Log in with: birdkey login",
        ),
        XurlError::OtherServer { app } => Problem::of(
            Code::XurlOtherServer,
            "The logins of xurl were not taken over.",
            format!(
                "They are X's, and the app “{app}”, which has their client id here, is at another server. Nothing was sent."
            ),
            "Give that app its own client id in the configuration or remove it, then import again.",
        ),
        XurlError::NoClientId { path } => Problem::of(
            Code::XurlClientIdMissing,
            "It is not clear which app the logins of xurl belong to.",
            format!("{} has the older layout, which does not name it.", path.display()),
            "Give the OAuth 2.0 client id that xurl used: birdkey import xurl --client-id ID",
        ),
    }
}

/// Before a second login of the same app.
pub(crate) fn login_elsewhere(path: &str, users: &[String]) -> Problem {
    let (who, one) = (users.join(", "), users.len() == 1);
    Problem::of(
        Code::GrantElsewhere,
        "xurl is logged in through the same app.",
        format!(
            "X keeps one live grant per app and user. Logging in here as {who} ends {} in {path}; and whichever of the two refreshes leaves the other with dead tokens.",
            if one { "the login" } else { "that user's login" }
        ),
        "Take the login over instead: select Import, or run: birdkey import xurl",
    )
}

/// Two entries for one registration.
pub(crate) fn twin(other: &str) -> Problem {
    Problem::of(
        Code::GrantElsewhere,
        "Two apps here have the same client id.",
        format!(
            "“{other}” is the same registration. X keeps one live grant per app and user, so a login through one ends the same user's login through the other."
        ),
        "Remove one of the two.",
    )
}
