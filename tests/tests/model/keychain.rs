//! The keychain of a machine, at which a process may die before and after each change.

use std::sync::Arc;

use birdkey::effects::BoxFuture;
use birdkey::effects::vault::{ItemName, MemoryVault, Vault, VaultError};
use birdkey::protocol::secret::Secret;

use crate::fuse::Fuse;

pub struct Keychain {
    pub vault: Arc<MemoryVault>,
    pub fuse: Arc<Fuse>,
}

impl Vault for Keychain {
    fn read(&self, name: &ItemName) -> BoxFuture<'_, Result<Option<Secret>, VaultError>> {
        let name = name.clone();
        Box::pin(async move {
            self.fuse.point().await;
            self.vault.read(&name).await
        })
    }

    fn write(
        &self,
        name: &ItemName,
        label: &str,
        value: &Secret,
    ) -> BoxFuture<'_, Result<(), VaultError>> {
        let (name, label, value) = (name.clone(), label.to_owned(), value.clone());
        Box::pin(async move {
            self.fuse.point().await;
            let written = self.vault.write(&name, &label, &value).await;
            self.fuse.point().await;
            written
        })
    }

    fn remove(&self, name: &ItemName) -> BoxFuture<'_, Result<(), VaultError>> {
        let name = name.clone();
        Box::pin(async move {
            self.fuse.point().await;
            let removed = self.vault.remove(&name).await;
            self.fuse.point().await;
            removed
        })
    }

    fn list(&self) -> BoxFuture<'_, Result<Vec<ItemName>, VaultError>> {
        self.vault.list()
    }

    fn ready(&self) -> BoxFuture<'_, Result<(), VaultError>> {
        Box::pin(async move {
            self.fuse.point().await;
            self.vault.ready().await
        })
    }

    fn unlock(&self) -> BoxFuture<'_, Result<(), VaultError>> {
        Box::pin(async move {
            self.fuse.point().await;
            self.vault.unlock().await
        })
    }

    fn description(&self) -> String {
        self.vault.description()
    }
}
