//! Apps: adding, showing and removing them, and the secrets of confidential ones.

use birdkey_foreign::Foreign;
use url::{Host, Url};

use super::Engine;
use crate::effects::deep_link::is_redirect_uri;
use crate::effects::vault::{ItemName, VaultError};
use crate::failure::{AppError, Failure};
use crate::model::app::{App, Binding, DEFAULT_SCOPES, Provider, default_redirect_uris};
use crate::model::client_secret::ClientSecret;
use crate::problem::Problem;
use crate::protocol::client::{AtX, ClientType, parse_client_id};
use crate::protocol::endpoint::Endpoint;
use crate::protocol::provider::Endpoints;
use crate::protocol::scope::Scopes;
use crate::protocol::secret::Secret;
use crate::store::config;
use crate::use_cases::choose;
use crate::use_cases::context::endpoints_of;
use crate::use_cases::locks;
use crate::use_cases::revocation;
use crate::view::present::app_view;
use crate::view::{AppView, LogoutView};

/// Longest client secret, in bytes; X's have 50.
const MAX_CLIENT_SECRET_BYTES: usize = 1_024;

/// An app as a person describes it.
#[derive(Debug)]
pub struct NewApp {
    /// The user's name for it; empty takes the provider's.
    pub name: String,
    /// Where its endpoints are.
    pub provider: NewProvider,
    /// The client id, as pasted.
    pub client_id: String,
    /// Public or confidential.
    pub client_type: ClientType,
    /// The redirect URIs; none takes the default ones.
    pub redirect_uris: Vec<String>,
    /// The scopes; none takes the default ones.
    pub scopes: Vec<String>,
    /// The secret of a confidential app, when it comes along.
    pub client_secret: Option<Secret>,
}

/// An app that was removed.
#[derive(Debug)]
pub struct RemovedApp {
    /// As it was.
    pub app: AppView,
    /// How the logout of each of its accounts ended.
    pub logouts: Vec<LogoutView>,
}

/// Where the endpoints of a new app are.
#[derive(Debug)]
pub enum NewProvider {
    /// X.
    X,
    /// A sandbox at this address.
    Sandbox {
        /// Scheme, host and port.
        address: String,
    },
    /// Any other server.
    Custom {
        /// Where the browser goes.
        authorize: String,
        /// Where codes are exchanged.
        token: String,
        /// Where tokens are revoked.
        revoke: Option<String>,
        /// Where the profile is read.
        profile: Option<String>,
        /// The issuer that `iss` must equal.
        issuer: Option<String>,
    },
}

impl NewProvider {
    fn read(&self) -> Result<Provider, AppError> {
        Ok(match self {
            Self::X => Provider::X,
            Self::Sandbox { address } => Provider::Sandbox(Endpoint::parse(address)?.at("/")),
            Self::Custom { authorize, token, revoke, profile, issuer } => {
                let optional =
                    |url: &Option<String>| url.as_deref().map(Endpoint::parse).transpose();
                Provider::Custom(Box::new(Endpoints {
                    authorize: Endpoint::parse(authorize)?,
                    token: Endpoint::parse(token)?,
                    revoke: optional(revoke)?,
                    profile: optional(profile)?,
                    issuer: issuer.clone(),
                }))
            }
        })
    }

    fn usual_name(&self) -> &'static str {
        match self {
            Self::X => "X",
            Self::Sandbox { .. } => "Sandbox",
            Self::Custom { .. } => "App",
        }
    }
}

impl Engine {
    /// Adds an app; its secret goes to the vault first.
    ///
    /// # Errors
    ///
    /// A [`Problem`]: client id, address or redirect URI not usable, configuration or vault not writable.
    pub async fn add_app(&self, new: NewApp) -> Result<AppView, Problem> {
        let added = self.add(new).await;
        self.touch();
        let app = added.map_err(|failure| self.problem(&failure, None))?;
        Ok(app_view(&app, &self.config()?.apps))
    }

    async fn add(&self, new: NewApp) -> Result<App, Failure> {
        config::may_be_changed(&self.context.folders.config)?;
        config::read(&self.context.folders.config)?;
        // A move to another vault must not miss its secret.
        let _held = locks::hold(&self.context, locks::VAULT).await?;
        let id = self.context.new_id()?;
        let app = read_new(&new, id)?;
        match (new.client_type, &new.client_secret) {
            (ClientType::Public, Some(_)) => return Err(AppError::NotConfidential.into()),
            (ClientType::Confidential, Some(secret)) => self.write_secret(&app, secret).await?,
            (ClientType::Public | ClientType::Confidential, None) => {}
        }
        config::put_app(&self.context.folders.config, &app)?;
        Ok(app)
    }

    /// Puts the secret of a confidential app into the vault, in place of an earlier one.
    ///
    /// # Errors
    ///
    /// A [`Problem`]: no such app, not confidential, not a secret, vault not writable.
    pub async fn set_client_secret(&self, app: &str, secret: &Secret) -> Result<(), Problem> {
        let app = self.app(Some(app))?;
        let written = if app.client_type == ClientType::Public {
            Err(AppError::NotConfidential.into())
        } else {
            self.replace_secret(&app, secret).await
        };
        written.map_err(|failure| self.problem(&failure, Some(&app)))
    }

    async fn replace_secret(&self, app: &App, secret: &Secret) -> Result<(), Failure> {
        config::may_be_changed(&self.context.folders.config)?;
        let _held = locks::hold(&self.context, locks::VAULT).await?;
        self.write_secret(app, secret).await
    }

