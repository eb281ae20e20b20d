//! Apps: client registrations at a server.

use birdkey::engine::RemovedApp as EngineRemovedApp;
use birdkey::view::AppView;
use birdkey_foreign::Foreign;
use serde::Serialize;

use super::logout::Logout;
use super::problem::Problem;
use super::{each, words};

/// An app.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct App<'a> {
    /// Short, random; never changes.
    id: &'a str,
    /// The user's name for it.
    name: &'a Foreign,
    /// Which kind of server.
    provider: &'static str,
    /// The host of its consent page.
    host: &'a str,
    /// The OAuth 2.0 client id, which is no secret.
    client_id: &'a str,
    /// Whether it has a client secret.
    client_type: &'static str,
    /// The redirect URIs, exactly as registered.
    redirect_uris: &'a [String],
    /// Whether the browser comes back by a link to the desktop app.
    takes_links: bool,
    /// The scopes that a login asks for.
    scopes: &'a [String],
    /// What is wrong with its registration; null: nothing is known.
    problem: Option<Problem>,
}

impl<'a> From<&'a AppView> for App<'a> {
    fn from(app: &'a AppView) -> Self {
        Self {
            id: &app.id,
            name: &app.name,
            provider: words::provider(app.provider),
            host: &app.host,
            client_id: &app.client_id,
            client_type: words::client_type(app.client_type),
            redirect_uris: &app.redirect_uris,
            takes_links: app.takes_links,
            scopes: &app.scopes,
            problem: app.problem.as_ref().map(Problem::from),
        }
    }
}

/// What `birdkey app add` and `birdkey app show` print.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OneApp<'a> {
    /// The app.
    app: App<'a>,
}

impl<'a> From<&'a AppView> for OneApp<'a> {
    fn from(app: &'a AppView) -> Self {
        Self { app: app.into() }
    }
}

/// What `birdkey app list` prints.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AppList<'a> {
    /// The apps, in the order of the configuration.
    apps: Vec<App<'a>>,
}

impl<'a> From<&'a [AppView]> for AppList<'a> {
    fn from(apps: &'a [AppView]) -> Self {
        Self { apps: each(apps) }
    }
}

/// What `birdkey app check` prints.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CheckedApp<'a> {
    /// The app that was checked.
    pub(crate) app_id: &'a str,
    /// The redirect URI that a login would listen at now; null: it takes a link.
    pub(crate) listens_at: Option<&'a str>,
    /// The redirect URIs to compare with the registration.
    pub(crate) redirect_uris: &'a [String],
}

/// What `birdkey app remove` prints.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RemovedApp<'a> {
    /// The app as it was.
    app: App<'a>,
    /// How the logout of each of its accounts ended.
    logged_out: Vec<Logout<'a>>,
}

impl<'a> From<&'a EngineRemovedApp> for RemovedApp<'a> {
    fn from(removed: &'a EngineRemovedApp) -> Self {
        Self { app: (&removed.app).into(), logged_out: each(&removed.logouts) }
    }
}
