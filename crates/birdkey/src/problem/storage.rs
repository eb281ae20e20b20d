//! Words for failures of files and vault.

use std::io::ErrorKind;

use birdkey_messages::{Words, words};

use super::{About, Code, Problem, registration};
use crate::effects::files::{self, FileAction, FileError, OthersFile};
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
        ConfigError::OfAnother { folder, owner } => problem!(
            Code::FileUnusable,
            "file_unusable.root",
            folder = folder.display(),
            owner = owner.called()
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
    if error.source.kind() == ErrorKind::FileTooLarge {
        let path = error.path.display();
        return problem!(Code::FileUnusable, "file_unusable.large", path = path);
    }
    if error.action == FileAction::Confirm {
        return problem!(
            Code::FileUnusable,
            "file_unusable.unconfirmed",
            path = error.path.display(),
            error = error.source.to_string()
        );
    }
    if let Some(foreign) = foreign(error) {
        return of_another(Code::FileUnusable, error, &foreign);
    }
    problem!(
        Code::FileUnusable,
        "file_unusable",
        done = done(error.action),
        path = error.path.display(),
        error = error.source.to_string()
    )
}

/// The other user who keeps a file from this one.
pub(super) fn foreign(error: &FileError) -> Option<OthersFile> {
    let refused = error.source.kind() == ErrorKind::PermissionDenied;
    refused.then(|| files::foreign(&error.path)).flatten()
}

/// The file is another user's: root's, after a `sudo`.
pub(super) fn of_another(code: Code, error: &FileError, foreign: &OthersFile) -> Problem {
    problem!(
        code,
        "file_unusable.foreign",
        done = done(error.action),
        path = error.path.display(),
        owner = foreign.owner.called(),
        line = &foreign.line
    )
}

/// What could not be done with a file.
pub(super) fn done(action: FileAction) -> Words {
    match action {
        FileAction::Read => words!("file.read"),
        FileAction::Write => words!("file.written"),
        FileAction::Lock => words!("file.locked"),
        FileAction::Confirm => words!("file.confirmed"),
    }
}

pub(super) fn no_home() -> Problem {
    problem!(Code::NoHome, "no_home")
}

pub(super) fn stored(error: &StoredError, about: &About) -> Problem {
    match error {
        StoredError::GrantMissing => {
            problem!(Code::GrantMissing, "grant_missing"; hint = about.log_in_again())
        }
        StoredError::ScopeMissing { account_id, missing, together } => problem!(
            Code::ScopeMissing,
            "scope_missing",
            missing = listed(missing),
            account = account_id,
            scopes = together.join(" --scope ")
        ),
        StoredError::GrantUnreadable => {
            problem!(Code::GrantUnreadable, "grant_unreadable"; hint = about.log_in_again())
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
            hint = registration::copy_and_store_secret(about)
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
