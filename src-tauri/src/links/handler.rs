//! Who the system hands links to. A package's entry always comes first: through it links reach
//! whatever copy of the app runs, a portable one too. Only where there is none a portable copy
//! makes an entry of the user's own, and takes it away once a package is there.

use birdkey::effects::deep_link::SCHEME;
use tauri::AppHandle;
use tauri_plugin_deep_link::{DeepLinkExt as _, Error};

/// Registers this copy where nothing else is.
#[cfg(target_os = "linux")]
pub(super) fn register(app: &AppHandle) -> Result<(), Error> {
    use gtk::gio::AppInfo;
    use gtk::prelude::AppInfoExt as _;
    let is_own = |info: &AppInfo| info.id().is_some_and(|id| id.ends_with("-handler.desktop"));
    let all = AppInfo::all_for_type(&format!("x-scheme-handler/{SCHEME}"));
    let packaged = all.iter().any(|info| !is_own(info));
    let own = all.iter().any(is_own);
    tracing::debug!(packaged, own, "who receives links");
    match (packaged, own) {
        (true, true) => app.deep_link().unregister(SCHEME),
        (true, false) => Ok(()),
        // Again even if it is there: this copy may lie elsewhere than the one that made it.
        (false, _) => app.deep_link().register(SCHEME),
    }
}

#[cfg(windows)]
pub(super) fn register(app: &AppHandle) -> Result<(), Error> {
    if app.deep_link().is_registered(SCHEME)? {
        return Ok(());
    }
    app.deep_link().register(SCHEME)
}

/// The bundle's `Info.plist` registers it, and nothing else can.
#[cfg(not(any(target_os = "linux", windows)))]
#[expect(clippy::unnecessary_wraps, reason = "the others can fail")]
pub(super) fn register(_app: &AppHandle) -> Result<(), Error> {
    Ok(())
}
