//! Windows: the Credential Manager through `keyring`'s native store.
//!
//! It is open whenever the user is logged on; there is nothing for us to unlock.

use std::collections::HashMap;
use std::sync::Arc;

use birdkey_messages::{Words, words};
use keyring_core::CredentialStore;

use super::VaultError;
use super::keychain::{Asking, Cancelled, Keychain};

/// `CRED_MAX_CREDENTIAL_BLOB_SIZE` of `wincred.h`.
const MAX_ITEM_BYTES: usize = 5 * 512;

/// The Credential Manager of the user.
#[derive(Debug)]
pub(super) struct CredentialManager;

impl Keychain for CredentialManager {
    fn name(&self) -> Words {
        words!("vault.windows")
    }

    fn max_item_bytes(&self) -> Option<usize> {
        Some(MAX_ITEM_BYTES)
    }

    fn modifiers<'a>(&self, _label: &'a str) -> HashMap<&'static str, &'a str> {
        // The default, `Enterprise`, copies the item to every machine the user roams to.
        HashMap::from([("persistence", "Local")])
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
