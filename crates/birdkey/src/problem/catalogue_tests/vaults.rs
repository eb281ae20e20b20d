//! What can be met at a vault.

use std::io;
use std::time::Duration;

use super::{About, Failure, Problem, file_error, path, said};
use crate::effects::vault::{BusTrouble, VaultError, VaultKind};

/// A session bus that can't be reached, for each cause.
fn buses() -> impl Iterator<Item = VaultError> {
    let causes = [
        (true, BusTrouble::Silent, true),
        (true, BusTrouble::Silent, false),
        (true, BusTrouble::OfAnotherUser { owner: 1_000, user: 0 }, false),
        (false, BusTrouble::Failed("Permission denied (os error 13)".into()), false),
    ];
    causes.into_iter().map(|(by_variable, trouble, usual)| VaultError::BusUnreachable {
        address: "unix:path=/tmp/dbus-old".into(),
        by_variable,
        trouble,
        usual,
    })
}

pub(super) fn vaults(about: &About) -> Vec<Problem> {
    let failed = io::Error::other("the service said no");
    let mut all = said(about, buses().map(Failure::from));
    all.extend(said(
        about,
        [
            VaultError::Locked,
            VaultError::Missing,
            VaultError::NoDefaultCollection,
            VaultError::TimedOut,
            VaultError::NoBus { expected: "/run/user/1000/bus".into() },
            VaultError::PromptDismissed,
            VaultError::PromptUnanswered { waited: Duration::from_mins(2) },
            VaultError::PromptImpossible,
            VaultError::TooLarge { size: 4_000, limit: 2_560 },
            VaultError::NotText,
            VaultError::FilesLocked,
            VaultError::FilesNotSetUp,
            VaultError::IdentityMissing,
            VaultError::PassphraseWrong,
            VaultError::PassphraseShort { least: 12 },
            VaultError::IdentityUnusable { path: path(), reason: "it is empty".into() },
            VaultError::IdentityOther,
            VaultError::Damaged { path: path() },
            VaultError::File(file_error()),
            VaultError::Changed { pinned: VaultKind::Keychain, configured: VaultKind::File },
            VaultError::Unchosen { reason: "the file is broken".into() },
            VaultError::Failed(Box::new(failed)),
        ]
        .map(Failure::from),
    ));
    all
}
