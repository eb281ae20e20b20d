//! The variables a browser is started with: ours without what only our own bundle needs.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};

/// Where libraries, modules and data of a bundle are found, and how its window is drawn; a browser has
/// its own.
const OF_BUNDLES: [&str; 34] = [
    "LD_LIBRARY_PATH",
    "LD_PRELOAD",
    "DYLD_LIBRARY_PATH",
    "DYLD_FRAMEWORK_PATH",
    "DYLD_INSERT_LIBRARIES",
    "APPDIR",
    "APPIMAGE",
    "APPIMAGE_UUID",
    "ARGV0",
    "OWD",
    "GTK_PATH",
    "GTK_EXE_PREFIX",
    "GTK_DATA_PREFIX",
    "GTK_IM_MODULE_FILE",
    "GTK_MODULES",
    "GDK_PIXBUF_MODULE_FILE",
    "GDK_PIXBUF_MODULEDIR",
    "GIO_MODULE_DIR",
    "GIO_EXTRA_MODULES",
    "GSETTINGS_SCHEMA_DIR",
    "GST_PLUGIN_PATH",
    "GST_PLUGIN_PATH_1_0",
    "GST_PLUGIN_SYSTEM_PATH",
    "GST_PLUGIN_SYSTEM_PATH_1_0",
    "GST_PLUGIN_SCANNER",
    "QT_PLUGIN_PATH",
    "QT_QPA_PLATFORM_PLUGIN_PATH",
    "PYTHONHOME",
    "PYTHONPATH",
    "PERLLIB",
    "TAURI_AUTOMATION",
    "TAURI_WEBVIEW_AUTOMATION",
    "WEBKIT_EXEC_PATH",
    // Set by the app for its own window.
    "WEBKIT_SKIA_ENABLE_CPU_RENDERING",
];

/// Names under which bundles keep what a variable was before they changed it.
const KEPT_BY_BUNDLES: [&str; 2] = ["APPIMAGE_ORIGINAL_", "APPRUN_ORIGINAL_"];

/// Set by the start script of an `AppImage` together with its own libraries.
const FORCED_BY_APPIMAGES: [&str; 2] = ["GDK_BACKEND", "GTK_THEME"];

/// A snapshot of variables.
#[derive(Debug, Clone)]
pub(super) struct Environment(BTreeMap<OsString, OsString>);

impl Environment {
    pub(super) fn new(variables: impl IntoIterator<Item = (OsString, OsString)>) -> Self {
        Self(variables.into_iter().collect())
    }

    /// A variable that is set to something.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        let value = self.0.get(OsStr::new(name))?.to_string_lossy().trim().to_owned();
        (!value.is_empty()).then_some(value)
    }

    /// The same without a variable.
    pub(super) fn without(&self, name: &str) -> Self {
        let mut variables = self.0.clone();
        variables.remove(OsStr::new(name));
        Self(variables)
    }

    /// Whether a window could be shown at all.
    pub(super) fn has_display(&self) -> bool {
        cfg!(any(windows, target_os = "macos"))
            || self.text("DISPLAY").is_some()
            || self.text("WAYLAND_DISPLAY").is_some()
    }

    /// Whether there is such a program: at its path, or in a folder of `PATH`.
    pub(super) fn has_program(&self, name: &str) -> bool {
        let is_path = name.contains(std::path::is_separator);
        let path = self.0.get(OsStr::new("PATH")).cloned().unwrap_or_default();
        let mut folders = std::env::split_paths(&path);
        let there = |file: &std::path::Path| {
            file.is_file() || cfg!(windows) && file.with_extension("exe").is_file()
        };
        if is_path { there(name.as_ref()) } else { folders.any(|it| there(&it.join(name))) }
    }

    /// What a program outside our bundle is started with.
    pub(super) fn for_others(&self) -> BTreeMap<OsString, OsString> {
        let mut variables = self.0.clone();
        let bundle = self.text("APPDIR");
        for name in OF_BUNDLES {
            variables.remove(OsStr::new(name));
        }
        if let Some(bundle) = &bundle {
            for name in FORCED_BY_APPIMAGES {
                variables.remove(OsStr::new(name));
            }
            variables = variables
                .into_iter()
                .filter_map(|(name, value)| Some((name, outside(bundle, value)?)))
                .collect();
        }
        self.restore(&mut variables);
        variables
    }

    fn restore(&self, variables: &mut BTreeMap<OsString, OsString>) {
        for (kept, value) in &self.0 {
            let name = kept.to_str().and_then(|kept| {
                KEPT_BY_BUNDLES.iter().find_map(|prefix| kept.strip_prefix(prefix))
            });
            let Some(name) = name else { continue };
            variables.remove(kept);
            if !value.is_empty() {
                variables.insert(name.into(), value.clone());
            }
        }
    }
}

/// `value` without the entries that lie in the bundle; `None` when nothing is left.
fn outside(bundle: &str, value: OsString) -> Option<OsString> {
    let Some(text) = value.to_str().filter(|text| text.contains(bundle)) else {
        return Some(value);
    };
    let left: Vec<&str> = text.split(':').filter(|entry| !entry.starts_with(bundle)).collect();
    (!left.is_empty()).then(|| left.join(":").into())
}

#[cfg(test)]
mod tests {
    use super::Environment;

    #[test]
    fn variables_of_the_bundle_stay_with_us() {
        let environment = Environment::new(
            [
                ("HOME", "/home/a"),
                ("PATH", "/tmp/.mount/usr/bin:/usr/bin:/bin"),
                ("XDG_DATA_DIRS", "/tmp/.mount/usr/share"),
                ("APPDIR", "/tmp/.mount"),
                ("LD_LIBRARY_PATH", "/tmp/.mount/usr/lib"),
                ("APPRUN_ORIGINAL_LD_LIBRARY_PATH", "/opt/lib"),
                ("APPIMAGE_ORIGINAL_PYTHONHOME", ""),
                ("PYTHONHOME", "/tmp/.mount/usr"),
                ("GDK_BACKEND", "x11"),
                ("GIO_MODULE_DIR", "/tmp/.mount/gio"),
                ("TAURI_AUTOMATION", "true"),
                ("TAURI_WEBVIEW_AUTOMATION", "true"),
            ]
            .map(|(name, value)| (name.into(), value.into())),
        );
        let seen: Vec<(String, String)> = environment
            .for_others()
            .into_iter()
            .map(|(name, value)| (name.into_string().unwrap(), value.into_string().unwrap()))
            .collect();
        let expected =
            [("HOME", "/home/a"), ("LD_LIBRARY_PATH", "/opt/lib"), ("PATH", "/usr/bin:/bin")];
        assert_eq!(seen, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    }
}
