//! Encrypted files: a vault for machines without a keychain. Opt-in only.
//!
//! One file for each item, encrypted with `age` to one random identity per vault. The identity is
//! wrapped by a passphrase (`identity.age`), or comes from outside: a credential file or a file
//! descriptor. Nothing in the folder opens it alone.
//!
//! # Security
//!
//! Items are encrypted to the identity at hand, not to the public key that lies beside them; that
//! one only tells whether an identity belongs here. Each item names itself inside, so that one file
//! put in the place of another is found.

mod identity;
mod session;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use birdkey_messages::words;
use zeroize::Zeroizing;

use super::{ItemName, Vault, VaultError};
use crate::effects::BoxFuture;
use crate::effects::files::{self, OurFile};
use crate::protocol::secret::Secret;
use identity::Identities;

/// Grants and client secrets in encrypted files below one folder. Clones share the open identity.
#[derive(Clone)]
pub struct FileVault {
    folder: PathBuf,
    identity_file: Option<PathBuf>,
    identities: Arc<Identities>,
}

impl FileVault {
    /// A vault in `folder`, which is made at the first write.
    pub fn new(folder: PathBuf) -> Self {
        let identities = Arc::new(Identities::new(folder.clone()));
        Self { folder, identity_file: None, identities }
    }

    /// The same vault, opened by the identity in a file (or `/dev/fd/N`) if one is named.
    #[must_use]
    pub fn opened_by(&self, identity_file: Option<PathBuf>) -> Self {
        Self { identity_file, ..self.clone() }
    }

    /// Where the files are.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Whether somebody has chosen what opens it.
    ///
    /// # Errors
    ///
    /// [`VaultError::File`] when the folder can't be read.
    pub fn is_set_up(&self) -> Result<bool, VaultError> {
        self.identities.is_set_up()
    }

    /// Makes the vault: a new identity, wrapped by a passphrase. One that is there is opened instead.
    ///
    /// # Errors
    ///
    /// [`VaultError`]: the passphrase is short or wrong, or the files can't be written.
    pub fn set_up(&self, passphrase: &Secret, keep_open: Duration) -> Result<(), VaultError> {
        self.identities.set_up(passphrase, keep_open)
    }

    /// Opens the vault for this process, and for all of this user for a while where the system can
    /// keep a key in its memory; says whether it did.
    ///
    /// # Errors
    ///
    /// [`VaultError::PassphraseWrong`], or why the identity can't be read.
    pub fn unlock_with(
        &self,
        passphrase: &Secret,
        keep_open: Duration,
    ) -> Result<bool, VaultError> {
        self.identities.unlock(passphrase, keep_open)
    }

    /// Makes every program of this user ask for the passphrase again.
    ///
    /// # Errors
    ///
    /// [`VaultError::File`] when the folder can't be read.
    pub fn lock(&self) -> Result<(), VaultError> {
        self.identities.forget()
    }

    /// The identity itself, for a service that is to open the vault unattended.
    ///
    /// # Errors
    ///
    /// [`VaultError`] when it is locked.
    pub fn identity(&self) -> Result<Secret, VaultError> {
        Ok(identity::text(&self.identities.open(self.identity_file.as_deref())?))
    }

    fn read_item(&self, name: &ItemName) -> Result<Option<Secret>, VaultError> {
        let path = self.path(name);
        let identity = self.identities.open(self.identity_file.as_deref())?;
        let Some(sealed) = files::read_bytes(&path)? else { return Ok(None) };
        let damaged = || VaultError::Damaged { path: path.to_path_buf() };
        let opened = Zeroizing::new(age::decrypt(&identity, &sealed).map_err(|_| damaged())?);
        let value = value_of(&opened, name).ok_or_else(damaged)?;
        Secret::from_utf8(value.to_vec()).map(Some).ok_or(VaultError::NotText)
    }

    fn write_item(&self, name: &ItemName, value: &Secret) -> Result<(), VaultError> {
        let identity = self.identities.open(self.identity_file.as_deref())?;
        self.identities.mark(&identity)?;
        let plain = framed(name, value);
        let sealed = age::encrypt(&identity.to_public(), &plain)
            .map_err(|error| VaultError::Failed(Box::new(error)))?;
        Ok(files::write_bytes(&self.path(name), &sealed)?)
    }

    /// Ids come from a file that people edit, so whatever could leave the folder is escaped.
    fn path(&self, name: &ItemName) -> OurFile {
        OurFile::vault_item(&self.folder, name.as_str())
    }
}

/// The name, a line's end, the value.
fn framed(name: &ItemName, value: &Secret) -> Zeroizing<Vec<u8>> {
    let parts = [name.as_str().as_bytes(), b"\n", value.expose().as_bytes()];
    // Of the full size at once: growing would leave copies behind.
    let mut plain = Zeroizing::new(Vec::with_capacity(parts.iter().map(|part| part.len()).sum()));
    for part in parts {
        plain.extend_from_slice(part);
    }
    plain
}

fn value_of<'a>(plain: &'a [u8], name: &ItemName) -> Option<&'a [u8]> {
    plain.strip_prefix(name.as_str().as_bytes())?.strip_prefix(b"\n")
}

impl Vault for FileVault {
    fn read(&self, name: &ItemName) -> BoxFuture<'_, Result<Option<Secret>, VaultError>> {
        let name = name.clone();
        Box::pin(async move { self.read_item(&name) })
    }

    fn write(
        &self,
        name: &ItemName,
        _label: &str,
        value: &Secret,
    ) -> BoxFuture<'_, Result<(), VaultError>> {
        let (name, value) = (name.clone(), value.clone());
        Box::pin(async move { self.write_item(&name, &value) })
    }

    fn remove(&self, name: &ItemName) -> BoxFuture<'_, Result<(), VaultError>> {
        let path = self.path(name);
        Box::pin(async move { Ok(files::remove(&path)?) })
    }

    /// Lies in the data folder, so that no other folder's grants are ever in it.
    fn list(&self) -> BoxFuture<'_, Result<Vec<ItemName>, VaultError>> {
        Box::pin(async { Ok(Vec::new()) })
    }

    fn ready(&self) -> BoxFuture<'_, Result<(), VaultError>> {
        Box::pin(async move {
            self.identities.open(self.identity_file.as_deref())?;
            // A full disk or a folder that became read-only must show before a token is spent.
            Ok(files::try_writing(&self.folder)?)
        })
    }

    fn unlock(&self) -> BoxFuture<'_, Result<(), VaultError>> {
        // There is nobody to ask; whoever has the passphrase calls `unlock_with`.
        Box::pin(async move { self.identities.open(self.identity_file.as_deref()).map(drop) })
    }

    fn description(&self) -> String {
        words!("vault.files_in", path = self.folder.display()).to_string()
    }
}

// They look at the modes of files.
#[cfg(test)]
#[cfg(unix)]
mod tests;
