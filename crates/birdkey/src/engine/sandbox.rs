//! What the engine knows of the sandbox: its app, and whether anything answers there.
//!
//! The engine does not contain the sandbox; shell and command run it.

use url::Url;

use super::Engine;
use crate::failure::{AppError, Failure};
use crate::model::app::{App, Provider};
use crate::problem::Problem;
use crate::protocol::endpoint::Endpoint;
use crate::protocol::message::{Method, Request};
use crate::store::config;
use crate::view::SandboxView;

impl Engine {
    /// Says what is known about the sandbox.
    pub fn set_sandbox(&self, sandbox: SandboxView) {
        self.change_live(|live| live.sandbox = sandbox);
    }

    /// The sandbox's app, if one is set up.
    ///
    /// # Errors
    ///
    /// A [`Problem`] of the configuration.
    pub fn sandbox_app(&self) -> Result<Option<App>, Problem> {
        Ok(self.config()?.apps.into_iter().find(|app| address(app).is_some()))
    }

    /// Moves the sandbox's app to the address where the sandbox listens now. Grants stay bound to
    /// the address they were made at.
    ///
    /// # Errors
    ///
    /// A [`Problem`] of the configuration.
    pub fn move_sandbox_app(&self, mut app: App, to: &str) -> Result<(), Problem> {
        let moved = Endpoint::parse(to).map_err(|error| Failure::App(AppError::Endpoint(error)));
        let moved = moved.and_then(|to| {
            app.provider = Provider::Sandbox(to.at("/"));
            Ok(config::put_app(&self.context.folders.config, &app)?)
        });
        self.touch();
        moved.map_err(|failure| self.problem(&failure, Some(&app)))
    }

    /// Asks the address of the sandbox's app whether anything answers there, and shows it.
    pub async fn look_for_sandbox(&self) {
        let Ok(Some(app)) = self.sandbox_app() else { return };
        let Some(base) = address(&app) else { return };
        let running = self.answers(base.url()).await;
        let address = running.then(|| base.origin());
        self.change_live(|live| live.sandbox.address = address);
    }

    /// A login through the sandbox shows that it is running.
    pub(super) fn sandbox_answered(&self, app: &App) {
        if let Some(base) = address(app) {
            self.with_live(|live| live.sandbox.address = Some(base.origin()));
        }
    }

    async fn answers(&self, url: &Url) -> bool {
        let request = Request { url: url.clone(), method: Method::Get, authorization: None };
        self.context.effects.http.send(request).await.is_ok()
    }
}

fn address(app: &App) -> Option<&Endpoint> {
    match &app.provider {
        Provider::Sandbox(address) => Some(address),
        Provider::X | Provider::Custom(_) => None,
    }
}
