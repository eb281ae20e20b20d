//! The real vault: the keychain of this system behind a thread of its own.

use std::convert::Infallible;
use std::sync::{Arc, mpsc};
use std::time::Duration;

use birdkey_messages::words;
use keyring_core::{CredentialStore, Entry, Error};
use tokio::sync::{oneshot, watch};

use super::keychain::{self, Keychain, vault_error};
use super::thread::{Job, Store, Threads};
use super::{ItemName, Vault, VaultError};
use crate::effects::BoxFuture;
use crate::effects::clock::{Clock, within};
use crate::protocol::secret::Secret;

/// How long a call may take, unlocking apart.
pub(super) const CALL_LIMIT: Duration = Duration::from_secs(3);

/// How long a prompt may take to go once the wait for it has ended.
const DISMISSAL_LIMIT: Duration = Duration::from_secs(1);

/// Grants and client secrets in the OS keychain.
///
/// Its thread starts with the first call. A call that never began when its limit passed is not made later, so an old
/// grant cannot overwrite a new one. When a call hangs in the keychain, its thread is given up and the next call has a
/// fresh thread and a fresh connection.
pub struct KeyringVault {
    service: String,
    clock: Arc<dyn Clock>,
    limit: Duration,
    keychain: Arc<dyn Keychain>,
    threads: Threads,
    /// While the user is asked for a password: how long the answer is waited for.
    asked: Arc<watch::Sender<Option<Duration>>>,
}

/// Ends with the wait for an unlocking: from then on nobody is asked.
struct Wait {
    asked: Arc<watch::Sender<Option<Duration>>>,
    /// Dropping it takes the prompt away.
    waiting: Option<oneshot::Sender<Infallible>>,
    /// Closes when the thread that shows the prompt has ended.
    over: mpsc::Receiver<Infallible>,
}

impl Drop for Wait {
    /// Waits for the prompt to go: the process may end next, and the prompt would stay.
    fn drop(&mut self) {
        self.asked.send_replace(None);
        drop(self.waiting.take());
        if self.over.recv_timeout(DISMISSAL_LIMIT) == Err(mpsc::RecvTimeoutError::Timeout) {
            tracing::debug!("the unlock prompt may still be on the screen");
        }
    }
}

/// The code of a keychain panicked in the middle of a call.
#[derive(Debug, thiserror::Error)]
#[error("the keychain's code broke off before it answered")]
struct BrokeOff;

impl KeyringVault {
    /// A vault in this system's keychain, under the name of [`super::service_name`]. Touches nothing yet.
    pub fn new(service: String, clock: Arc<dyn Clock>) -> Self {
        let keychain = keychain::system(Arc::clone(&clock));
        Self::with_keychain(service, clock, keychain, CALL_LIMIT)
    }

    /// A vault in the Secret Service of the session bus at `address`, e.g. a test's private bus.
    #[cfg(target_os = "linux")]
    pub fn on_bus(service: String, clock: Arc<dyn Clock>, address: String) -> Self {
        let keychain = super::linux::SecretService::on_bus(Arc::clone(&clock), address);
        Self::with_keychain(service, clock, Arc::new(keychain), CALL_LIMIT)
    }

    pub(super) fn with_keychain(
        service: String,
        clock: Arc<dyn Clock>,
        keychain: Arc<dyn Keychain>,
        limit: Duration,
    ) -> Self {
        // A store that keeps the limit itself ends a little after its caller: it is late, not stuck.
        let patience = limit + limit / 3;
        let threads = Threads::new(Arc::clone(&keychain), Arc::clone(&clock), patience);
        Self { service, clock, limit, keychain, threads, asked: Arc::default() }
    }

