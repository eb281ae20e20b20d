//! Ending: a login is cancelled, a refresh is finished, a copied token is taken out of the clipboard.

use std::sync::PoisonError;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tauri::{AppHandle, Manager as _, RunEvent};

use crate::shell::{MAIN, Shell};

/// Longer than a request may take.
const LIMIT: Duration = Duration::from_secs(35);

/// Ends the app once nothing would be lost by it.
pub(crate) async fn quit(app: AppHandle) {
    if settle(&app).await {
        app.exit(0);
    }
}

/// Makes the app ready to end; false when somebody else is about to end it already.
pub(crate) async fn settle(app: &AppHandle) -> bool {
    let shell = app.state::<Shell>();
    if shell.quitting.swap(true, Ordering::SeqCst) {
        return false;
    }
    // From here on a start is another app: this one only finishes what it began. Letting go of the
    // name waits for the bus, which async code must not.
    let owner = app.clone();
    let release = move || tauri_plugin_single_instance::destroy(&owner);
    tauri::async_runtime::spawn_blocking(release).await.ok();
    drop(shell.running.lock().unwrap_or_else(PoisonError::into_inner).take());
    shell.engine.close();
    shell.engine.current_login().cancel();
    if let Some(window) = app.get_webview_window(MAIN) {
        window.hide().ok();
    }
    let login = shell.login_task.lock().unwrap_or_else(PoisonError::into_inner).take();
    if let Some(login) = login {
        // One that waits ends at once; one that exchanges ends with its grant in the vault.
        tokio::time::timeout(LIMIT, login).await.ok();
    }
    shell.engine.settled(LIMIT).await;
    shell.clipboard.clear_ours();
    true
}

/// Keeps the app alive when its last window goes, and ends it as [`quit`] does otherwise.
pub(crate) fn on_event(app: &AppHandle, event: &RunEvent) {
    let RunEvent::ExitRequested { api, code, .. } = event else { return };
    if app.state::<Shell>().quitting.load(Ordering::SeqCst) {
        return;
    }
    api.prevent_exit();
    if code.is_some() {
        tauri::async_runtime::spawn(quit(app.clone()));
    }
}

/// The system or the session tells the app to end.
#[cfg(unix)]
pub(crate) async fn when_told(app: AppHandle) {
    use tokio::signal::unix::{SignalKind, signal};
    let signals = (
        signal(SignalKind::terminate()),
        signal(SignalKind::interrupt()),
        signal(SignalKind::hangup()),
    );
    let (Ok(mut stop), Ok(mut interrupt), Ok(mut hung_up)) = signals else { return };
    tokio::select! {
        _ = stop.recv() => {}
        _ = interrupt.recv() => {}
        _ = hung_up.recv() => {}
    }
    quit(app).await;
}
