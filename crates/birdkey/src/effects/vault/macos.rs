//! macOS: the user's login keychain through `keyring`'s native store.
//!
//! The system itself asks the user, once per executable and item; there is nothing for us to unlock.

use std::collections::HashMap;
use std::sync::Arc;

use birdkey_messages::{Words, words};
use keyring_core::CredentialStore;

use super::VaultError;
use super::keychain::{Asking, Cancelled, Keychain};

/// The login keychain.
#[derive(Debug)]
pub(super) struct MacKeychain;

impl Keychain for MacKeychain {
    fn name(&self) -> Words {
        words!("vault.macos")
    }

    fn max_item_bytes(&self) -> Option<usize> {
        None
    }

    fn modifiers<'a>(&self, _label: &'a str) -> HashMap<&'static str, &'a str> {
        // The native store shows the service name and takes no label.
        HashMap::new()
    }

    fn open(&self) -> Result<Arc<CredentialStore>, VaultError> {
        // Asking for the status makes `keyring` set its native store as the default one.
        if keyring::Entry::store_status().is_err() {
            return Err(VaultError::Missing);
        }
        keyring_core::get_default_store().ok_or(VaultError::Missing)
    }

    fn unlock(
        &self,
        _service: &str,
        _cancelled: Cancelled,
        _asking: Asking<'_>,
    ) -> Result<(), VaultError> {
        Ok(())
    }
}
