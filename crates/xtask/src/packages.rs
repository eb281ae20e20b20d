//! The system packages of Debian and its relatives.

/// What the machine is set up for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Building the app and opening its window.
    Window,
    /// That, and everything the tests need or a machine without a display lacks.
    Headless,
    /// Building the app and making packages of it.
    Packages,
    /// All of it.
    Everything,
}

/// Why a package is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Need {
    /// The app is built with it.
    Window,
    /// It makes a desktop where there is none, and looks at it.
    Tests,
    /// It makes packages and checks them.
    Packages,
}

use Need::{Packages, Tests, Window};

const PACKAGES: [(&str, Need); 36] = [
    ("build-essential", Window),
    ("pkg-config", Window),
    ("libwebkit2gtk-4.1-dev", Window),
    ("libayatana-appindicator3-dev", Window),
    ("librsvg2-dev", Window),
    ("libdbus-1-dev", Window),
    ("xdg-utils", Window),
    ("webkit2gtk-driver", Tests),
    ("xvfb", Tests),
    ("dbus", Tests),
    ("dbus-x11", Tests),
    ("gnome-keyring", Tests),
    ("libsecret-tools", Tests),
    ("libglib2.0-bin", Tests),
    ("chromium", Tests),
    ("chromium-driver", Tests),
    ("python3-venv", Tests),
    ("procps", Tests),
    ("xclip", Tests),
    ("xdotool", Tests),
    ("fonts-noto-core", Tests),
    ("fonts-dejavu-core", Tests),
    ("desktop-file-utils", Tests),
    ("util-linux", Tests),
    ("time", Tests),
    ("curl", Tests),
    ("systemd", Tests),
    ("dpkg-dev", Packages),
    ("librsvg2-bin", Packages),
    ("rpm", Packages),
    ("lintian", Packages),
    ("rpmlint", Packages),
    ("appstream", Packages),
    ("imagemagick", Packages),
    ("desktop-file-utils", Packages),
    ("hicolor-icon-theme", Packages),
];

/// The names needed for a purpose.
pub(crate) fn needed(purpose: Purpose) -> Vec<&'static str> {
    let wanted = |need: Need| match purpose {
        Purpose::Window => need == Window,
        Purpose::Headless => need != Packages,
        Purpose::Packages => need != Tests,
        Purpose::Everything => true,
    };
    let mut needed: Vec<_> =
        PACKAGES.iter().filter(|(_, need)| wanted(*need)).map(|(name, _)| *name).collect();
    needed.sort_unstable();
    needed.dedup();
    needed
}

/// Those of `needed` that `listing` (`Package Status` lines of dpkg-query) does not show as installed.
pub(crate) fn missing<'a>(needed: &[&'a str], listing: &str) -> Vec<&'a str> {
    let installed =
        |name: &str| listing.lines().any(|line| line.split_once(' ') == Some((name, "installed")));
    needed.iter().copied().filter(|name| !installed(name)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_installed_packages_are_not_missing() {
        let listing = "xvfb installed\ndbus config-files\ndbus-x11 not-installed\n";
        assert_eq!(
            missing(&["xvfb", "dbus", "dbus-x11", "xclip"], listing),
            ["dbus", "dbus-x11", "xclip"]
        );
    }

    #[test]
    fn the_window_alone_needs_no_browser() {
        assert!(!needed(Purpose::Window).contains(&"chromium"));
        assert!(needed(Purpose::Headless).contains(&"libwebkit2gtk-4.1-dev"));
        assert!(!needed(Purpose::Headless).contains(&"lintian"));
        assert!(!needed(Purpose::Packages).contains(&"chromium"));
        assert!(needed(Purpose::Everything).contains(&"chromium"));
    }
}
