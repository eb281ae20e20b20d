//! `config.toml`: the apps and settings; made to be edited by hand.
//!
//! Unknown keys and comments are kept; a broken file is reported and never overwritten.

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Deserialize;
use serde_spanned::Spanned;
use toml_edit::{DocumentMut, Item, Table, value};

use super::config_app::AppEntry;
use super::config_merge;
use super::config_values::{Broken, Range, language, seconds};
use super::settings::Theme;
use crate::effects::files::{self, FileError, OurFile, User};
use crate::effects::vault::VaultKind;
use crate::model::app::App;
use crate::model::language::LanguageSetting;
use crate::store::accounts::Account;

/// The version of the file's format.
const FORMAT: u32 = 1;
/// How long a login waits for the user unless set otherwise.
pub const LOGIN_TIMEOUT: Duration = Duration::from_mins(5);
/// The shortest and longest settable login time-out, in seconds.
pub const LOGIN_TIMEOUT_SECONDS: Range = 1..=3_600;

/// How long a copied token stays in the clipboard unless set otherwise.
pub const CLIPBOARD_TIME: Duration = Duration::from_mins(1);
/// The shortest and longest settable time in the clipboard, in seconds.
pub(super) const CLIPBOARD_RANGE_SECONDS: Range = 5..=600;

/// The configuration as it stands.
#[derive(Debug, Clone)]
pub struct Config {
    /// The apps, in the order of the file.
    pub apps: Vec<App>,
    /// How long a login waits for the user.
    pub login_timeout: Duration,
    /// The id of the app meant when none is named.
    pub default_app: Option<String>,
    /// The id of the account meant when none is named.
    pub default_account: Option<String>,
    /// Which vault was asked for.
    pub vault: VaultSection,
    /// Whether accounts in use are refreshed ahead of their expiry while the app runs.
    pub keep_fresh: bool,
    /// Whether the app notifies of what happens while its window is closed.
    pub notify: bool,
    /// How long a copied token stays in the clipboard.
    pub clipboard_time: Duration,
    /// Light or dark.
    pub theme: Theme,
    /// What the desktop app speaks; the command speaks English.
    pub language: LanguageSetting,
}

/// `[vault]`
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct VaultSection {
    /// Keychain or encrypted files; not set means the keychain, or wherever the grants are.
    pub kind: Option<VaultKind>,
    /// The file with the identity that opens the encrypted files.
    pub identity_file: Option<PathBuf>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            apps: Vec::new(),
            login_timeout: LOGIN_TIMEOUT,
            default_app: None,
            default_account: None,
            vault: VaultSection::default(),
            keep_fresh: true,
            notify: true,
            clipboard_time: CLIPBOARD_TIME,
            theme: Theme::default(),
            language: LanguageSetting::default(),
        }
    }
}

impl Config {
    /// The app named, else the default.
    pub(crate) fn app_meant<'a>(&'a self, given: Option<&'a str>) -> Option<&'a str> {
        let known = |id: &str| self.apps.iter().any(|app| app.id == id);
        or_default(given, self.default_app.as_deref(), known)
    }

    /// The account named, else the default.
    pub(crate) fn account_meant<'a>(
        &'a self,
        given: Option<&'a str>,
        accounts: &[Account],
    ) -> Option<&'a str> {
        let known = |id: &str| accounts.iter().any(|account| account.id == id);
        or_default(given, self.default_account.as_deref(), known)
    }
}

/// Why there is no configuration.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file can't be read or written.
    #[error(transparent)]
    File(#[from] FileError),
    /// The file is not what it should be.
    #[error("{} has an error in line {line}, column {column}: {reason}", path.display())]
    Broken {
        /// The file.
        path: PathBuf,
        /// Counted from 1; 0 when the place is not known.
        line: usize,
        /// Counted from 1; 0 when the place is not known.
        column: usize,
        /// In one clause.
        reason: String,
    },
    /// This is root, and the folder is another user's.
    #[error("the settings in {} are those of {}", folder.display(), owner.called())]
    OfAnother {
        /// The folder.
        folder: PathBuf,
        /// Whose it is.
        owner: User,
    },
    /// A newer version of this program wrote it.
    #[error("{} has format {found}, newer than {FORMAT}", path.display())]
    Newer {
        /// The file.
        path: PathBuf,
        /// The format found.
        found: u32,
    },
}