    async fn write_secret(&self, app: &App, secret: &Secret) -> Result<(), Failure> {
        let trimmed = Secret::new(secret.expose().trim().to_owned());
        // Visible ASCII and spaces (RFC 6749 A.2); what X gives out has no spaces.
        let spaces = matches!(app.provider, Provider::Custom(_));
        let usual = |c: char| c.is_ascii_graphic() || (spaces && c == ' ');
        let is_usual = trimmed.expose().chars().all(usual);
        let is_client_id = trimmed.expose() == app.client_id;
        if trimmed.is_empty()
            || trimmed.len() > MAX_CLIENT_SECRET_BYTES
            || !is_usual
            || is_client_id
        {
            return Err(AppError::ClientSecret.into());
        }
        let binding = Binding::of(&app.client_id, &endpoints_of(app)?);
        let item = ClientSecret { binding, secret: trimmed }.to_item();
        let name = ItemName::client_secret(&app.id);
        let label = format!("Birdkey: client secret of {}", app.name.label());
        let vault = &self.context.effects.vault;
        match vault.write(&name, &label, &item).await {
            // Storing a secret is an act of the user, so the keychain may ask.
            Err(VaultError::Locked) => {
                vault.unlock().await?;
                Ok(vault.write(&name, &label, &item).await?)
            }
            written => Ok(written?),
        }
    }

    /// The app meant by an id or name; without either there must be exactly one.
    ///
    /// # Errors
    ///
    /// A [`Problem`] when none or several fit.
    pub fn app(&self, given: Option<&str>) -> Result<App, Problem> {
        let config = self.config()?;
        let given = config.app_meant(given);
        choose::app(&config.apps, given).cloned().map_err(|error| self.problem(&error.into(), None))
    }

    /// Logs every account of an app out, then removes its secret and its entry.
    ///
    /// # Errors
    ///
    /// A [`Problem`] when the vault or the configuration can't be changed; what is left stays listed.
    pub async fn remove_app(&self, app: &str) -> Result<RemovedApp, Problem> {
        let may = config::may_be_changed(&self.context.folders.config);
        may.map_err(|error| self.problem(&error.into(), None))?;
        self.finish_logins_alone().await;
        let app = self.app(Some(app))?;
        // A login under way would leave an account without its app.
        let lock = locks::logins_of(&app.id);
        let held = locks::hold(&self.context, &lock).await;
        let _logins = held.map_err(|failure| self.problem(&failure, Some(&app)))?;
        let mut logouts = Vec::new();
        for account in self.accounts()?.accounts {
            if account.app_id == app.id {
                let out = self.log_out_of(&account, Some(&app)).await?;
                logouts.push((account, out));
            }
        }
        let held = locks::hold(&self.context, locks::VAULT).await;
        let _held = held.map_err(|failure| self.problem(&failure, Some(&app)))?;
        let removed = config::remove_app(&self.context.folders.config, &app.id);
        self.touch();
        removed.map_err(|error| self.problem(&error.into(), Some(&app)))?;
        // A public app has nothing in the vault, so a missing keychain must not matter to it; and what
        // waits to be revoked may need the secret for longer.
        if app.client_type == ClientType::Confidential {
            let removed = revocation::let_secret_go(&self.context, &app.id).await;
            removed.map_err(|failure| self.problem(&failure, Some(&app)))?;
        }
        for (account, out) in &logouts {
            self.leave_to_the_caller(account, out);
        }
        let logouts = logouts.into_iter().map(|(_, out)| out).collect();
        Ok(RemovedApp { app: app_view(&app, &[]), logouts })
    }
}

fn read_new(new: &NewApp, id: String) -> Result<App, AppError> {
    let at_x = if matches!(new.provider, NewProvider::X) { AtX::Yes } else { AtX::No };
    let provider = new.provider.read()?;
    let client_id = parse_client_id(&new.client_id, at_x)?;
    let mut redirect_uris = new.redirect_uris.clone();
    for given in &redirect_uris {
        if !is_usable(given) {
            return Err(AppError::RedirectUri { given: given.clone() });
        }
    }
    if redirect_uris.is_empty() {
        redirect_uris = default_redirect_uris(provider.kind(), &id);
    }
    let mut scopes = Scopes::from_names(new.scopes.iter().map(String::as_str));
    if scopes.is_empty() && !matches!(new.provider, NewProvider::Custom { .. }) {
        scopes = Scopes::parse(DEFAULT_SCOPES);
    }
    let name = named(&new.name).unwrap_or_else(|| new.provider.usual_name().into());
    Ok(App { id, name, provider, client_id, client_type: new.client_type, redirect_uris, scopes })
}

/// A name as given, in one line; `None` when it is empty.
pub(super) fn named(given: &str) -> Option<Foreign> {
    Some(Foreign::new(given)).filter(|name| !name.is_empty())
}

/// Whether a redirect URI is http on this machine, with a port and a path and nothing more, or the
/// deep link.
pub(super) fn is_usable(given: &str) -> bool {
    if is_redirect_uri(given) {
        return true;
    }
    let Ok(url) = Url::parse(given) else { return false };
    let here = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address == std::net::Ipv4Addr::LOCALHOST,
        Some(Host::Ipv6(address)) => address == std::net::Ipv6Addr::LOCALHOST,
        None => false,
    };
    here && url.scheme() == "http"
        && url.port().is_some()
        && url.query().is_none()
        && url.fragment().is_none()
        && !url.path().is_empty()
}
