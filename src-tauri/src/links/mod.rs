//! Links that the system hands to the app: redirects of logins, and the self-test's.

mod handler;
#[cfg(target_os = "linux")]
mod pass_on;
mod self_test;

use std::sync::Arc;

use birdkey::effects::deep_link::{Arrived, DeepLinks};
use birdkey::problem::Code;
use birdkey::protocol::secret::Secret;
use birdkey::view::LoginStage;
use tauri::{AppHandle, Manager as _};

use crate::shell::Shell;
use crate::{notices, window};

#[cfg(target_os = "linux")]
pub(crate) use pass_on::pass_on;
pub(crate) use self_test::test;

/// What a link does. Any program and any page may send one, so only the login's own answer moves
/// anything, and no link by itself opens a window or writes anything down.
pub(crate) async fn arrive(app: AppHandle, link: Secret) {
    let shell = app.state::<Shell>();
    let arrived = shell.links.arrive(&link).await;
    match arrived {
        Arrived::Taken => {
            tracing::info!("the link of the login arrived");
            window::raise_if_open(&app);
        }
        Arrived::NobodyWaits => tell_login_gone(&app),
        Arrived::Stray | Arrived::Test | Arrived::Foreign => {}
    }
}

/// Says once that a link's login is gone; the window offers to log in again.
fn tell_login_gone(app: &AppHandle) {
    let shell = app.state::<Shell>();
    let shown = shell.engine.view().login;
    let told = shown.and_then(|login| login.problem.filter(|_| login.stage == LoginStage::Failed));
    if told.is_some_and(|problem| problem.code == Code::LoginGone) {
        return;
    }
    if shell.engine.show_login_gone()
        && let Some(problem) = shell.engine.view().login.and_then(|login| login.problem)
    {
        notices::of_a_link(app, &problem);
    }
}

/// Makes this app the one that the system hands links to, unless a package did.
pub(crate) fn register(app: &AppHandle) {
    if let Err(error) = handler::register(app) {
        tracing::warn!(%error, "links may not reach this app");
    }
}

/// Links are needed only where an app of the user takes them; asking the system costs time.
pub(crate) async fn register_if_needed(app: AppHandle) {
    if app.state::<Shell>().engine.view().apps.iter().any(|app| app.takes_links) {
        // Reads the desktop's database and may run its tools.
        tauri::async_runtime::spawn_blocking(move || register(&app)).await.ok();
    }
}

/// On macOS the system hands links to the app that runs, without a second start.
#[cfg(target_os = "macos")]
pub(crate) fn receive(app: &AppHandle) {
    use tauri_plugin_deep_link::DeepLinkExt as _;
    let receiver = app.clone();
    app.deep_link().on_open_url(move |event| {
        for url in event.urls() {
            let link = Secret::new(url.into());
            tauri::async_runtime::spawn(arrive(receiver.clone(), link));
        }
    });
}

/// What the links of this app wait at.
pub(crate) fn receiver() -> Arc<DeepLinks> {
    Arc::new(DeepLinks::new(Arc::new(birdkey::effects::clock::SystemClock::new())))
}