    /// Runs `action` on the vault thread.
    async fn call<T: Send + 'static>(
        &self,
        action: impl FnOnce(&CredentialStore) -> Result<T, VaultError> + Send + 'static,
    ) -> Result<T, VaultError> {
        let (reply, outcome) = oneshot::channel();
        let job: Job = Box::new(move |store: &mut Store| {
            if reply.is_closed() {
                return;
            }
            let result = store.get().and_then(|store| action(&*store));
            if reply.send(result).is_err() {
                tracing::debug!("a keychain call ended after its caller had gone");
            }
        });
        self.threads.run(job)?;
        match within(&*self.clock, self.limit, outcome).await {
            Ok(Ok(result)) => result,
            Ok(Err(_)) => Err(VaultError::Failed(Box::new(BrokeOff))),
            Err(_) => Err(VaultError::TimedOut),
        }
    }

    async fn write_item(
        &self,
        user: String,
        label: String,
        value: Secret,
    ) -> Result<(), VaultError> {
        let size = value.len();
        if let Some(limit) = self.keychain.max_item_bytes().filter(|limit| size > *limit) {
            return Err(VaultError::TooLarge { size, limit });
        }
        let (service, keychain) = (self.service.clone(), Arc::clone(&self.keychain));
        self.call(move |store| {
            let modifiers = keychain.modifiers(&label);
            let entry = store.build(&service, &user, Some(&modifiers)).map_err(vault_error)?;
            entry.set_secret(value.expose().as_bytes()).map_err(vault_error)
        })
        .await
    }

    /// Runs `action` on the item `user`; `absent` when there is none.
    async fn on_item<T: Send + 'static>(
        &self,
        user: String,
        absent: T,
        action: impl FnOnce(&Entry) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, VaultError> {
        let service = self.service.clone();
        self.call(move |store| {
            let entry = store.build(&service, &user, None).map_err(vault_error)?;
            match action(&entry) {
                Err(Error::NoEntry) => Ok(absent),
                other => other.map_err(vault_error),
            }
        })
        .await
    }
}

impl Vault for KeyringVault {
    fn read(&self, name: &ItemName) -> BoxFuture<'_, Result<Option<Secret>, VaultError>> {
        let user = name.as_str().to_owned();
        Box::pin(async move {
            let bytes = self.on_item(user, None, |entry| entry.get_secret().map(Some)).await?;
            bytes.map(|bytes| Secret::from_utf8(bytes).ok_or(VaultError::NotText)).transpose()
        })
    }

    fn write(
        &self,
        name: &ItemName,
        label: &str,
        value: &Secret,
    ) -> BoxFuture<'_, Result<(), VaultError>> {
        Box::pin(self.write_item(name.as_str().to_owned(), label.to_owned(), value.clone()))
    }

    fn remove(&self, name: &ItemName) -> BoxFuture<'_, Result<(), VaultError>> {
        Box::pin(self.on_item(name.as_str().to_owned(), (), Entry::delete_credential))
    }

    fn list(&self) -> BoxFuture<'_, Result<Vec<ItemName>, VaultError>> {
        let (keychain, service) = (Arc::clone(&self.keychain), self.service.clone());
        Box::pin(async move {
            let names = self.call(move |store| keychain.list(store, &service)).await?;
            Ok(names.into_iter().map(ItemName::known).collect())
        })
    }

    fn ready(&self) -> BoxFuture<'_, Result<(), VaultError>> {
        let keychain = Arc::clone(&self.keychain);
        Box::pin(self.call(move |store| keychain.ready(store)))
    }

    fn unlock(&self) -> BoxFuture<'_, Result<(), VaultError>> {
        let (keychain, service) = (Arc::clone(&self.keychain), self.service.clone());
        Box::pin(async move {
            let (waiting, cancelled) = oneshot::channel();
            let (reply, outcome) = oneshot::channel();
            let asked = Arc::clone(&self.asked);
            let (running, over) = mpsc::channel();
            // Dropped with this future.
            let _wait = Wait { asked: Arc::clone(&asked), waiting: Some(waiting), over };
            std::thread::Builder::new()
                .name("birdkey-unlock".to_owned())
                .spawn(move || {
                    let _running: mpsc::Sender<Infallible> = running;
                    let asking = |limit| {
                        asked.send_replace(Some(limit));
                    };
                    reply.send(keychain.unlock(&service, cancelled, &asking))
                })
                .map_err(|error| VaultError::Failed(Box::new(error)))?;
            outcome.await.unwrap_or_else(|_| Err(VaultError::Failed(Box::new(BrokeOff))))
        })
    }

    fn asked(&self) -> BoxFuture<'_, Duration> {
        let mut asked = self.asked.subscribe();
        Box::pin(async move {
            match asked.wait_for(Option::is_some).await.map(|asked| *asked) {
                Ok(Some(limit)) => limit,
                Ok(None) | Err(_) => std::future::pending().await,
            }
        })
    }

    fn description(&self) -> String {
        words!("vault.described", keychain = self.keychain.name(), service = &self.service)
            .to_string()
    }
}

#[cfg(test)]
mod tests;
