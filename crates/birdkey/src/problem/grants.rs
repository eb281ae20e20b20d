//! Words about grants that live on at a server, or are kept elsewhere.

use birdkey_foreign::Foreign;
use birdkey_messages::{Words, words};

use super::{About, Code, Problem};
use crate::protocol::provider::ProviderKind;

/// Where a person ends what Birdkey can't.
pub(crate) fn where_to_end(about: &About) -> Words {
    match about.provider {
        Some(ProviderKind::X) => words!("newer_tokens.end_at_x"),
        Some(ProviderKind::Sandbox) => words!("newer_tokens.end_at_the_sandbox"),
        Some(ProviderKind::Custom) | None => words!("newer_tokens.end_elsewhere"),
    }
}

/// A logout whose account had a refresh that was never answered.
pub(crate) fn newer_tokens_may_live(about: &About) -> Problem {
    problem!(
        Code::NewerTokensMayLive,
        "newer_tokens",
        server = about.server_inside();
        hint = where_to_end(about)
    )
}

/// A login that was cut off after its code was sent.
pub(crate) fn login_cut_off(app: &Foreign, about: &About) -> Problem {
    problem!(
        Code::LoginCutOff,
        "login_cut_off",
        app = app,
        server = about.server_inside();
        hint = Words::sentences([where_to_end(about), words!("login_cut_off.hint")])
    )
}

/// A later login may have ended this one.
pub(crate) fn login_overtaken(account: &Foreign, account_id: &str, about: &About) -> Problem {
    problem!(
        Code::LoginOvertaken,
        "login_overtaken",
        account = account,
        server = about.server(),
        id = account_id
    )
}

/// A login without a name went into the only account of the app.
pub(crate) fn account_renewed(account: &Foreign, about: &About) -> Problem {
    problem!(Code::AccountRenewed, "account_renewed", account = account, app_id = &about.app_id)
}

/// The account that was to be renewed has a user, and the server did not say who logged in.
pub(crate) fn user_unconfirmed(wanted: &Foreign, new_id: &str, about: &About) -> Problem {
    problem!(
        Code::UserUnconfirmed,
        "user_unconfirmed",
        server = about.server(),
        wanted = wanted,
        id = new_id
    )
}

/// A pair that was replaced, at a server without revocation.
pub(crate) fn older_tokens_live(account: &Foreign, about: &About) -> Problem {
    problem!(
        Code::OlderTokensLive,
        "older_tokens",
        account = account,
        server = about.server_inside();
        hint = where_to_end(about)
    )
}

/// An earlier pair of an account is revoked with its next logout.
pub(crate) fn logout_held_back(account: &Foreign, about: &About) -> Problem {
    problem!(
        Code::LogoutHeldBack,
        "logout_held_back",
        account = account,
        server = about.server_inside()
    )
}

/// Nobody is logged in here, but in another folder of this user.
pub(crate) fn account_elsewhere(folder: &str, line: &str) -> Problem {
    problem!(Code::AccountElsewhere, "account_elsewhere", folder = folder, line = line)
}

/// Somebody is logged in here, and in another folder of this user as well.
pub(crate) fn more_elsewhere(folder: &str, line: &str) -> Problem {
    Problem { what: words!("account_elsewhere.more"), ..account_elsewhere(folder, line) }
}

/// A login would end one that is kept in another folder of this user.
pub(crate) fn would_end_elsewhere(folder: &str, line: &str) -> Problem {
    problem!(Code::LoginElsewhere, "login_elsewhere", folder = folder, line = line)
}
