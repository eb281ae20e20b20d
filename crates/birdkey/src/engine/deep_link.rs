//! The redirect by deep link: choosing it for an app, and what is said of a link that came too late.

use super::Engine;
use crate::app::{App, default_redirect_uris};
use crate::effects::deep_link::{REDIRECT_URI, is_redirect_uri};
use crate::problem::{About, Problem, login_gone};
use crate::store::config;
use crate::view::{DesktopView, LoginStage};

impl App {
    /// Whether its redirect comes back as a link, which only the desktop app receives.
    pub fn takes_links(&self) -> bool {
        self.redirect_uris.first().is_some_and(|uri| is_redirect_uri(uri))
    }

    /// Whether a listener can take its redirect as well.
    pub fn can_listen(&self) -> bool {
        self.redirect_uris.iter().any(|uri| !is_redirect_uri(uri))
    }
}

impl Engine {
    /// Puts the deep link before an app's other redirect URIs, or takes it out.
    ///
    /// # Errors
    ///
    /// A [`Problem`]: no such app, or the configuration can't be changed.
    pub fn use_deep_link(&self, app: &str, deep_link: bool) -> Result<(), Problem> {
        let mut app = self.app(Some(app))?;
        app.redirect_uris.retain(|uri| !is_redirect_uri(uri));
        if app.redirect_uris.is_empty() {
            app.redirect_uris = default_redirect_uris(app.provider.kind(), &app.id);
        }
        if deep_link {
            app.redirect_uris.insert(0, REDIRECT_URI.to_owned());
        }
        let put = config::put_app(&self.world.folders.config, &app);
        self.touch();
        put.map_err(|error| self.problem(&error.into(), Some(&app)))
    }

    /// Shows that a link came back whose login is gone; sends nothing. False when no app takes
    /// links, so that the link is nobody's, or when a login is in progress.
    pub fn show_login_gone(&self) -> bool {
        let Ok(config) = self.config() else { return false };
        let mut apps = config.apps.iter().filter(|app| app.takes_links());
        let default = config.default_app.as_deref();
        let app = apps.clone().find(|app| Some(app.id.as_str()) == default).or_else(|| apps.next());
        let Some(app) = app else { return false };
        let Ok(request) = self.login_request(Some(&app.id), crate::login::Page::Open) else {
            return false;
        };
        if !self.claim(&request) {
            return false;
        }
        let problem = login_gone(&About::app(app));
        self.change_live(|live| {
            if let Some(login) = &mut live.login {
                login.stage = LoginStage::Failed;
                login.problem = Some(problem);
            }
        });
        true
    }

    /// A random name that nobody can guess, for one use.
    ///
    /// # Errors
    ///
    /// A [`Problem`] when the system gives no randomness.
    pub fn nonce(&self) -> Result<String, Problem> {
        let halves = self.world.new_id().and_then(|half| Ok(half + &self.world.new_id()?));
        halves.map_err(|error| self.problem(&error.into(), None))
    }

    /// Opens a page of ours in the user's browser.
    ///
    /// # Errors
    ///
    /// A [`Problem`] when no browser opens.
    pub async fn open_page(&self, address: &str) -> Result<(), Problem> {
        let opened = self.world.effects.browser.open(address).await;
        opened.map_err(|error| crate::problem::browser(&error))
    }

    /// Changes what is known about the desktop app itself; called by it alone.
    pub fn change_desktop(&self, change: impl FnOnce(&mut DesktopView)) {
        self.change_live(|live| change(live.desktop.get_or_insert_default()));
    }
}