#[derive(Deserialize)]
struct File {
    version: Option<u32>,
    default_app: Option<String>,
    default_account: Option<String>,
    keep_fresh: Option<bool>,
    notify: Option<bool>,
    clipboard_seconds: Option<Spanned<u64>>,
    language: Option<Spanned<String>>,
    #[serde(default)]
    theme: Theme,
    #[serde(default)]
    apps: std::collections::BTreeMap<String, Spanned<AppEntry>>,
    #[serde(default)]
    login: LoginSection,
    #[serde(default)]
    vault: VaultSection,
}

#[derive(Deserialize, Default)]
struct LoginSection {
    timeout_seconds: Option<Spanned<u64>>,
}

/// What is given, else the default that is set, when what it names is still there.
fn or_default<'a>(
    given: Option<&'a str>,
    default: Option<&'a str>,
    known: impl Fn(&str) -> bool,
) -> Option<&'a str> {
    given.or_else(|| default.filter(|id| known(id)))
}

/// Reads the configuration; a missing file is an empty one.
///
/// # Errors
///
/// [`ConfigError`] with line and column where it can be told.
pub fn read(folder: &Path) -> Result<Config, ConfigError> {
    let path = OurFile::config(folder);
    let text = files::read_text(&path)?.unwrap_or_default();
    parse(&path, &text).map(|(config, _)| config)
}

/// Adds an app, or replaces the one with its id.
///
/// # Errors
///
/// [`ConfigError`]; a broken file stays as it is.
pub fn put_app(folder: &Path, app: &App) -> Result<(), ConfigError> {
    edit_knowing(folder, |document, config| {
        let apps = document.entry("apps").or_insert_with(|| {
            let mut table = Table::new();
            table.set_implicit(true);
            Item::Table(table)
        });
        let Some(apps) = apps.as_table_like_mut() else { return };
        let section = apps.get_mut(&app.id).and_then(Item::as_table_like_mut);
        let before = config.apps.iter().find(|one| one.id == app.id);
        if let (Some(section), Some(before)) = (section, before) {
            config_merge::change(section, &AppEntry::table(before), &AppEntry::table(app));
        } else {
            apps.insert(&app.id, Item::Table(AppEntry::table(app)));
        }
    })
}

/// Removes an app; its grants are not touched.
///
/// # Errors
///
/// [`ConfigError`]; a broken file stays as it is.
pub fn remove_app(folder: &Path, id: &str) -> Result<(), ConfigError> {
    edit(folder, |document| super::config_comments::remove_app(document, id))
}

/// Makes the configuration say which vault is used, if it says so at all.
///
/// # Errors
///
/// [`ConfigError`]; a broken file stays as it is.
pub fn set_vault_kind(folder: &Path, kind: VaultKind) -> Result<(), ConfigError> {
    if read(folder)?.vault.kind.is_none_or(|written| written == kind) {
        return Ok(());
    }
    edit(folder, |document| set_in_vault(document, "kind", kind.as_str()))
}

/// Names the file with the identity that opens the encrypted files.
///
/// # Errors
///
/// [`ConfigError`]; a broken file stays as it is.
pub fn set_identity_file(folder: &Path, file: &Path) -> Result<(), ConfigError> {
    let text = file.to_string_lossy();
    edit(folder, |document| set_in_vault(document, "identity_file", text.as_ref()))
}

fn set_in_vault(document: &mut DocumentMut, key: &str, value: &str) {
    let section = document.entry("vault").or_insert_with(|| Item::Table(Table::new()));
    if let Some(section) = section.as_table_like_mut() {
        config_merge::set(section, key, value);
    }
}

/// Makes sure that the settings are this user's to change: root, by `sudo`, leaves another user's alone.
///
/// # Errors
///
/// [`ConfigError::OfAnother`].
pub fn may_be_changed(folder: &Path) -> Result<(), ConfigError> {
    match files::host(folder) {
        Some(owner) => Err(ConfigError::OfAnother { folder: folder.to_owned(), owner }),
        None => Ok(()),
    }
}

