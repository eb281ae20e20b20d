//! Keeps an unlocked identity in the memory of the system, so that a passphrase opens the vault for
//! every program of this user, for a while, and never touches a disk.
//!
//! On Linux that is the user's keyring of the kernel; other systems have a keychain.

use std::time::Duration;

use crate::protocol::secret::Secret;

#[cfg(target_os = "linux")]
mod kernel {
    use std::time::Duration;

    use linux_keyutils::{
        Key, KeyError, KeyPermissionsBuilder, KeyRing, KeyRingIdentifier, Permission,
    };

    use crate::protocol::secret::Secret;

    fn name(recipient: &str) -> String {
        format!("birdkey-vault:{recipient}")
    }

    fn keyring() -> Result<KeyRing, KeyError> {
        KeyRing::from_special_id(KeyRingIdentifier::User, true)
    }

    pub(super) fn remember(
        recipient: &str,
        identity: &Secret,
        keep: Duration,
    ) -> Result<(), KeyError> {
        let keyring = keyring()?;
        let key = keyring.add_key(&name(recipient), identity.expose().as_bytes())?;
        let limited = limit(key, keep);
        if limited.is_err() {
            // Without its limits it would stay open, for ever.
            keyring.unlink_key(key)?;
        }
        limited
    }

    fn limit(key: Key, keep: Duration) -> Result<(), KeyError> {
        let readable = Permission::VIEW | Permission::READ | Permission::SEARCH;
        // Services and cron jobs have sessions of their own, which do not possess the user's keyring.
        let permissions = KeyPermissionsBuilder::builder().posessor(Permission::ALL).user(readable);
        key.set_perms(permissions.build())?;
        key.set_timeout(usize::try_from(keep.as_secs()).unwrap_or(usize::MAX))
    }

    pub(super) fn recall(recipient: &str) -> Result<Vec<u8>, KeyError> {
        keyring()?.search(&name(recipient))?.read_to_vec()
    }

    pub(super) fn forget(recipient: &str) -> Result<(), KeyError> {
        keyring()?.search(&name(recipient))?.invalidate()
    }
}

/// Keeps it for a while; false when this system can't.
#[cfg(target_os = "linux")]
pub(super) fn remember(recipient: &str, identity: &Secret, keep: Duration) -> bool {
    if keep.is_zero() {
        return false;
    }
    let kept = kernel::remember(recipient, identity, keep);
    if let Err(error) = &kept {
        tracing::debug!(?error, "the kernel keeps no key for this user");
    }
    kept.is_ok()
}

/// What was kept, if it still is.
#[cfg(target_os = "linux")]
pub(super) fn recall(recipient: &str) -> Option<Secret> {
    Secret::from_utf8(kernel::recall(recipient).ok()?)
}

/// Keeps it no longer.
#[cfg(target_os = "linux")]
pub(super) fn forget(recipient: &str) {
    // Nothing kept is as good as forgotten.
    kernel::forget(recipient).ok();
}

#[cfg(not(target_os = "linux"))]
pub(super) fn remember(_recipient: &str, _identity: &Secret, _keep: Duration) -> bool {
    false
}

#[cfg(not(target_os = "linux"))]
pub(super) fn recall(_recipient: &str) -> Option<Secret> {
    None
}

#[cfg(not(target_os = "linux"))]
pub(super) fn forget(_recipient: &str) {}
