//! Words for logins that another program holds.

use birdkey_foreign::Foreign;
use birdkey_messages::{Words, words};

use super::{About, Code, Problem, storage};
use crate::store::xurl::XurlError;

pub(super) fn xurl(error: &XurlError) -> Problem {
    match error {
        XurlError::File(error) => storage::file(error),
        XurlError::Unreadable { path, line } => Problem::of(
            Code::XurlUnreadable,
            words!("xurl_unreadable.what"),
            match line {
                Some(line) => words!("xurl_unreadable.line", path = path.display(), line = *line),
                None => words!("xurl_unreadable.other", path = path.display()),
            },
            words!("xurl_unreadable.hint"),
        ),
        XurlError::NoToken { path, user } => Problem::of(
            Code::XurlUnreadable,
            words!("xurl_unreadable.what"),
            words!("xurl_unreadable.token", user = user, path = path.display()),
            words!("xurl_unreadable.hint"),
        ),
        XurlError::Missing { path } => {
            problem!(Code::XurlMissing, "xurl_missing", path = path.display())
        }
        XurlError::Empty { path } => problem!(Code::XurlEmpty, "xurl_empty", path = path.display()),
        XurlError::OtherServer { app } => {
            problem!(Code::XurlOtherServer, "xurl_other_server", app = app)
        }
        XurlError::NoClientId { path } => {
            problem!(Code::XurlClientIdMissing, "xurl_client_id_missing", path = path.display())
        }
    }
}

/// Before a second login of the same app, which ends the first where a server keeps one grant.
pub(crate) fn login_elsewhere(path: &Foreign, users: &[Foreign], about: &About) -> Option<Problem> {
    let rule = about.one_grant()?;
    let who = Foreign::list(users, ", ");
    let ends = if users.len() == 1 {
        words!("grant_elsewhere.one_user", who = who, path = path)
    } else {
        words!("grant_elsewhere.several_users", who = who, path = path)
    };
    Some(Problem::of(
        Code::GrantElsewhere,
        words!("grant_elsewhere.what"),
        Words::sentences([rule, ends]),
        words!("grant_elsewhere.hint"),
    ))
}

/// Two entries for one registration.
pub(crate) fn twin(other: &Foreign, about: &About) -> Problem {
    let same = words!("twin.same", other = other);
    let why = match about.one_grant() {
        Some(rule) => Words::sentences([same, rule, words!("twin.ends")]),
        None => Words::sentences([same, words!("twin.apart")]),
    };
    Problem::of(Code::GrantElsewhere, words!("twin.what"), why, words!("twin.hint"))
}
