//! Starting with the session. On Linux by an entry of our own: the library's quotes nothing, knows no
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

    /// The entry (Desktop Application Autostart Specification).
    fn place(app: &AppHandle) -> io::Result<PathBuf> {
        let config = app.path().config_dir().map_err(io::Error::other)?;
        Ok(config.join("autostart").join("birdkey.desktop"))
    }

    pub(super) fn is_on(app: &AppHandle) -> Option<bool> {
        let exec = exec_line()?;
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
            return match fs::remove_file(&place) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
                Ok(()) | Err(_) => Ok(()),
            };
        }
        let exec =
            exec_line().ok_or_else(|| io::Error::other("this program's place is unknown"))?;
        if let Some(folder) = place.parent() {
            fs::create_dir_all(folder)?;
        }
        // Whole or not at all: a desktop that looks meanwhile must not read half of it.
        let half = place.with_extension("new");
        fs::write(&half, entry(&exec))?;
        fs::rename(&half, &place)
    }

    /// In all languages at once: the desktop shows that of its user.
    fn entry(exec: &str) -> String {
        let comment = words!("autostart.comment");
        let german = comment.in_language(Language::German);
        format!(
            "[Desktop Entry]\nType=Application\nName=Birdkey\n\
             Comment={}\nComment[de]={german}\nIcon=birdkey\nTerminal=false\n{exec}\n",
            comment.in_english()
        )
    }

    fn exec_line() -> Option<String> {
        let program = std::env::current_exe().ok()?;
        Some(format!("Exec={} --hidden", quoted(program.to_str()?)))
    }

    /// As the Desktop Entry Specification has it: quotes around, what means something escaped, and
    /// that once more because it is a string of the file.
    fn quoted(program: &str) -> String {
        let mut quoted = String::from("\"");
        for letter in program.chars() {
            match letter {
                '"' | '`' | '$' => quoted.extend(["\\\\", &letter.to_string()]),
                '\\' => quoted.push_str("\\\\\\\\"),
                '%' => quoted.push_str("%%"),
                _ => quoted.push(letter),
            }
        }
        quoted + "\""
    }

    #[cfg(test)]
    mod tests {
        use super::quoted;

        #[test]
        fn a_place_with_odd_letters_is_quoted() {
            assert_eq!(quoted("/usr/bin/birdkey-desktop"), "\"/usr/bin/birdkey-desktop\"");
            assert_eq!(quoted("/my apps/100%/b"), "\"/my apps/100%%/b\"");
            assert_eq!(quoted("/a$b"), r#""/a\\$b""#);
            assert_eq!(quoted(r"/a\b"), r#""/a\\\\b""#);
        }
    }
}
