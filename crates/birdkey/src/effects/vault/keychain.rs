//! What a system's keychain has to offer to the vault, and how its failures read.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use birdkey_messages::Words;
use keyring_core::{CredentialStore, Error};
use tokio::sync::oneshot;
use zeroize::Zeroize as _;

use super::VaultError;

/// Resolves (always with an error) when nobody waits for the unlocking any more.
pub(super) type Cancelled = oneshot::Receiver<Infallible>;

/// Called once the user is asked for a password, with how long the answer is waited for.
pub(super) type Asking<'a> = &'a (dyn Fn(Duration) + Sync);

/// The keychain of one system. All calls block and are made on threads of the vault.
pub(super) trait Keychain: Send + Sync {
    /// What the user knows this keychain by.
    fn name(&self) -> Words;

    /// The largest item it takes, in bytes.
    fn max_item_bytes(&self) -> Option<usize>;

    /// What `keyring-core` calls the modifiers of a new item that is to show `label`.
    fn modifiers<'a>(&self, label: &'a str) -> HashMap<&'static str, &'a str>;

    /// Makes a store; called once per vault thread.
    fn open(&self) -> Result<Arc<CredentialStore>, VaultError>;

    /// Whether items can be written now. Keychains that can't tell beforehand say yes.
    fn ready(&self, _store: &CredentialStore) -> Result<(), VaultError> {
        Ok(())
    }

    /// The users of the items of `service`; none where listing could raise a prompt.
    fn list(&self, _store: &CredentialStore, _service: &str) -> Result<Vec<String>, VaultError> {
        Ok(Vec::new())
    }

    /// Asks the user to unlock what holds the items of `service`.
    fn unlock(
        &self,
        service: &str,
        cancelled: Cancelled,
        asking: Asking<'_>,
    ) -> Result<(), VaultError>;
}

/// The keychain of this system.
pub(super) fn system(clock: Arc<dyn crate::effects::clock::Clock>) -> Arc<dyn Keychain> {
    #[cfg(target_os = "linux")]
    return Arc::new(super::linux::SecretService::of_session(clock));
    #[cfg(target_os = "macos")]
    {
        drop(clock);
        Arc::new(super::macos::MacKeychain)
    }
    #[cfg(target_os = "windows")]
    {
        drop(clock);
        Arc::new(super::windows::CredentialManager)
    }
}

/// The cause behind an error of `keyring-core`.
///
/// # Security
///
/// Two of its variants carry the bytes of the item; they end here.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the enum may grow, and all that is not named here means the same to us"
)]
pub(super) fn vault_error(error: Error) -> VaultError {
    match error {
        Error::PlatformFailure(source) | Error::NoStorageAccess(source) => own_or_failed(source),
        Error::BadEncoding(mut item) => {
            item.zeroize();
            VaultError::NotText
        }
        Error::BadDataFormat(mut item, source) => {
            item.zeroize();
            VaultError::Failed(source)
        }
        Error::NoDefaultStore => VaultError::Missing,
        other => VaultError::Failed(Box::new(other)),
    }
}

/// Our own store hands its [`VaultError`] through `keyring-core` in a box; other stores box their own errors.
fn own_or_failed(source: Box<dyn std::error::Error + Send + Sync>) -> VaultError {
    source.downcast::<VaultError>().map_or_else(VaultError::Failed, |own| *own)
}

#[cfg(test)]
mod tests {
    use keyring_core::Error;

    use super::vault_error;
    use crate::effects::vault::VaultError;

    #[test]
    fn the_bytes_of_an_item_never_reach_an_error_text() {
        let source = || Box::new(std::io::Error::other("bad padding"));
        for error in [
            Error::BadEncoding(b"token-123".to_vec()),
            Error::BadDataFormat(b"token-123".to_vec(), source()),
        ] {
            let shown = format!("{:?}", vault_error(error));

            assert!(!shown.contains("token-123"), "{shown}");
            assert!(!shown.contains("116, 111"), "the bytes as numbers: {shown}");
        }
    }

    #[test]
    fn our_own_errors_come_through_unchanged() {
        let boxed = Error::PlatformFailure(Box::new(VaultError::Locked));

        assert!(matches!(vault_error(boxed), VaultError::Locked));
    }
}
