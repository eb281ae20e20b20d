//! Starting with the session. On Linux by an entry of our own: the library's knows no quotes and no
//! `XDG_CONFIG_HOME`, and takes any file of its name for one that works.

use tauri::AppHandle;

/// Whether the app starts with the session; unknown where the system does not tell.
#[cfg(target_os = "linux")]
pub(crate) fn is_on(app: &AppHandle) -> Option<bool> {
    linux::is_on(app)
}

/// Starts it with the session, or no longer.
#[cfg(target_os = "linux")]
pub(crate) fn set(app: &AppHandle, on: bool) -> Result<(), String> {
    linux::set(app, on).map_err(|error| error.to_string())
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn is_on(app: &AppHandle) -> Option<bool> {
    use tauri_plugin_autostart::ManagerExt as _;
    app.autolaunch().is_enabled().ok()
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn set(app: &AppHandle, on: bool) -> Result<(), String> {
    use tauri_plugin_autostart::ManagerExt as _;
    let autostart = app.autolaunch();
    let set = if on { autostart.enable() } else { autostart.disable() };
    set.map_err(|error| error.to_string())
}

#[cfg(target_os = "linux")]
mod linux {
    use std::fs;
    use std::io;
    use std::path::PathBuf;

    use birdkey_messages::{Language, words};
    use tauri::{AppHandle, Manager as _};

    use crate::entry;

    const ARGUMENTS: &str = "--hidden";

    /// The entry (Desktop Application Autostart Specification).
    fn place(app: &AppHandle) -> io::Result<PathBuf> {
        let config = app.path().config_dir().map_err(io::Error::other)?;
        Ok(config.join("autostart").join("birdkey.desktop"))
    }

    pub(super) fn is_on(app: &AppHandle) -> Option<bool> {
        let exec = entry::exec_line(app, ARGUMENTS).ok()?;
        match fs::read_to_string(place(app).ok()?) {
            Ok(entry) => {
                let has = |line: &str| entry.lines().any(|one| one == line);
                Some(has(&exec) && !has("Hidden=true") && !has("X-GNOME-Autostart-enabled=false"))
            }
            Err(error) => (error.kind() == io::ErrorKind::NotFound).then_some(false),
        }
    }

    pub(super) fn set(app: &AppHandle, on: bool) -> io::Result<()> {
        let place = place(app)?;
        if !on {
            return entry::remove(&place);
        }
        let exec = entry::exec_line(app, ARGUMENTS)?;
        entry::write(&place, &text(&exec))
    }

    /// In all languages at once: the desktop shows that of its user.
    fn text(exec: &str) -> String {
        let comment = words!("autostart.comment");
        let german = comment.in_language(Language::German);
        format!(
            "[Desktop Entry]\nType=Application\nName=Birdkey\n\
             Comment={}\nComment[de]={german}\nIcon=birdkey\nTerminal=false\n{exec}\n",
            comment.in_english()
        )
    }
}
