//! Words for failures of files and vault.

use super::{About, Code, Problem};
use crate::effects::files::FileError;
use crate::effects::vault::VaultError;
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

pub(super) fn vault(error: &VaultError) -> Problem {
    match error {
        VaultError::Locked => Problem::of(
            Code::VaultLocked,
            "The keychain is locked.",
            "Birdkey reads and writes grants only in an unlocked keychain, and never asks for its password on its own.",
            "Unlock it (select Unlock, or log in to your desktop session), then try again.",
        ),
        VaultError::Missing => Problem::of(
            Code::VaultMissing,
            "No keychain is running.",
            "There is no session bus, or no program offers the Secret Service on it.",
            "Start a desktop session, or install and start gnome-keyring, KWallet or KeePassXC, then try again.",
        ),
        VaultError::NoDefaultCollection => Problem::of(
            Code::VaultNoCollection,
            "The keychain has no default keyring.",
            "The keychain service runs, but nobody has created a keyring to store items in.",
            "Create a default keyring, for example in Passwords and Keys (seahorse), then try again.",
        ),
        VaultError::TimedOut => Problem::of(
            Code::VaultTimedOut,
            "The keychain did not answer in time.",
            "Birdkey waits 3 seconds for it.",
            "Try again. If it keeps happening, log out of your desktop session and in again.",
        ),
        VaultError::PromptDismissed => Problem::of(
            Code::VaultPromptDismissed,
            "The keychain stays locked.",
            "Its password prompt was closed or timed out.",
            "Try again and enter the password of the keychain.",
        ),
        VaultError::TooLarge { size, limit } => Problem::of(
            Code::VaultItemTooLarge,
            "The grant does not fit into this keychain.",
            format!("It has {size} bytes; one item takes {limit}. Nothing was written."),
            "Ask for fewer scopes, then log in again.",
        ),
        VaultError::NotText => Problem::of(
            Code::VaultItemNotText,
            "An item in the keychain can't be read.",
            "It was changed by another program.",
            "Remove the item in your keychain's own app, then log in again.",
        ),
        VaultError::Failed(source) => Problem::of(
            Code::VaultFailed,
            "The keychain refused.",
            format!("It said: {source}."),
            "Try again. If it keeps happening, look at the keychain in its own app.",
        ),
    }
}

pub(super) fn stored(error: &StoredError, about: &About) -> Problem {
    match error {
        StoredError::GrantMissing => Problem::of(
            Code::GrantMissing,
            "The grant of this account is not in the keychain.",
            "It was removed there, or the keychain was reset.",
            about.log_in_again(),
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
