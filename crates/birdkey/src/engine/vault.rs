//! The vault as the user chooses it: which one, what opens it, and moving to the other.

use std::path::PathBuf;
use std::time::Duration;

use super::Engine;
use crate::effects::vault::{Vault as _, VaultError, VaultKind};
use crate::failure::Failure;
use crate::problem::Problem;
use crate::protocol::secret::Secret;
use crate::store::config;
use crate::use_cases::locks;
use crate::use_cases::move_vault;

/// What opens the encrypted files.
#[derive(Debug)]
pub enum VaultKey {
    /// A passphrase, new or known.
    Passphrase {
        /// The passphrase.
        passphrase: Secret,
        /// How long it opens them for the user's other programs.
        keep_open: Duration,
    },
    /// A file with an identity, which the configuration names from then on.
    IdentityFile(PathBuf),
    /// Whatever opened them before: the configuration, the environment, an earlier unlocking.
    AsBefore,
}

/// What a move did.
#[derive(Debug)]
pub struct MovedVault {
    /// How many grants and client secrets were moved.
    pub items: usize,
    /// Why copies are left in the vault that was used before, when they are.
    pub left_behind: Option<Problem>,
}

impl Engine {
    /// Which vault is used.
    ///
    /// # Errors
    ///
    /// A [`Problem`] when the configuration names another one than the one that holds the grants.
    pub fn vault_kind(&self) -> Result<VaultKind, Problem> {
        self.context.vaults.kind().map_err(|error| self.problem(&error.into(), None))
    }

    /// Whether items can be read and written now; asks for no password.
    ///
    /// # Errors
    ///
    /// A [`Problem`] that says why not.
    pub async fn vault_ready(&self) -> Result<(), Problem> {
        let ready = self.context.effects.vault.ready().await;
        ready.map_err(|error| self.problem(&error.into(), None))
    }

    /// Whether the encrypted files have a passphrase or an identity already.
    ///
    /// # Errors
    ///
    /// A [`Problem`] when their folder can't be read.
    pub fn file_vault_is_set_up(&self) -> Result<bool, Problem> {
        let set_up = self.context.vaults.file().and_then(|file| file.is_set_up());
        set_up.map_err(|error| self.problem(&error.into(), None))
    }

    /// Moves every grant and client secret into the keychain or into encrypted files, and stays there.
    ///
    /// Cut off anywhere it loses nothing; the same call goes on where it stopped.
    ///
    /// # Errors
    ///
    /// A [`Problem`]; everything is then where it was.
    pub async fn use_vault(&self, kind: VaultKind, key: VaultKey) -> Result<MovedVault, Problem> {
        let moved = self.move_vault(kind, key).await;
        self.forget_notes();
        self.touch();
        let moved = moved.map_err(|failure| self.problem(&failure, None))?;
        let left_behind = moved.left_behind.map(|error| self.problem(&error.into(), None));
        Ok(MovedVault { items: moved.items, left_behind })
    }

    async fn move_vault(
        &self,
        kind: VaultKind,
        key: VaultKey,
    ) -> Result<move_vault::Moved, Failure> {
        config::may_be_changed(&self.context.folders.config)?;
        // Two set-ups at once would leave the identity of one beside the files of the other.
        let moving = locks::hold(&self.context, locks::VAULT).await?;
        self.prepare_files(kind, key).await?;
        move_vault::move_to(&self.context, kind, moving).await
    }

    async fn prepare_files(&self, kind: VaultKind, key: VaultKey) -> Result<(), Failure> {
        let file = self.context.vaults.file()?;
        match key {
            VaultKey::Passphrase { passphrase, keep_open } if kind == VaultKind::File => {
                file.set_up(&passphrase, keep_open)?;
            }
            VaultKey::Passphrase { passphrase, keep_open } => {
                file.unlock_with(&passphrase, keep_open)?;
            }
            VaultKey::IdentityFile(path) => {
                file.opened_by(Some(path.clone())).ready().await?;
                config::set_identity_file(&self.context.folders.config, &path)?;
            }
            VaultKey::AsBefore => {}
        }
        Ok(())
    }

    /// Opens the encrypted files for the user's programs; false when only for this one, because the
    /// system keeps no keys in its memory.
    ///
    /// # Errors
    ///
    /// A [`Problem`]: the passphrase is wrong, or there is none.
    pub async fn unlock_files(
        &self,
        passphrase: &Secret,
        keep_open: Duration,
    ) -> Result<bool, Problem> {
        let file = self.context.vaults.file();
        let unlocked = file.and_then(|file| file.unlock_with(passphrase, keep_open));
        self.look_again().await;
        unlocked.map_err(|error| self.problem(&error.into(), None))
    }

    /// Asks for the passphrase again from now on.
    ///
    /// # Errors
    ///
    /// A [`Problem`]: the keychain is used, which has a lock of its own.
    pub fn lock_files(&self) -> Result<(), Problem> {
        let locked = self.context.vaults.file().and_then(|file| file.lock());
        self.touch();
        locked.map_err(|error| self.problem(&error.into(), None))
    }

    /// The identity of the encrypted files, for a service that opens them unattended.
    ///
    /// # Errors
    ///
    /// A [`Problem`]: they are locked or not there.
    pub fn files_identity(&self) -> Result<Secret, Problem> {
        let identity = self.context.vaults.file().and_then(|file| file.identity());
        identity.map_err(|error: VaultError| self.problem(&error.into(), None))
    }
}
