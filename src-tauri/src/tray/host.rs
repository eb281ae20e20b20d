//! Whether this desktop shows tray icons: somebody owns the watcher's name on the session bus
//! (freedesktop.org's `StatusNotifierItem`). GNOME does only with an extension, and a panel may end.

use std::time::Duration;

use futures_util::StreamExt as _;
use tauri::AppHandle;
use tokio::time::timeout;
use zbus::Connection;
use zbus::fdo::DBusProxy;

/// At the start of a session the panel may come later than the app.
const PANEL_STARTS: Duration = Duration::from_secs(8);

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
    if names.name_has_owner(WATCHER.try_into()?).await? {
        set(app, true);
    } else if let Ok(Some(change)) = timeout(PANEL_STARTS, changes.next()).await {
        set(app, change.args()?.new_owner().is_some());
    } else {
        set(app, false);
    }
    while let Some(change) = changes.next().await {
        set(app, change.args()?.new_owner().is_some());
    }
    Ok(())
}

fn set(app: &AppHandle, hosted: bool) {
    super::set_hosted(app, hosted);
    if !hosted {
        super::is_missing(app);
    }
    tracing::info!(hosted, "tray");
}
