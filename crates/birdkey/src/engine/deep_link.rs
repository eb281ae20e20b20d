//! The redirect by deep link: choosing it for an app, and what is said of a link that came too late.

use super::Engine;
use super::live_login::{beginning, in_progress};
use crate::effects::deep_link::{REDIRECT_URI, is_redirect_uri};
use crate::model::app::{App, default_redirect_uris};
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
        let put = config::put_app(&self.context.folders.config, &app);
        self.touch();
        put.map_err(|error| self.problem(&error.into(), Some(&app)))
    }

    /// Shows that a link came back whose login is gone; sends nothing. False when no app takes
    /// links, so that the link is nobody's, or when a login is in progress.
    pub fn show_login_gone(&self) -> bool {
        let Ok(config) = self.config() else { return false };
        let of = |id: &str| config.apps.iter().find(|app| app.id == id && app.takes_links());
        let default = config.default_app.as_deref().and_then(of);
        let usual = default.or_else(|| config.apps.iter().find(|app| app.takes_links()));
        let shown = self.with_live(|live| {
            if live.login.as_ref().is_some_and(in_progress) {
                return false;
            }
            // One that just ended, e.g. by its time-out, is most likely the one that is meant.
            let ended = live.login.take();
            let ended = ended.and_then(|login| Some((of(&login.app_id)?, login)));
            let (app, mut login) = match (ended, usual) {
                (Some(ended), _) => ended,
                (None, Some(app)) => (app, beginning(app, None)),
                (None, None) => return false,
            };
            login.stage = LoginStage::Failed;
            login.problem = Some(login_gone(&About::app(app)));
            live.login = Some(login);
            true
        });
        self.touch();
        shown
    }

    /// A random name that nobody can guess, for one use.
    ///
    /// # Errors
    ///
    /// A [`Problem`] when the system gives no randomness.
    pub fn nonce(&self) -> Result<String, Problem> {
        let halves = self.context.new_id().and_then(|half| Ok(half + &self.context.new_id()?));
        halves.map_err(|error| self.problem(&error.into(), None))
    }

    /// Opens a page of ours in the user's browser.
    ///
    /// # Errors
    ///
    /// A [`Problem`] when no browser opens.
    pub async fn open_page(&self, address: &str) -> Result<(), Problem> {
        let opened = self.context.effects.browser.open(address).await;
        opened.map_err(|error| crate::problem::browser(&error))
    }

    /// Changes what is known about the desktop app itself; called by it alone.
    pub fn change_desktop(&self, change: impl FnOnce(&mut DesktopView)) {
        self.change_live(|live| change(live.desktop.get_or_insert_default()));
    }
}
