//! Whether this desktop shows tray icons: somebody owns the watcher's name on the session bus
//! (freedesktop.org's `StatusNotifierItem`). GNOME does only with an extension, and a panel may end.

use std::sync::atomic::Ordering;

use futures_util::StreamExt as _;
use tauri::{AppHandle, Manager as _};
use zbus::Connection;
use zbus::fdo::DBusProxy;

use crate::notices;
use crate::shell::Shell;

const WATCHER: &str = "org.kde.StatusNotifierWatcher";

/// Follows the watcher for as long as there is a bus.
pub(super) async fn watch(app: AppHandle) {
    if let Err(error) = follow(&app).await {
        tracing::info!(%error, "no session bus, so no tray");
        set(&app, false);
    }
}

async fn follow(app: &AppHandle) -> zbus::Result<()> {
    let bus = Connection::session().await?;
    let names = DBusProxy::new(&bus).await?;
    let mut changes = names.receive_name_owner_changed_with_args(&[(0, WATCHER)]).await?;
    let owned = names.name_has_owner(WATCHER.try_into()?).await?;
    set(app, owned);
    while let Some(change) = changes.next().await {
        set(app, change.args()?.new_owner().is_some());
    }
    Ok(())
}

/// Says once that there is no tray; from then on closing the window minimizes it.
fn set(app: &AppHandle, hosted: bool) {
    let shell = app.state::<Shell>();
    let was_hosted = shell.tray.hosted.swap(hosted, Ordering::SeqCst);
    tracing::info!(hosted, "tray");
    if !hosted {
        notices::no_tray(app);
        if was_hosted {
            crate::window::keep_reachable(app);
        }
    }
}
