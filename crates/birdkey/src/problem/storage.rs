//! Words for failures of files and vault.

use super::{About, Code, Problem};
use crate::effects::files::FileError;
use crate::failure::StoredError;
use crate::store::accounts::AccountsError;
use crate::store::config::ConfigError;

pub(super) fn config(error: &ConfigError) -> Problem {
    match error {
        ConfigError::File(error) => file(error),
        ConfigError::Broken { path, line, column, reason } => Problem::of(
            Code::ConfigBroken,
            "The configuration can't be read.",
            format!("{} has an error in line {line}, column {column}: {reason}.", path.display()),
            "Correct that line in a text editor. Birdkey does not change the file until then, and your logins are kept.",
        ),
        ConfigError::Newer { path, .. } => newer(&path.display().to_string()),
    }
}

pub(super) fn accounts(error: &AccountsError) -> Problem {
    match error {
        AccountsError::File(error) => file(error),
        AccountsError::Broken { path, line, column } => Problem::of(
            Code::AccountsBroken,
            "The account list can't be read.",
            format!("{} is damaged in line {line}, column {column}.", path.display()),
            "Restore the file from a backup, or move it away and log in again. The grants themselves are in the keychain and are not touched.",
        ),
        AccountsError::Newer { path, .. } => newer(&path.display().to_string()),
    }
}

pub(super) fn file(error: &FileError) -> Problem {
    Problem::of(
        Code::FileUnusable,
        format!("A file of Birdkey could not be {}.", error.action.words()),
        format!("{}: {}.", error.path.display(), error.source),
        "Check that the folder exists, is yours and has free space, then try again. Nothing that was stored is lost.",
    )
}

pub(super) fn no_home() -> Problem {
    Problem::of(
        Code::NoHome,
        "Birdkey does not know where to keep its files.",
        "This user has no home folder, and BIRDKEY_CONFIG_DIR and BIRDKEY_DATA_DIR are not both set.",
        "Set both variables to folders of yours, or set HOME.",
    )
}

fn newer(path: &str) -> Problem {
    Problem::of(
        Code::FormatNewer,
        "A newer version of Birdkey wrote this file.",
        format!("This version does not know the format of {path}."),
        "Install the newer version again. This one leaves the file as it is.",
    )
}

pub(super) fn stored(error: &StoredError, about: &About) -> Problem {
    match error {
        StoredError::GrantMissing => Problem::of(
            Code::GrantMissing,
            "The grant of this account is not in the keychain.",
            "It was removed there, or the keychain was reset.",
            about.log_in_again(),
        ),
        StoredError::ScopeMissing { account_id, missing, together } => Problem::of(
            Code::ScopeMissing,
            "This login does not allow what the program asks for.",
            format!("It was granted without {}.", missing.join(" and ")),
            format!(
                "Log in again with it: birdkey login --account {account_id} --scope {}",
                together.join(" --scope ")
            ),
        ),
        StoredError::GrantUnreadable => Problem::of(
            Code::GrantUnreadable,
            "The grant of this account can't be read.",
            "Its keychain item was changed by another program.",
            about.log_in_again(),
        ),
        StoredError::GrantNewer => Problem::of(
            Code::FormatNewer,
            "A newer version of Birdkey stored this grant.",
            "This version does not know its format.",
            "Install the newer version again. This one leaves the grant as it is.",
        ),
        StoredError::Expired => Problem::of(
            Code::TokenExpired,
            "The access token has expired.",
            "There is no refresh token, because the scope offline.access was not granted.",
            about.log_in_again(),
        ),
        StoredError::ClientSecretMissing => Problem::of(
            Code::ClientSecretMissing,
            format!("The client secret of “{}” is missing.", about.app_name),
            "The app is configured as confidential, and its secret is not in the keychain.",
            format!(
                "Copy it in the developer console and select Take it from the clipboard, or run: birdkey app add --id {} --client-secret-file -",
                about.app_id
            ),
        ),
        StoredError::EndpointsChanged { what, bound, now } => Problem::of(
            Code::EndpointsChanged,
            "The app's settings are not those this grant was made for.",
            format!("The {what} was {bound} and is now {now}. Nothing was sent."),
            "Undo the change in the configuration, or log out of this account and log in again.",
        ),
    }
}
