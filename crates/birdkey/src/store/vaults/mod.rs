//! Which vault holds the grants: the keychain unless encrypted files were asked for.
//!
//! The vault that worked once is pinned in `vault.json`. From then on only a move changes it
//! (`birdkey vault use`); a configuration that says otherwise is a Problem, because the grants are
//! not where it says.

pub(crate) mod pin;

use std::sync::Arc;
use std::time::Duration;

use birdkey_messages::words;

use crate::effects::BoxFuture;
use crate::effects::files;
use crate::effects::folders::Folders;
use crate::effects::vault::{FileVault, ItemName, Vault, VaultError, VaultKind};
use crate::protocol::secret::Secret;
use crate::store::config::{self, VaultSection};
use pin::Pin;

/// How long a passphrase keeps the encrypted files open for the user's programs.
pub const KEEP_OPEN: Duration = Duration::from_hours(12);

/// Both vaults, and the choice between them, made anew at each call: another program may move it.
pub(crate) struct Vaults {
    keychain: Arc<dyn Vault>,
    file: FileVault,
    folders: Folders,
}

impl Vaults {
    pub(crate) fn new(keychain: Arc<dyn Vault>, folders: Folders) -> Self {
        let file = FileVault::new(files::vault(&folders.data));
        Self { keychain, file, folders }
    }

    /// The kind that is used now.
    pub(crate) fn kind(&self) -> Result<VaultKind, VaultError> {
        let (pin, section) = (self.pin()?, self.section()?);
        match (pin.map(|pin| pin.kind), section.kind) {
            (Some(pinned), Some(configured)) if pinned != configured => {
                Err(VaultError::Changed { pinned, configured })
            }
            (pinned, configured) => Ok(pinned.or(configured).unwrap_or(VaultKind::Keychain)),
        }
    }

    /// Where copies may be left from a move that was cut off.
    pub(crate) fn leaving(&self) -> Result<Option<VaultKind>, VaultError> {
        Ok(self.pin()?.and_then(|pin| pin.leaving))
    }

    /// One of the two, whether it is used or not.
    pub(crate) fn of_kind(&self, kind: VaultKind) -> Result<Arc<dyn Vault>, VaultError> {
        match kind {
            VaultKind::Keychain => Ok(Arc::clone(&self.keychain)),
            VaultKind::File => Ok(Arc::new(self.file()?)),
        }
    }

    /// The encrypted files, with the identity that the configuration names.
    pub(crate) fn file(&self) -> Result<FileVault, VaultError> {
        Ok(self.file.opened_by(self.section()?.identity_file))
    }

    fn current(&self) -> Result<Arc<dyn Vault>, VaultError> {
        self.of_kind(self.kind()?)
    }

    fn section(&self) -> Result<VaultSection, VaultError> {
        let read = config::read(&self.folders.config);
        let unchosen =
            |error: config::ConfigError| VaultError::Unchosen { reason: error.to_string().into() };
        Ok(read.map_err(unchosen)?.vault)
    }

    fn pin(&self) -> Result<Option<Pin>, VaultError> {
        pin::read(&self.folders.data)
    }

    /// Reads an item; looks once more when a move took it away in between.
    async fn read_item(&self, name: &ItemName) -> Result<Option<Secret>, VaultError> {
        let kind = self.kind()?;
        let found = self.of_kind(kind)?.read(name).await?;
        if found.is_some() {
            self.pin_as(kind)?;
        }
        if found.is_none() && self.kind()? != kind {
            return self.current()?.read(name).await;
        }
        Ok(found)
    }

    async fn write_item(
        &self,
        name: &ItemName,
        label: &str,
        value: &Secret,
    ) -> Result<(), VaultError> {
        let kind = self.kind()?;
        self.of_kind(kind)?.write(name, label, value).await?;
        self.pin_as(kind)
    }

    /// The vault that worked first stays.
    fn pin_as(&self, kind: VaultKind) -> Result<(), VaultError> {
        match self.pin()? {
            Some(_) => Ok(()),
            None => pin::write(&self.folders.data, Pin { kind, leaving: None }),
        }
    }
}

impl Vault for Vaults {
    fn read(&self, name: &ItemName) -> BoxFuture<'_, Result<Option<Secret>, VaultError>> {
        let name = name.clone();
        Box::pin(async move { self.read_item(&name).await })
    }

    fn write(
        &self,
        name: &ItemName,
        label: &str,
        value: &Secret,
    ) -> BoxFuture<'_, Result<(), VaultError>> {
        let (name, label, value) = (name.clone(), label.to_owned(), value.clone());
        Box::pin(async move { self.write_item(&name, &label, &value).await })
    }

    fn remove(&self, name: &ItemName) -> BoxFuture<'_, Result<(), VaultError>> {
        let name = name.clone();
        Box::pin(async move { self.current()?.remove(&name).await })
    }

    fn list(&self) -> BoxFuture<'_, Result<Vec<ItemName>, VaultError>> {
        Box::pin(async move { self.current()?.list().await })
    }

    fn ready(&self) -> BoxFuture<'_, Result<(), VaultError>> {
        Box::pin(async move { self.current()?.ready().await })
    }

    fn unlock(&self) -> BoxFuture<'_, Result<(), VaultError>> {
        Box::pin(async move { self.current()?.unlock().await })
    }

    /// Only the keychain asks.
    fn asked(&self) -> BoxFuture<'_, Duration> {
        self.keychain.asked()
    }

    fn description(&self) -> String {
        match self.current() {
            Ok(vault) => vault.description(),
            Err(_) => words!("vault.unclear").to_string(),
        }
    }
}
