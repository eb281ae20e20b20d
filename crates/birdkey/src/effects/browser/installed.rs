//! The browsers of this machine and their profiles, for a login in another one than usual.

use std::path::{Path, PathBuf};

use ini::Ini;
use serde_json::Value;

use super::commands::{CommandLine, PLACEHOLDER};
use super::environment::Environment;

/// A browser, or one profile of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Installed {
    /// Tells it apart from the others on this machine.
    pub id: String,
    /// As the system calls it, e.g. `Firefox`.
    pub name: String,
    /// As the browser calls the profile; `None` when it has but one.
    pub profile: Option<String>,
    pub(super) command: CommandLine,
}

/// A browser as the system knows it, before its profiles.
struct Found {
    id: String,
    name: String,
    words: Vec<String>,
}

/// Where browsers of Chromium's family keep their profiles below the folder of configurations, by the
/// beginning of the program's name.
const CHROMIUM_FAMILY: [(&str, &str); 6] = [
    ("chromium", "chromium"),
    ("google-chrome", "google-chrome"),
    ("brave", "BraveSoftware/Brave-Browser"),
    ("microsoft-edge", "microsoft-edge"),
    ("vivaldi", "vivaldi"),
    ("opera", "opera"),
];

/// All, by name; one entry for each profile where there are several.
pub(super) fn all(environment: &Environment) -> Vec<Installed> {
    let mut found = of_the_system(environment);
    found.sort_by_key(|it| it.name.to_lowercase());
    found.dedup_by(|a, b| a.words == b.words);
    found.iter().flat_map(|found| with_profiles(found, environment)).collect()
}

fn with_profiles(found: &Found, environment: &Environment) -> Vec<Installed> {
    let installed = |profile: Option<(&str, Vec<String>)>| {
        let (name, arguments) = profile.unzip();
        let mut words = found.words.clone();
        // Before the address, which comes last.
        let at = words.iter().position(|word| word == PLACEHOLDER).unwrap_or(words.len());
        words.splice(at..at, arguments.unwrap_or_default());
        Some(Installed {
            id: name.map_or_else(|| found.id.clone(), |name| format!("{} {name}", found.id)),
            name: found.name.clone(),
            profile: name.map(str::to_owned),
            command: CommandLine::from_words(words)?,
        })
    };
    let profiles = profiles(&found.words, environment);
    if profiles.len() < 2 {
        return installed(None).into_iter().collect();
    }
    profiles.iter().filter_map(|(name, words)| installed(Some((name, words.clone())))).collect()
}

/// The profiles of a browser: how it calls each, and the arguments that choose it.
fn profiles(words: &[String], environment: &Environment) -> Vec<(String, Vec<String>)> {
    let program = words.first().map(Path::new).and_then(Path::file_name);
    let program = program.unwrap_or_default().to_string_lossy().to_lowercase();
    if program.starts_with("firefox") {
        return firefox_profiles(environment).unwrap_or_default();
    }
    let family = CHROMIUM_FAMILY.iter().find(|(name, _)| program.starts_with(name));
    let folder = family.and_then(|(_, folder)| Some(configurations(environment)?.join(folder)));
    folder.and_then(|folder| chromium_profiles(&folder)).unwrap_or_default()
}

fn firefox_profiles(environment: &Environment) -> Option<Vec<(String, Vec<String>)>> {
    let folder = home(environment)?.join(".mozilla/firefox/profiles.ini");
    let file = Ini::load_from_file(folder).ok()?;
    let profiles = file.iter().filter(|(section, _)| section.is_some_and(is_profile));
    let names = profiles.filter_map(|(_, entries)| entries.get("Name"));
    Some(names.map(|name| (name.to_owned(), vec!["-P".into(), name.to_owned()])).collect())
}

fn is_profile(section: &str) -> bool {
    section.starts_with("Profile")
}

