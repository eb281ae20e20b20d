//! Linux: our own `keyring-core` store over the Secret Service (gnome-keyring, `KWallet`, `KeePassXC`).
//!
//! The stock stores prompt inside a read, may wait for ever and never recover from a restarted keychain. Here:
//! - one connection is held; when its session has died, one new connection is made and the call is tried once more;
//! - a call ends within its limit, and after a time-out the connection is given up;
//! - read, write and remove never unlock anything; [`unlock`] does, over a connection of its own;
//! - D-Bus is never auto-launched: without `DBUS_SESSION_BUS_ADDRESS` the user's runtime folder is tried, no more.
//!
//! Items carry two attributes, `service` and `username`, as `keyring`'s own stores name them. No third one says
//! "application": the service name does already, and *replace* goes by the whole set, so that each further attribute
//! is one more way for two versions of us to leave two items behind.
//!
//! **The session is plain.** The Diffie-Hellman session encrypts what crosses the bus, which on the user's own session
//! bus protects from nobody: whoever could listen there is the same user and may ask the service itself. It costs more
//! than all the rest: a fresh process that reads one item of 900 bytes (release build, gnome-keyring, 140 runs of each
//! kind in random order, wall time from spawn to exit, median and tenth to ninetieth percentile) took 4.7 ms (4.0–5.9)
//! with a plain session and 13.0 ms (11.3–15.8) with Diffie-Hellman, CPU time 2.6 against 7.3 ms; an empty process took
//! 1.7 ms. Over the blocking API of the same crate, which starts a thread per core, plain took 5.6 ms: hence the
//! runtime of our own.

mod bus;
mod fault;
mod items;
mod store;
mod unlock;

#[cfg(test)]
pub(in crate::effects) mod tests;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use birdkey_messages::{Words, words};
use keyring_core::CredentialStore;

use bus::Bus;

use super::VaultError;
use super::keychain::{Asking, Cancelled, Keychain, vault_error};
use super::keyring::CALL_LIMIT;
use crate::effects::clock::Clock;

/// How long the user may take to unlock the keychain.
const UNLOCK_LIMIT: Duration = Duration::from_mins(2);

/// What a new item shows in the keychain's own UI.
const LABEL: &str = "label";

/// The Secret Service on a session bus.
pub(super) struct SecretService {
    bus: Bus,
    clock: Arc<dyn Clock>,
    limit: Duration,
    /// Whether this process has a display, as a sign that a window of the keychain can be seen.
    display: bool,
}

impl SecretService {
    /// The one of this login session.
    pub(super) fn of_session(clock: Arc<dyn Clock>) -> Self {
        Self { bus: Bus::Session, clock, limit: CALL_LIMIT, display: has_display() }
    }

    /// The one of the bus at `address`.
    pub(super) fn on_bus(clock: Arc<dyn Clock>, address: String) -> Self {
        Self { bus: Bus::Address(address), clock, limit: CALL_LIMIT, display: has_display() }
    }
}

impl Keychain for SecretService {
    fn name(&self) -> Words {
        words!("vault.secret_service")
    }

    fn max_item_bytes(&self) -> Option<usize> {
        None
    }

    fn modifiers<'a>(&self, label: &'a str) -> HashMap<&'static str, &'a str> {
        HashMap::from([(LABEL, label)])
    }

    fn open(&self) -> Result<Arc<CredentialStore>, VaultError> {
        let store =
            store::SecretServiceStore::new(self.bus.clone(), Arc::clone(&self.clock), self.limit)?;
        Ok(Arc::new(store))
    }

    fn ready(&self, store: &CredentialStore) -> Result<(), VaultError> {
        match store.as_any().downcast_ref::<store::SecretServiceStore>() {
            Some(store) => store.ready().map_err(vault_error),
            None => Ok(()),
        }
    }

    fn list(&self, store: &CredentialStore, service: &str) -> Result<Vec<String>, VaultError> {
        match store.as_any().downcast_ref::<store::SecretServiceStore>() {
            Some(store) => store.list(service).map_err(vault_error),
            None => Ok(Vec::new()),
        }
    }

    fn unlock(
        &self,
        service: &str,
        cancelled: Cancelled,
        asking: Asking<'_>,
    ) -> Result<(), VaultError> {
        runtime()?.block_on(unlock::unlock(self, service, cancelled, asking))
    }
}

fn has_display() -> bool {
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    set("DISPLAY") || set("WAYLAND_DISPLAY")
}

/// Drives one connection on the thread that asks; nothing runs, and nothing wakes up, between two calls.
fn runtime() -> Result<tokio::runtime::Runtime, VaultError> {
    tokio::runtime::Builder::new_current_thread()
        .enable_io()
        .enable_time()
        .build()
        .map_err(|error| VaultError::Failed(Box::new(error)))
}
