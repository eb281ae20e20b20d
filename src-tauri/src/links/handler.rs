//! Who the system hands links to. A package's entry always comes first: through it links reach
//! whatever copy of the app runs, a portable one too. Only where there is none a portable copy
//! makes an entry of the user's own, and takes it away once a package is there.

#[cfg(any(target_os = "linux", windows))]
use birdkey::effects::deep_link::SCHEME;
use tauri::AppHandle;
#[cfg(any(target_os = "linux", windows))]
use tauri_plugin_deep_link::DeepLinkExt as _;
use tauri_plugin_deep_link::Error;

/// The entry of the user's own.
#[cfg(target_os = "linux")]
const ENTRY: &str = "birdkey-desktop-handler.desktop";

/// Registers this copy where nothing else is.
#[cfg(target_os = "linux")]
pub(super) fn register(app: &AppHandle) -> Result<(), Error> {
    use gtk::gio::AppInfo;
    use gtk::prelude::AppInfoExt as _;
    use tauri::Manager as _;
    let is_own = |info: &AppInfo| info.id().is_some_and(|id| id.ends_with("-handler.desktop"));
    let all = AppInfo::all_for_type(&format!("x-scheme-handler/{SCHEME}"));
    let packaged = all.iter().any(|info| !is_own(info));
    let own = all.iter().any(is_own);
    tracing::debug!(packaged, own, "who receives links");
    let folder = app.path().data_dir()?.join("applications");
    match (packaged, own) {
        (true, true) => {
            app.deep_link().unregister(SCHEME)?;
            Ok(crate::entry::remove(&folder.join(ENTRY))?)
        }
        (true, false) => Ok(()),
        // Again even if it is there: this copy may lie elsewhere than the one that made it.
        (false, _) => Ok(register_in(app, &folder)?),
    }
}

/// Not by the plugin, which puts every program between quotes and escapes nothing in it.
#[cfg(target_os = "linux")]
fn register_in(app: &AppHandle, folder: &std::path::Path) -> std::io::Result<()> {
    let exec = crate::entry::exec_line(app, "%u")?;
    let kind = format!("x-scheme-handler/{SCHEME}");
    let entry = format!(
        "[Desktop Entry]\nType=Application\nName=Birdkey\n{exec}\nIcon=birdkey\nTerminal=false\n\
         MimeType={kind};\nNoDisplay=true\n"
    );
    let place = folder.join(ENTRY);
    if !std::fs::read_to_string(&place).is_ok_and(|there| there == entry) {
        crate::entry::write(&place, &entry)?;
    }
    // Only speeds the desktop up, and is not installed everywhere.
    let database = std::process::Command::new("update-desktop-database").arg(folder).status();
    tracing::debug!(?database, "the desktop's database");
    let told = std::process::Command::new("xdg-mime").args(["default", ENTRY, &kind]).status()?;
    if told.success() { Ok(()) } else { Err(std::io::Error::other(format!("xdg-mime: {told}"))) }
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