fn chromium_profiles(folder: &Path) -> Option<Vec<(String, Vec<String>)>> {
    let state = std::fs::read_to_string(folder.join("Local State")).ok()?;
    let state: Value = serde_json::from_str(&state).ok()?;
    let known = state.pointer("/profile/info_cache")?.as_object()?;
    let profiles = known.iter().map(|(directory, profile)| {
        let name = profile.get("name").and_then(Value::as_str).unwrap_or(directory);
        (name.to_owned(), vec![format!("--profile-directory={directory}")])
    });
    Some(profiles.collect())
}

fn home(environment: &Environment) -> Option<PathBuf> {
    environment.text("HOME").map(PathBuf::from)
}

fn configurations(environment: &Environment) -> Option<PathBuf> {
    let set = environment.text("XDG_CONFIG_HOME").map(PathBuf::from);
    set.or_else(|| Some(home(environment)?.join(".config")))
}

/// By their desktop entries (freedesktop.org Desktop Entry Specification 1.5).
#[cfg(not(any(windows, target_os = "macos")))]
fn of_the_system(environment: &Environment) -> Vec<Found> {
    let own = environment.text("XDG_DATA_HOME").map(PathBuf::from);
    let own = own.or_else(|| Some(home(environment)?.join(".local/share")));
    let all = environment.text("XDG_DATA_DIRS");
    let all = all.unwrap_or_else(|| "/usr/local/share:/usr/share".to_owned());
    let folders = own.into_iter().chain(std::env::split_paths(&all));
    let mut found = Vec::<Found>::new();
    for folder in folders {
        let Ok(entries) = std::fs::read_dir(folder.join("applications")) else { continue };
        for entry in entries.flatten() {
            let id = entry.file_name().to_string_lossy().into_owned();
            // The user's own entry goes before the system's of the same name.
            if id.ends_with(".desktop") && !found.iter().any(|found| found.id == id) {
                found.extend(of_entry(id, &entry.path(), environment));
            }
        }
    }
    found
}

#[cfg(not(any(windows, target_os = "macos")))]
fn of_entry(id: String, path: &Path, environment: &Environment) -> Option<Found> {
    // Exec has rules of its own for backslashes.
    let options = ini::ParseOption { enabled_escape: false, ..Default::default() };
    let file = Ini::load_from_file_opt(path, options).ok()?;
    let entry = file.section(Some("Desktop Entry"))?;
    let is = |name: &str| entry.get(name) == Some("true");
    let opens_pages = entry.get("MimeType")?.split(';').any(|it| it == "x-scheme-handler/https");
    if !opens_pages || is("Hidden") || is("NoDisplay") {
        return None;
    }
    let mut words = super::commands::words_of(entry.get("Exec")?)?;
    let is_field = |word: &String| word.len() == 2 && word.starts_with('%');
    for word in &mut words {
        if word.eq_ignore_ascii_case("%u") || word.eq_ignore_ascii_case("%f") {
            PLACEHOLDER.clone_into(word);
        }
    }
    words.retain(|word| word == PLACEHOLDER || !is_field(word));
    environment.has_program(words.first()?).then_some(())?;
    Some(Found { id, name: entry.get("Name")?.to_owned(), words })
}

/// By the names of their bundles.
#[cfg(target_os = "macos")]
fn of_the_system(environment: &Environment) -> Vec<Found> {
    const KNOWN: [&str; 9] = [
        "Safari",
        "Firefox",
        "Google Chrome",
        "Chromium",
        "Brave Browser",
        "Microsoft Edge",
        "Vivaldi",
        "Opera",
        "Arc",
    ];
    let own = home(environment).map(|home| home.join("Applications"));
    let folders: Vec<_> = own.into_iter().chain([PathBuf::from("/Applications")]).collect();
    let there = |name: &str| folders.iter().any(|it| it.join(format!("{name}.app")).is_dir());
    let known = KNOWN.into_iter().filter(|name| there(name));
    known
        .map(|name| Found {
            id: name.to_owned(),
            name: name.to_owned(),
            words: vec!["open".into(), "-a".into(), name.into()],
        })
        .collect()
}

