//! Changing an app that is there.

use super::Engine;
use super::apps::{is_usable, named};
use crate::failure::AppError;
use crate::model::app::{App, default_redirect_uris};
use crate::problem::Problem;
use crate::protocol::client::{AtX, parse_client_id};
use crate::protocol::provider::ProviderKind;
use crate::protocol::scope::Scopes;
use crate::store::config;
use crate::use_cases::revocation;

/// What of an app can be changed.
#[derive(Debug, Clone, Default)]
pub struct AppChange {
    /// The user's name for it; empty leaves the old one.
    pub name: String,
    /// The client id, as pasted; empty leaves the old one. Another client id is another app, so that
    /// only a mistake can be corrected: nobody may be logged in through it, and no logout unfinished.
    pub client_id: String,
    /// The redirect URIs, in their order; none takes the default ones.
    pub redirect_uris: Vec<String>,
    /// The scopes that a login asks for.
    pub scopes: Vec<String>,
}

impl Engine {
    /// Changes an app; its accounts stay, and have new scopes only after another login.
    ///
    /// # Errors
    ///
    /// A [`Problem`]: no such app, a client id or redirect URI not usable, accounts logged in or
    /// revocations waiting through the present client id, configuration not writable.
    pub fn change_app(&self, app: &str, change: &AppChange) -> Result<(), Problem> {
        let app = self.app(Some(app))?;
        let in_use = self.accounts()?.accounts.iter().any(|account| account.app_id == app.id)
            || revocation::read(&self.context.folders.data).iter().any(|it| it.app_id == app.id);
        let changed = changed(app.clone(), change, in_use);
        let changed = changed.map_err(|error| self.problem(&error.into(), Some(&app)))?;
        let put = config::put_app(&self.context.folders.config, &changed);
        self.touch();
        put.map_err(|error| self.problem(&error.into(), Some(&app)))
    }
}

fn changed(mut app: App, change: &AppChange, in_use: bool) -> Result<App, AppError> {
    let given = change.client_id.trim();
    if !given.is_empty() && given != app.client_id {
        let at_x = if app.provider.kind() == ProviderKind::X { AtX::Yes } else { AtX::No };
        let client_id = parse_client_id(given, at_x)?;
        if in_use {
            return Err(AppError::ClientIdInUse);
        }
        app.client_id = client_id;
    }
    let uris = change.redirect_uris.iter().map(|uri| uri.trim().to_owned());
    app.redirect_uris = uris.filter(|uri| !uri.is_empty()).collect();
    if let Some(given) = app.redirect_uris.iter().find(|uri| !is_usable(uri)) {
        return Err(AppError::RedirectUri { given: given.clone() });
    }
    if app.redirect_uris.is_empty() {
        app.redirect_uris = default_redirect_uris(app.provider.kind(), &app.id);
    }
    app.scopes = Scopes::from_names(change.scopes.iter().map(String::as_str));
    if let Some(name) = named(&change.name) {
        app.name = name;
    }
    Ok(app)
}
