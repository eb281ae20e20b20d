//! The vault: where grants and client secrets are kept, by default the OS keychain.
//!
//! [`KeyringVault`] is the usual one. It owns one thread, which runs the blocking calls of `keyring-core` against the
//! keychain of this system; [`MemoryVault`] stands in for it in tests. [`FileVault`] is for machines without a
//! keychain, and only on demand; `crate::store::vaults` chooses.

pub mod file;
mod keychain;
mod keyring;
#[cfg(target_os = "linux")]
pub(in crate::effects) mod linux;
#[cfg(target_os = "macos")]
mod macos;
pub mod memory;
mod naming;
mod thread;
#[cfg(target_os = "windows")]
mod windows;

pub use file::FileVault;
pub use keyring::KeyringVault;
pub use memory::MemoryVault;
pub use naming::service_name;

use std::path::PathBuf;
use std::time::Duration;

use birdkey_messages::Words;

use super::BoxFuture;
use super::files::FileError;
use crate::protocol::secret::Secret;

use serde::{Deserialize, Serialize};

/// Names one item: `<app id>/<account id>`, `<app id>/secret` or `<app id>/<entry id>/revoke`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ItemName(String);

impl ItemName {
    /// The grant of an account.
    pub fn grant(app_id: &str, account_id: &str) -> Self {
        Self(format!("{app_id}/{account_id}"))
    }

    /// The client secret of a confidential app.
    pub fn client_secret(app_id: &str) -> Self {
        Self(format!("{app_id}/secret"))
    }

    /// A grant whose revocation waits, by the id of its entry in the queue.
    pub fn revocation(app_id: &str, entry_id: &str) -> Self {
        Self(format!("{app_id}/{entry_id}/revoke"))
    }

    /// An item by the name that a keychain shows.
    pub(in crate::effects) fn known(name: String) -> Self {
        Self(name)
    }

    /// The app and the account, when this names the grant of one.
    pub fn as_grant(&self) -> Option<(&str, &str)> {
        let (app_id, account_id) = self.0.split_once('/')?;
        let is_grant = account_id != "secret" && !account_id.contains('/');
        (is_grant && *self != Self::trial()).then_some((app_id, account_id))
    }

    /// An item that is written and removed to see whether a vault works.
    pub fn trial() -> Self {
        Self("birdkey/trial".to_owned())
    }

    /// The name as the keychain knows it (its *user* attribute).
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The kinds of vaults.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum VaultKind {
    /// The keychain of the system.
    Keychain,
    /// Encrypted files.
    File,
}

impl VaultKind {
    /// As the configuration and the command name it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Keychain => "keychain",
            Self::File => "file",
        }
    }

    /// The one of the two that it is not.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::Keychain => Self::File,
            Self::File => Self::Keychain,
        }
    }
}

impl std::fmt::Display for VaultKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Keychain => "the keychain",
            Self::File => "encrypted files",
        })
    }
}