/// By the usual places of their programs.
#[cfg(windows)]
fn of_the_system(environment: &Environment) -> Vec<Found> {
    const KNOWN: [(&str, &str); 5] = [
        ("Firefox", r"Mozilla Firefox\firefox.exe"),
        ("Google Chrome", r"Google\Chrome\Application\chrome.exe"),
        ("Microsoft Edge", r"Microsoft\Edge\Application\msedge.exe"),
        ("Brave", r"BraveSoftware\Brave-Browser\Application\brave.exe"),
        ("Vivaldi", r"Vivaldi\Application\vivaldi.exe"),
    ];
    let folders = ["ProgramFiles", "ProgramFiles(x86)", "LOCALAPPDATA"];
    let folders: Vec<_> = folders.iter().filter_map(|name| environment.text(name)).collect();
    let program = |path: &str| {
        let paths = folders.iter().map(|folder| Path::new(folder).join(path));
        paths.into_iter().find(|path| path.is_file())
    };
    let known = KNOWN.into_iter().filter_map(|(name, path)| Some((name, program(path)?)));
    known
        .map(|(name, path)| Found {
            id: name.to_owned(),
            name: name.to_owned(),
            words: vec![path.to_string_lossy().into_owned()],
        })
        .collect()
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests {
    use std::path::Path;

    use super::{Environment, all};

    fn put(path: &Path, text: &str) {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    fn entry(name: &str, exec: &str, more: &str) -> String {
        format!(
            "[Desktop Entry]\nType=Application\nName={name}\nName[de]=Anders\nExec={exec}\n\
             MimeType=text/html;x-scheme-handler/https;\n{more}\n[Desktop Action new]\nName=Other\nExec=other\n"
        )
    }

    #[test]
    fn browsers_are_found_by_their_entries_and_told_apart_by_their_profiles() {
        let root = tempfile::tempdir().unwrap();
        let (home, data) = (root.path().join("home"), root.path().join("share"));
        let program = |name: &str| {
            let path = root.path().join("bin").join(name);
            put(&path, "");
            path.display().to_string()
        };
        let of = |name: &str| data.join("applications").join(format!("{name}.desktop"));
        put(&of("firefox"), &entry("Firefox", &format!("{} %u", program("firefox-esr")), ""));
        put(&of("chromium"), &entry("Chromium", &format!("{} %U", program("chromium")), ""));
        put(&of("hidden"), &entry("Hidden", &program("hidden"), "NoDisplay=true"));
        put(&of("gone"), &entry("Gone", "/no/such/program %u", ""));
        put(&of("notes"), "[Desktop Entry]\nName=Notes\nExec=notes\nMimeType=text/plain;\n");
        put(&of("broken"), "no entry at all");
        put(
            &home.join(".mozilla/firefox/profiles.ini"),
            "[Install1]\nDefault=a\n[Profile1]\nName=work\n[Profile0]\nName=default\n[General]\nVersion=2\n",
        );
        put(
            &home.join(".config/chromium/Local State"),
            r#"{"profile":{"info_cache":{"Default":{"name":"Person 1"}}}}"#,
        );
        let variables = [("HOME", home.as_path()), ("XDG_DATA_DIRS", data.as_path())];
        let variables = variables.map(|(name, path)| (name.into(), path.into()));

        let found = all(&Environment::new(variables));

        let told: Vec<_> =
            found.iter().map(|it| (it.name.as_str(), it.profile.as_deref())).collect();
        let expected =
            [("Chromium", None), ("Firefox", Some("work")), ("Firefox", Some("default"))];
        assert_eq!(told, expected);
        assert_eq!(found[0].command.arguments_for("https://x"), ["https://x"]);
        assert_eq!(found[1].command.arguments_for("https://x"), ["-P", "work", "https://x"]);
        assert_ne!(found[1].id, found[2].id);
    }
}
