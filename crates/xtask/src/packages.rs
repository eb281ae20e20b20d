//! The system packages of Debian and its relatives.

use crate::setup::Purpose;

/// A package, why it is needed, and whether the window alone needs it.
struct Package {
    name: &'static str,
    window: bool,
}

const fn window(name: &'static str) -> Package {
    Package { name, window: true }
}

const fn tests(name: &'static str) -> Package {
    Package { name, window: false }
}

/// The first ones build the app, the others make a desktop where there is none.
const PACKAGES: [Package; 22] = [
    window("build-essential"),
    window("pkg-config"),
    window("libwebkit2gtk-4.1-dev"),
    window("libayatana-appindicator3-dev"),
    window("librsvg2-dev"),
    window("libdbus-1-dev"),
    window("xdg-utils"),
    tests("webkit2gtk-driver"),
    tests("xvfb"),
    tests("dbus"),
    tests("dbus-x11"),
    tests("gnome-keyring"),
    tests("libsecret-tools"),
    tests("libglib2.0-bin"),
    tests("chromium"),
    tests("chromium-driver"),
    tests("procps"),
    tests("xclip"),
    tests("xdotool"),
    tests("fonts-noto-core"),
    tests("desktop-file-utils"),
    tests("util-linux"),
];

/// The names needed for a purpose.
pub(crate) fn needed(purpose: Purpose) -> Vec<&'static str> {
    let wanted = |package: &&Package| purpose == Purpose::Headless || package.window;
    PACKAGES.iter().filter(wanted).map(|package| package.name).collect()
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
    }
}