/// Reads, changes and writes the file under its lock.
pub(super) fn edit(
    folder: &Path,
    change: impl FnOnce(&mut DocumentMut),
) -> Result<(), ConfigError> {
    edit_knowing(folder, |document, _| change(document))
}

fn edit_knowing(
    folder: &Path,
    change: impl FnOnce(&mut DocumentMut, &Config),
) -> Result<(), ConfigError> {
    may_be_changed(folder)?;
    let path = OurFile::config(folder);
    let _lock = files::lock(&OurFile::config_lock(folder))?;
    let text = files::read_text(&path)?.unwrap_or_default();
    let (config, mut document) = parse(&path, &text)?;
    if !document.contains_key("version") {
        document.insert("version", value(i64::from(FORMAT)));
    }
    change(&mut document, &config);
    Ok(files::write_text(&path, &document.to_string())?)
}

fn parse(path: &Path, text: &str) -> Result<(Config, DocumentMut), ConfigError> {
    let broken = |error: &toml_edit::de::Error| at(path, text, error.span(), error.message());
    let file: File = toml_edit::de::from_str(text).map_err(|error| broken(&error))?;
    if let Some(found) = file.version.filter(|version| *version > FORMAT) {
        return Err(ConfigError::Newer { path: path.to_owned(), found });
    }
    let document: DocumentMut = text
        .parse()
        .map_err(|error: toml_edit::TomlError| at(path, text, error.span(), error.message()))?;
    let broken = |(span, reason): Broken| at(path, text, Some(span), reason);
    let login_timeout = seconds(
        file.login.timeout_seconds.as_ref(),
        LOGIN_TIMEOUT_SECONDS,
        LOGIN_TIMEOUT,
        "timeout_seconds takes 1 to 3600",
    )
    .map_err(broken)?;
    let clipboard_time = seconds(
        file.clipboard_seconds.as_ref(),
        CLIPBOARD_RANGE_SECONDS,
        CLIPBOARD_TIME,
        "clipboard_seconds takes 5 to 600",
    )
    .map_err(broken)?;
    let language = language(file.language.as_ref()).map_err(broken)?;
    let (default_app, default_account) = (file.default_app.clone(), file.default_account.clone());
    let vault = file.vault.clone();
    let (keep_fresh, notify) = (file.keep_fresh.unwrap_or(true), file.notify.unwrap_or(true));
    let apps = apps_of(path, text, file.apps, &document)?;
    let config = Config {
        apps,
        login_timeout,
        default_app,
        default_account,
        vault,
        keep_fresh,
        notify,
        clipboard_time,
        theme: file.theme,
        language,
    };
    Ok((config, document))
}

/// The apps in the order of the file.
fn apps_of(
    path: &Path,
    text: &str,
    mut entries: std::collections::BTreeMap<String, Spanned<AppEntry>>,
    document: &DocumentMut,
) -> Result<Vec<App>, ConfigError> {
    let mut apps = Vec::new();
    for id in order_of(document) {
        let Some(entry) = entries.remove(&id) else { continue };
        let span = entry.span();
        let app = entry
            .into_inner()
            .into_app(&id)
            .map_err(|error| at(path, text, Some(span), &error.to_string()))?;
        apps.push(app);
    }
    Ok(apps)
}

/// The ids in the order of the file, which a map would lose.
fn order_of(document: &DocumentMut) -> Vec<String> {
    let apps = document.get("apps").and_then(Item::as_table_like);
    apps.map(|apps| apps.iter().map(|(id, _)| id.to_owned()).collect()).unwrap_or_default()
}

/// Turns a byte range into line and column.
fn at(path: &Path, text: &str, span: Option<std::ops::Range<usize>>, reason: &str) -> ConfigError {
    let place = span.and_then(|span| text.get(..span.start));
    let line = place.map_or(0, |before| before.matches('\n').count() + 1);
    let column = place
        .map_or(0, |before| before.rsplit('\n').next().unwrap_or_default().chars().count() + 1);
    let reason = reason.lines().next().unwrap_or_default().to_owned();
    ConfigError::Broken { path: path.to_owned(), line, column, reason }
}

#[cfg(test)]
#[path = "config_tests.rs"]
mod tests;
