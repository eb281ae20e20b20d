//! What every use case works with: the effects and the folders of one user.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::watch;

use crate::effects::browser::Browser;
use crate::effects::clock::Clock;
use crate::effects::folders::Folders;
use crate::effects::host::Host;
use crate::effects::http::Http;
use crate::effects::local_locks::LocalLocks;
use crate::effects::loopback::RedirectSource;
use crate::effects::process::Caller;
use crate::effects::random::{NoRandomness, Random};
use crate::effects::seal;
use crate::effects::underway::Underway;
use crate::effects::vault::{ItemName, Vault};
use crate::failure::{AppError, Failure, StoredError};
use crate::model::app::{App, Binding, Server};
use crate::model::client_secret::ClientSecret;
use crate::model::grant::{Circumstances, Home};
use crate::problem::Code;
use crate::protocol::client::{ClientAuthentication, ClientType};
use crate::protocol::provider::Endpoints;
use crate::protocol::scope::Scopes;
use crate::store::activity::{self, What, Whose};
use crate::store::vaults::Vaults;

/// The effects of the engine, behind pointers so that tests can put others in.
#[derive(Clone)]
pub struct Effects {
    /// Time and waiting.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub random: Arc<dyn Random>,
    /// Requests to providers.
    pub http: Arc<dyn Http>,
    /// Grants and client secrets: the keychain, which the engine may replace by encrypted files.
    pub vault: Arc<dyn Vault>,
    /// The user's browser.
    pub browser: Arc<dyn Browser>,
    /// Where the browser comes back to.
    pub redirects: Arc<dyn RedirectSource>,
    /// On whose behalf tokens are asked for.
    pub caller: Caller,
    /// The machine this runs on.
    pub host: Host,
}

/// The effects and the folders of one user.
#[derive(Clone)]
pub(crate) struct Context {
    pub(crate) effects: Effects,
    pub(crate) folders: Folders,
    pub(crate) vaults: Arc<Vaults>,
    pub(crate) local_locks: LocalLocks,
    pub(crate) underway: Underway,
    closing: Arc<AtomicBool>,
}

impl Context {
    /// Puts the choice between keychain and encrypted files in the place of the keychain.
    pub(crate) fn new(mut effects: Effects, folders: Folders) -> Self {
        let vaults = Arc::new(Vaults::new(Arc::clone(&effects.vault), folders.clone()));
        effects.vault = Arc::clone(&vaults) as Arc<dyn Vault>;
        Self {
            effects,
            folders,
            vaults,
            local_locks: LocalLocks::default(),
            underway: Underway::default(),
            closing: Arc::default(),
        }
    }

    /// From now on no exchange of tokens is begun: the program would not see its end.
    pub(crate) fn close(&self) {
        self.closing.store(true, Ordering::SeqCst);
    }

    /// Whether the program is ending.
    pub(crate) fn is_closing(&self) -> bool {
        self.closing.load(Ordering::SeqCst)
    }

    /// Notes what happened to an account.
    pub(crate) fn note(&self, what: What, whose: Whose, code: Option<Code>) {
        let now_ms = self.effects.clock.now_unix_ms();
        activity::note(&self.folders.data, now_ms, what, whose, code.map(Code::as_str));
    }

    /// A short random id: 8 letters and digits, 40 bits; never changed by a rename.
    pub(crate) fn new_id(&self) -> Result<String, NoRandomness> {
        const ALPHABET: &str = "abcdefghijkmnpqrstuvwxyz23456789";
        let mut bytes = [0; 8];
        self.effects.random.fill(&mut bytes)?;
        let letters = ALPHABET.as_bytes();
        Ok(bytes.iter().map(|byte| char::from(letters[usize::from(byte % 32)])).collect())
    }

    /// What is known about the next pair of an app besides the server's answer.
    pub(crate) fn circumstances(
        &self,
        app: &App,
        scopes_requested: Scopes,
    ) -> Result<Circumstances, Failure> {
        let endpoints = endpoints_of(app)?;
        Ok(Circumstances {
            serial: self.new_id()?,
            seal_key: seal::new_key(),
            binding: Binding::of(&app.client_id, &endpoints),
            server: Some(Server::of(app.client_type, &endpoints)),
            home: Some(Home {
                data: self.folders.data.clone(),
                config: self.folders.config.clone(),
            }),
            kind: app.provider.kind(),
            scopes_requested,
            obtained_at_ms: self.effects.clock.now_unix_ms(),
            issuer_seen: None,
        })
    }

    /// How requests of an app show which app sends them; reads the vault for a confidential one.
    pub(crate) async fn authentication(
        &self,
        app: &App,
        endpoints: &Endpoints,
    ) -> Result<ClientAuthentication, Failure> {
        if app.client_type == ClientType::Public {
            return Ok(ClientAuthentication::Public);
        }
        self.with_secret(&app.id, &Binding::of(&app.client_id, endpoints)).await
    }

    /// The authentication by the client secret of an app, for the addresses it was stored for.
    pub(crate) async fn with_secret(
        &self,
        app_id: &str,
        binding: &Binding,
    ) -> Result<ClientAuthentication, Failure> {
        let item = self.effects.vault.read(&ItemName::client_secret(app_id)).await?;
        let stored = item.as_ref().and_then(ClientSecret::from_item);
        let Some(stored) = stored else { return Err(StoredError::ClientSecretMissing.into()) };
        // One of another client id is another app's: to be asked for, as if there were none.
        if stored.binding.client_id != binding.client_id {
            return Err(StoredError::ClientSecretMissing.into());
        }
        unchanged(&stored.binding, binding)?;
        Ok(ClientAuthentication::Confidential(stored.secret))
    }
}

/// The endpoints of an app as it stands in the configuration now.
pub(crate) fn endpoints_of(app: &App) -> Result<Endpoints, Failure> {
    Ok(app.provider.endpoints().map_err(AppError::Endpoint)?)
}

/// Refuses to use an item for other addresses than those it was made for.
pub(crate) fn unchanged(bound: &Binding, now: &Binding) -> Result<(), StoredError> {
    match bound.difference(now) {
        None => Ok(()),
        Some((what, bound, now)) => Err(StoredError::EndpointsChanged { what, bound, now }),
    }
}

/// Ends when the user cancels; never, once no one can.
pub(crate) async fn cancelled(by_user: &mut watch::Receiver<bool>) {
    if by_user.wait_for(|cancelled| *cancelled).await.is_err() {
        std::future::pending::<()>().await;
    }
}
