//! Words for failures of files and vault.

use birdkey_messages::{Words, words};

use super::{About, Code, Problem, registration};
use crate::effects::files::{FileAction, FileError};
use crate::failure::StoredError;
use crate::protocol::provider::ProviderKind;
use crate::store::accounts::AccountsError;
use crate::store::config::ConfigError;

pub(super) fn config(error: &ConfigError) -> Problem {
    match error {
        ConfigError::File(error) => file(error),
        ConfigError::Broken { path, line, column, reason } => problem!(
            Code::ConfigBroken,
            "config_broken",
            path = path.display(),
            line = *line,
            column = *column,
            reason = reason
        ),
        ConfigError::Newer { path, .. } => {
            problem!(Code::FormatNewer, "format_newer", path = path.display())
        }
    }
}

pub(super) fn accounts(error: &AccountsError) -> Problem {
    match error {
        AccountsError::File(error) => file(error),
        AccountsError::Broken { path, line, column } => problem!(
            Code::AccountsBroken,
            "accounts_broken",
            path = path.display(),
            line = *line,
            column = *column
        ),
        AccountsError::Newer { path, .. } => {
            problem!(Code::FormatNewer, "format_newer", path = path.display())
        }
    }
}

pub(super) fn file(error: &FileError) -> Problem {
    problem!(
        Code::FileUnusable,
        "file_unusable",
        done = done(error.action),
        path = error.path.display(),
        error = error.source.to_string()
    )
}

/// What could not be done with a file.
pub(super) fn done(action: FileAction) -> Words {
    match action {
        FileAction::Read => words!("file.read"),
        FileAction::Write => words!("file.written"),
        FileAction::Lock => words!("file.locked"),
    }
}

pub(super) fn no_home() -> Problem {
    problem!(Code::NoHome, "no_home")
}

pub(super) fn stored(error: &StoredError, about: &About) -> Problem {
    match error {
        StoredError::GrantMissing => {
            problem!(Code::GrantMissing, "grant_missing"; fix = about.log_in_again())
        }
        StoredError::ScopeMissing { account_id, missing, together } => problem!(
            Code::ScopeMissing,
            "scope_missing",
            missing = listed(missing),
            account = account_id,
            scopes = together.join(" --scope ")
        ),
        StoredError::GrantUnreadable => {
            problem!(Code::GrantUnreadable, "grant_unreadable"; fix = about.log_in_again())
        }
        StoredError::GrantNewer => problem!(Code::FormatNewer, "format_newer.grant"),
        StoredError::Expired => {
            let why = match about.provider {
                Some(ProviderKind::X | ProviderKind::Sandbox) => words!("token_expired.why"),
                Some(ProviderKind::Custom) | None => words!("token_expired.why_elsewhere"),
            };
            Problem::of(Code::TokenExpired, words!("token_expired.what"), why, about.log_in_again())
        }
        StoredError::ClientSecretMissing => problem!(
            Code::ClientSecretMissing,
            "client_secret_missing",
            app = &about.app_name;
            fix = registration::copy_and_store_secret(about)
        ),
        StoredError::EndpointsChanged { what, bound, now } => {
            problem!(
                Code::EndpointsChanged,
                "endpoints_changed",
                what = what,
                bound = bound,
                now = now
            )
        }
    }
}

/// Each name, the next behind an *and*.
fn listed(names: &[String]) -> Words {
    let Some((first, others)) = names.split_first() else { return "".into() };
    others.iter().fold(first.into(), |before, name| {
        words!("scope_missing.and", before = before, name = name)
    })
}
