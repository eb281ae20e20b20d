//! Words for failures of the vault.

use super::{Code, Problem};
use crate::effects::vault::VaultError;

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
            "Start a desktop session, or install and start gnome-keyring, KWallet or KeePassXC, then try again. On a machine without a desktop keep grants in encrypted files instead: birdkey vault use file",
        ),
        VaultError::NoDefaultCollection => Problem::of(
            Code::VaultNoCollection,
            "The keychain has no default keyring.",
            "The keychain service runs, but nobody has created a keyring to store items in.",
            "Create a default keyring, for example in Passwords and Keys (seahorse), then try again. Or keep grants in encrypted files: birdkey vault use file",
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
            "Keep grants in encrypted files instead, which take any size: birdkey vault use file",
        ),
        VaultError::NotText => Problem::of(
            Code::VaultItemNotText,
            "An item in the keychain can't be read.",
            "It was changed by another program.",
            "Remove the item in your keychain's own app, then log in again.",
        ),
        VaultError::FilesLocked
        | VaultError::FilesNotSetUp
        | VaultError::IdentityMissing
        | VaultError::PassphraseWrong
        | VaultError::PassphraseShort { .. }
        | VaultError::IdentityUnusable { .. }
        | VaultError::IdentityOther => key(error),
        VaultError::Damaged { path } => Problem::of(
            Code::VaultDamaged,
            "An encrypted file of the vault can't be read.",
            format!("{} was changed, or another file was put in its place.", path.display()),
            "Restore the file from a backup, or log in again.",
        ),
        VaultError::File(error) => Problem::of(
            Code::VaultFileUnusable,
            format!("A file of the vault could not be {}.", error.action.words()),
            format!("{}: {}.", error.path.display(), error.source),
            "Check that the folder is yours and has free space, then try again. Nothing that was stored is lost.",
        ),
        VaultError::Changed { pinned, configured } => Problem::of(
            Code::VaultChanged,
            "The configuration names another vault than the one that holds your grants.",
            format!(
                "They are in {pinned}; the configuration says {configured}. Birdkey never changes over by itself."
            ),
            format!(
                "To move them, run: birdkey vault use {}. To stay, write kind = \"{}\" in the section [vault] of the configuration.",
                configured.as_str(),
                pinned.as_str()
            ),
        ),
        VaultError::Unchosen { reason } => Problem::of(
            Code::VaultUnchosen,
            "It is not clear where your grants are kept.",
            format!("{reason}."),
            "Correct that file, then try again. Nothing that was stored is lost.",
        ),
        VaultError::Failed(source) => Problem::of(
            Code::VaultFailed,
            "The keychain refused.",
            format!("It said: {source}."),
            "Try again. If it keeps happening, look at the keychain in its own app.",
        ),
    }
}

/// What opens the encrypted files is missing or wrong.
#[expect(clippy::wildcard_enum_match_arm, reason = "the caller passes these seven only")]
fn key(error: &VaultError) -> Problem {
    match error {
        VaultError::FilesNotSetUp => Problem::of(
            Code::VaultNotSetUp,
            "Nothing opens the encrypted files yet.",
            "The configuration asks for encrypted files, and neither a passphrase nor an identity was chosen for them.",
            "Choose a passphrase with: birdkey vault use file",
        ),
        VaultError::IdentityMissing => Problem::of(
            Code::VaultIdentityMissing,
            "The identity that opens the encrypted files is missing.",
            "They were made for an identity file and have no passphrase, and no identity was given.",
            "Give it: birdkey vault use file --identity-file FILE. A service takes it as a credential; see birdkey vault identity --help",
        ),
        VaultError::PassphraseWrong => Problem::of(
            Code::VaultPassphraseWrong,
            "The passphrase is wrong.",
            "It does not open the encrypted files.",
            "Try again. If it is lost nobody can open them: move the folder that birdkey vault show names away, run birdkey vault use file, and log in again.",
        ),
        VaultError::PassphraseShort { least } => Problem::of(
            Code::VaultPassphraseShort,
            "This passphrase is too short.",
            format!(
                "Whoever copies the files can try passphrases for as long as they like; it takes at least {least} characters."
            ),
            "Choose a longer one, for example four or five random words.",
        ),
        VaultError::IdentityUnusable { path, reason } => Problem::of(
            Code::VaultIdentityUnusable,
            "The identity that opens the encrypted files can't be read.",
            format!("{}: {reason}.", path.display()),
            "Correct identity_file in the section [vault] of the configuration, or the variable BIRDKEY_VAULT_IDENTITY, or the service's credential.",
        ),
        VaultError::IdentityOther => Problem::of(
            Code::VaultIdentityOther,
            "This identity does not open these encrypted files.",
            "It belongs to another vault.",
            "Give the identity that birdkey vault identity printed for this one.",
        ),
        _ => Problem::of(
            Code::VaultFilesLocked,
            "The encrypted files are locked.",
            "They are opened by a passphrase, which Birdkey keeps in no file.",
            "Run: birdkey vault unlock. For unattended use give the identity as a credential; see birdkey vault identity --help",
        ),
    }
}
