//! Words for failures of the vault.

use birdkey_messages::{Words, words};

use super::storage::{self, done};
use super::{Code, Problem};
use crate::effects::files::FileError;
use crate::effects::vault::{BusTrouble, VaultError, VaultKind};

pub(super) fn vault(error: &VaultError) -> Problem {
    match error {
        VaultError::Locked => problem!(Code::VaultLocked, "vault_locked"),
        VaultError::Missing => problem!(Code::VaultMissing, "vault_missing"),
        VaultError::NoBus { expected } => Problem::of(
            Code::VaultMissing,
            words!("vault_missing.what"),
            words!("vault_no_bus.why", path = expected.display()),
            words!("vault_missing.hint"),
        ),
        VaultError::BusUnreachable { address, by_variable, trouble, usual } => {
            bus_unreachable(address, *by_variable, trouble, *usual)
        }
        VaultError::NoDefaultCollection => problem!(Code::VaultNoCollection, "vault_no_collection"),
        VaultError::TimedOut => problem!(Code::VaultTimedOut, "vault_timed_out"),
        VaultError::PromptDismissed => {
            problem!(Code::VaultPromptDismissed, "vault_prompt_dismissed")
        }
        VaultError::PromptUnanswered { waited } => problem!(
            Code::VaultPromptUnanswered,
            "vault_prompt_unanswered",
            count = waited.as_secs().div_ceil(60)
        ),
        VaultError::PromptImpossible => {
            problem!(Code::VaultPromptImpossible, "vault_prompt_impossible")
        }
        VaultError::TooLarge { size, limit } => {
            problem!(Code::VaultItemTooLarge, "vault_item_too_large", size = *size, limit = *limit)
        }
        VaultError::NotText => problem!(Code::VaultItemNotText, "vault_item_not_text"),
        VaultError::FilesLocked => problem!(Code::VaultFilesLocked, "vault_files_locked"),
        VaultError::FilesNotSetUp => problem!(Code::VaultNotSetUp, "vault_not_set_up"),
        VaultError::IdentityMissing => {
            problem!(Code::VaultIdentityMissing, "vault_identity_missing")
        }
        VaultError::PassphraseWrong => {
            problem!(Code::VaultPassphraseWrong, "vault_passphrase_wrong")
        }
        VaultError::PassphraseShort { least } => {
            problem!(Code::VaultPassphraseShort, "vault_passphrase_short", least = *least)
        }
        VaultError::IdentityUnusable { path, reason } => problem!(
            Code::VaultIdentityUnusable,
            "vault_identity_unusable",
            path = path.display(),
            reason = reason
        ),
        VaultError::IdentityOther => problem!(Code::VaultIdentityOther, "vault_identity_other"),
        VaultError::Damaged { path } => {
            problem!(Code::VaultDamaged, "vault_damaged", path = path.display())
        }
        VaultError::File(error) => file(error),
        VaultError::Changed { pinned, configured } => problem!(
            Code::VaultChanged,
            "vault_changed",
            pinned = called(*pinned),
            configured = called(*configured),
            move_to = configured.as_str(),
            stay = pinned.as_str()
        ),
        VaultError::Unchosen { reason } => {
            problem!(Code::VaultUnchosen, "vault_unchosen", reason = reason)
        }
        VaultError::Failed(source) => {
            problem!(Code::VaultFailed, "vault_failed", error = source.to_string())
        }
    }
}

/// The address with what names it, and the cause; what to do depends on both.
fn bus_unreachable(address: &str, by_variable: bool, trouble: &BusTrouble, usual: bool) -> Problem {
    let named = if by_variable {
        words!("vault_bus.by_variable", address = address)
    } else {
        words!("vault_bus.by_folder", address = address)
    };
    let why = match trouble {
        BusTrouble::Silent => words!("vault_bus.silent"),
        BusTrouble::OfAnotherUser { owner, user } => {
            words!("vault_bus.of_another_user", owner = owner.to_string(), user = user.to_string())
        }
        BusTrouble::Failed(error) => words!("vault_bus.failed", error = error),
    };
    let hint = match trouble {
        BusTrouble::OfAnotherUser { .. } => words!("vault_bus.of_another_user.hint"),
        BusTrouble::Silent | BusTrouble::Failed(_) if usual => words!("vault_bus.hint_by_usual"),
        BusTrouble::Silent | BusTrouble::Failed(_) => words!("vault_bus.hint"),
    };
    let what = words!("vault_bus.what");
    Problem::of(Code::VaultMissing, what, Words::sentences([named, why]), hint)
}

fn called(kind: VaultKind) -> Words {
    match kind {
        VaultKind::Keychain => words!("vault.keychain"),
        VaultKind::File => words!("vault.files"),
    }
}

fn file(error: &FileError) -> Problem {
    if let Some(foreign) = storage::foreign(error) {
        return storage::of_another(Code::VaultFileUnusable, error, &foreign);
    }
    problem!(
        Code::VaultFileUnusable,
        "vault_file_unusable",
        done = done(error.action),
        path = error.path.display(),
        error = error.source.to_string()
    )
}
