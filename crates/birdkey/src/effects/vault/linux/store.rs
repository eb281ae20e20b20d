//! The store and its entries, as `keyring-core` wants them.

use std::any::Any;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use keyring_core::api::{CredentialApi, CredentialStoreApi};
use keyring_core::{Credential, Entry, Error, Result};
use secret_service::{EncryptionType, SecretService};
use tokio::runtime::Runtime;

use super::LABEL;
use super::bus::Bus;
use super::fault::Fault;
use super::items::{self, Key};
use crate::effects::clock::{Clock, within};
use crate::effects::vault::VaultError;

/// How long a locked keychain is left alone before it is believed.
const SECOND_LOOK: Duration = Duration::from_millis(50);

/// A held connection with its open session.
type Live = Arc<SecretService<'static>>;

/// The Secret Service as a store of `keyring-core`. Every call blocks, for its limit at most.
pub(super) struct SecretServiceStore {
    link: Arc<Link>,
}

impl SecretServiceStore {
    /// Connects at the first call.
    pub(super) fn new(
        bus: Bus,
        clock: Arc<dyn Clock>,
        limit: Duration,
    ) -> std::result::Result<Self, VaultError> {
        let link = Link { bus, clock, limit, live: Mutex::new(None), runtime: super::runtime()? };
        Ok(Self { link: Arc::new(link) })
    }
}

impl SecretServiceStore {
    /// Whether items can be written now; raises no prompt.
    pub(super) fn ready(&self) -> Result<()> {
        self.link.call(&async |secrets| items::ready(secrets).await)
    }

    /// The users of the items of `service` that are open; raises no prompt.
    pub(super) fn list(&self, service: &str) -> Result<Vec<String>> {
        self.link.call(&async |secrets| items::users(secrets, service).await)
    }
}

impl CredentialStoreApi for SecretServiceStore {
    fn vendor(&self) -> String {
        "Birdkey, over the crate secret-service".to_owned()
    }

    fn id(&self) -> String {
        format!("Secret Service, {:?}", self.link.bus)
    }

    fn build(
        &self,
        service: &str,
        user: &str,
        modifiers: Option<&HashMap<&str, &str>>,
    ) -> Result<Entry> {
        let label = modifiers.and_then(|modifiers| modifiers.get(LABEL)).unwrap_or(&service);
        let key = Key {
            service: service.to_owned(),
            username: user.to_owned(),
            label: (*label).to_owned(),
        };
        Ok(Entry::new_with_credential(Arc::new(Specifier { link: Arc::clone(&self.link), key })))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn debug_fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.id())
    }
}

/// One item by its attributes, there or not.
struct Specifier {
    link: Arc<Link>,
    key: Key,
}

impl CredentialApi for Specifier {
    fn set_secret(&self, secret: &[u8]) -> Result<()> {
        self.link.call(&async |secrets| items::write(secrets, &self.key, secret).await)
    }

    fn get_secret(&self) -> Result<Vec<u8>> {
        let bytes = self.link.call(&async |secrets| items::read(secrets, &self.key).await)?;
        bytes.ok_or(Error::NoEntry)
    }

    fn delete_credential(&self) -> Result<()> {
        let removed = self.link.call(&async |secrets| items::remove(secrets, &self.key).await)?;
        if removed { Ok(()) } else { Err(Error::NoEntry) }
    }

    fn get_credential(&self) -> Result<Option<Arc<Credential>>> {
        self.get_secret().map(|mut bytes| zeroize::Zeroize::zeroize(&mut bytes))?;
        Ok(None)
    }

    fn get_specifiers(&self) -> Option<(String, String)> {
        Some((self.key.service.clone(), self.key.username.clone()))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn debug_fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Debug::fmt(&self.key, formatter)
    }
}

/// The connection, its time limit and its second chance.
struct Link {
    bus: Bus,
    clock: Arc<dyn Clock>,
    limit: Duration,
    live: Mutex<Option<Live>>,
    runtime: Runtime,
}

impl Link {
    /// Runs `attempt`, and once more over a new connection if the first one turns out dead.
    fn call<T>(
        &self,
        attempt: &impl AsyncFn(&SecretService<'static>) -> std::result::Result<T, Fault>,
    ) -> Result<T> {
        let both = async {
            match self.once(attempt).await {
                Err(Fault::Broken(cause)) => {
                    tracing::debug!(%cause, "the keychain session is dead, making a new one");
                    self.once(attempt).await
                }
                // Under load gnome-keyring was seen to call a keyring locked that was not; what is
                // locked stays so for longer than this.
                Err(Fault::Answered(VaultError::Locked)) => {
                    self.clock.sleep(SECOND_LOOK).await;
                    self.once(attempt).await
                }
                other => other,
            }
        };
        let result = self.runtime.block_on(within(&*self.clock, self.limit, both));
        let result = result.unwrap_or_else(|_| {
            // What is still under way on this connection must not meet the next call.
            self.set_live(None);
            Err(Fault::Answered(VaultError::TimedOut))
        });
        result.map_err(|fault| Error::PlatformFailure(Box::new(fault.into_cause())))
    }

    async fn once<T>(
        &self,
        attempt: &impl AsyncFn(&SecretService<'static>) -> std::result::Result<T, Fault>,
    ) -> std::result::Result<T, Fault> {
        let live = self.live().await?;
        let result = attempt(&live).await;
        if let Err(Fault::Broken(_)) = &result {
            self.set_live(None);
        }
        result
    }

    async fn live(&self) -> std::result::Result<Live, Fault> {
        let held = self.live.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(live) = held {
            return Ok(live);
        }
        let connection = self.bus.connect().await.map_err(Fault::Answered)?;
        let live = SecretService::connect_with_existing(EncryptionType::Plain, connection)
            .await
            .map_err(|error| Fault::Answered(Fault::from(error).into_cause()))?;
        let live = Arc::new(live);
        self.set_live(Some(Arc::clone(&live)));
        Ok(live)
    }

    fn set_live(&self, live: Option<Live>) {
        // Connections end on the runtime that drives them.
        let _context = self.runtime.enter();
        *self.live.lock().unwrap_or_else(PoisonError::into_inner) = live;
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        self.set_live(None);
    }
}