/// Why the vault did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// The item or its collection is locked; only an act of the user may unlock it.
    #[error("the keychain is locked")]
    Locked,
    /// There is no keychain service to talk to: no program offers one.
    #[error("no keychain service is running")]
    Missing,
    /// The service runs but has no default collection to write to.
    #[error("the keychain has no default collection")]
    NoDefaultCollection,
    /// The service did not answer in time.
    #[error("the keychain did not answer in time")]
    TimedOut,
    /// This session has no bus on which a keychain could be.
    #[error("there is no session bus")]
    NoBus {
        /// Where one would be.
        expected: PathBuf,
    },
    /// The session bus can't be used.
    #[error("the session bus at {address} can't be reached")]
    BusUnreachable {
        /// Its address.
        address: String,
        /// Whether the variable `DBUS_SESSION_BUS_ADDRESS` names it.
        by_variable: bool,
        /// Why not.
        trouble: BusTrouble,
        /// Whether the usual address has a bus that would be used without the variable.
        usual: bool,
    },
    /// The user dismissed the unlock prompt.
    #[error("the unlock prompt was dismissed")]
    PromptDismissed,
    /// The unlock prompt was open for this long without an answer.
    #[error("the unlock prompt was not answered")]
    PromptUnanswered {
        /// How long the answer was waited for.
        waited: Duration,
    },
    /// The unlock prompt could not be shown.
    #[error("the unlock prompt could not be shown")]
    PromptImpossible,
    /// The item is larger than this keychain allows.
    #[error("the item has {size} bytes, this keychain takes {limit}")]
    TooLarge {
        /// Size of the item, in bytes.
        size: usize,
        /// Limit of the keychain, in bytes.
        limit: usize,
    },
    /// The item is not valid text.
    #[error("the item is not readable text")]
    NotText,
    /// The encrypted files are locked: neither passphrase nor identity was given.
    #[error("the encrypted files are locked")]
    FilesLocked,
    /// Encrypted files are configured, and nobody has chosen what opens them.
    #[error("the encrypted files are not set up")]
    FilesNotSetUp,
    /// The encrypted files were made for an identity from outside, and none was given.
    #[error("the identity of the encrypted files is missing")]
    IdentityMissing,
    /// The passphrase does not open the identity of the encrypted files.
    #[error("the passphrase is wrong")]
    PassphraseWrong,
    /// The passphrase for new encrypted files is too short.
    #[error("the passphrase has fewer than {least} characters")]
    PassphraseShort {
        /// The least number of characters.
        least: usize,
    },
    /// The identity that opens the encrypted files can't be read.
    #[error("{} holds no usable identity", path.display())]
    IdentityUnusable {
        /// The file named.
        path: PathBuf,
        /// Why not, in one clause.
        reason: Words,
    },
    /// The identity given is that of other encrypted files.
    #[error("the identity is that of other files")]
    IdentityOther,
    /// An encrypted file was damaged or put in the place of another.
    #[error("{} is damaged", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
    },
    /// A file of the vault could not be read or written.
    #[error(transparent)]
    File(#[from] FileError),
    /// The configuration asks for another vault than the one that holds the grants.
    #[error("grants are kept in {pinned}, the configuration says {configured}")]
    Changed {
        /// Where the grants are.
        pinned: VaultKind,
        /// What the configuration says.
        configured: VaultKind,
    },
    /// The configuration does not say which vault is meant.
    #[error("the choice of the vault can't be read")]
    Unchosen {
        /// Why not, in words.
        reason: Words,
    },
    /// The keychain refused or failed in a way of its own.
    #[error("the keychain failed")]
    Failed(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Why a session bus can't be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BusTrouble {
    /// No program answers at its address.
    Silent,
    /// It serves another user than the one this runs as.
    OfAnotherUser {
        /// The id of the user it serves.
        owner: u32,
        /// The id of the user this runs as.
        user: u32,
    },
    /// Something else, as the system says it.
    Failed(String),
}

/// Where grants and client secrets are kept.
///
/// Every call ends within 3 seconds, except [`Vault::unlock`].
pub trait Vault: Send + Sync {
    /// Reads an item; `None` when there is none. Never raises a prompt.
    fn read(&self, name: &ItemName) -> BoxFuture<'_, Result<Option<Secret>, VaultError>>;

    /// Creates or replaces an item. `label` is what the keychain's own UI shows. Never raises a prompt.
    fn write(
        &self,
        name: &ItemName,
        label: &str,
        value: &Secret,
    ) -> BoxFuture<'_, Result<(), VaultError>>;

    /// Removes an item; an item that is not there is no error. Never raises a prompt.
    fn remove(&self, name: &ItemName) -> BoxFuture<'_, Result<(), VaultError>>;

    /// The names of all items that this vault shows without a prompt; none where it can't list them.
    fn list(&self) -> BoxFuture<'_, Result<Vec<ItemName>, VaultError>>;

    /// Whether items can be read and written now. Never raises a prompt.
    fn ready(&self) -> BoxFuture<'_, Result<(), VaultError>>;

    /// Asks the user to unlock the keychain; waits up to 2 minutes. Dropping the future cancels the prompt.
    fn unlock(&self) -> BoxFuture<'_, Result<(), VaultError>>;

    /// Ends when the user is being asked for a password by [`Vault::unlock`], with how long the answer is waited for;
    /// never where the vault does not ask.
    fn asked(&self) -> BoxFuture<'_, Duration> {
        Box::pin(std::future::pending())
    }

    /// What the user knows this vault by, e.g. "Secret Service (login keyring), service Birdkey".
    fn description(&self) -> String;
}
