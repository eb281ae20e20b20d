//! What the app speaks: what is set, else what the system speaks. Only the app sets it for its
//! process; the command stays English.

use std::path::Path;
use std::sync::Arc;

use birdkey::Engine;
use birdkey::store::config;
use birdkey::view::{DesktopView, LanguageSetting};
use birdkey_messages::Language;

/// Speaks it from the start; called before anything is said.
pub(crate) fn start(config_folder: &Path) {
    // A broken configuration is told later, by the View.
    speak(config::read(config_folder).unwrap_or_default().language);
}

/// Goes on with another language whenever another is set, by whomever.
pub(crate) async fn follow(engine: Arc<Engine>) {
    let mut changes = engine.changes();
    while changes.changed().await.is_ok() {
        changes.mark_unchanged();
        let setting = engine.language_setting();
        let shown = engine.view().desktop.map(|desktop| desktop.language_setting);
        if shown != Some(setting) {
            speak(setting);
            engine.change_desktop(|desktop| show(desktop, setting));
        }
    }
}

/// Shows the language and what it is set to.
pub(crate) fn show(desktop: &mut DesktopView, setting: LanguageSetting) {
    desktop.language = Language::current().into();
    desktop.language_setting = setting;
}

fn speak(setting: LanguageSetting) {
    setting.language(of_the_system()).set();
}

/// English where the system speaks nothing that Birdkey does.
#[cfg(target_os = "linux")]
fn of_the_system() -> Language {
    of_locale(|name| std::env::var(name).ok())
}

#[cfg(not(target_os = "linux"))]
fn of_the_system() -> Language {
    let tag = sys_locale::get_locale().unwrap_or_default();
    Language::from_tag(&tag).unwrap_or(Language::English)
}

/// The first of these variables that is set decides (POSIX.1-2024, XBD 8.2).
#[cfg(target_os = "linux")]
fn of_locale(variable: impl Fn(&str) -> Option<String>) -> Language {
    let named = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().filter_map(variable);
    let locale = named.into_iter().find(|locale| !locale.is_empty());
    locale.and_then(|locale| Language::from_tag(&locale)).unwrap_or(Language::English)
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::{Language, of_locale};

    #[test]
    fn the_first_variable_that_is_set_decides() {
        let table: [(&[(&str, &str)], Language); 6] = [
            (&[("LANG", "de_DE.UTF-8")], Language::German),
            (&[("LC_ALL", ""), ("LANG", "de_AT")], Language::German),
            (&[("LC_MESSAGES", "en_US.UTF-8"), ("LANG", "de_DE.UTF-8")], Language::English),
            (&[("LC_ALL", "C"), ("LANG", "de_DE.UTF-8")], Language::English),
            (&[("LANG", "fr_FR.UTF-8")], Language::English),
            (&[], Language::English),
        ];
        for (variables, expected) in table {
            let variable = |name: &str| {
                let found = variables.iter().find(|(set, _)| *set == name);
                found.map(|(_, value)| (*value).to_owned())
            };
            assert_eq!(of_locale(variable), expected, "{variables:?}");
        }
    }
}
