//! Settings of `config.toml` that window and command change, one value each.

use std::path::Path;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::config::{ConfigError, edit};
use super::config_merge::set;
use crate::model::language::LanguageSetting;

/// Light or dark.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// As the system.
    #[default]
    System,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

impl Theme {
    fn as_str(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

/// What a default is set for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DefaultOf {
    /// The app that `birdkey login` means.
    App,
    /// The account that `birdkey token` means.
    Account,
}

impl DefaultOf {
    fn key(self) -> &'static str {
        match self {
            Self::App => "default_app",
            Self::Account => "default_account",
        }
    }
}

/// Says which app or account is meant when none is named.
///
/// # Errors
///
/// [`ConfigError`]; a broken file stays as it is.
pub fn set_default(folder: &Path, which: DefaultOf, id: &str) -> Result<(), ConfigError> {
    edit(folder, |document| {
        set(document.as_table_mut(), which.key(), id);
    })
}

/// Says whether accounts are refreshed ahead of their expiry.
///
/// # Errors
///
/// [`ConfigError`]; a broken file stays as it is.
pub fn set_keep_fresh(folder: &Path, keep_fresh: bool) -> Result<(), ConfigError> {
    edit(folder, |document| {
        set(document.as_table_mut(), "keep_fresh", keep_fresh);
    })
}

/// Says whether the app notifies of what happens while its window is closed.
///
/// # Errors
///
/// [`ConfigError`]; a broken file stays as it is.
pub fn set_notify(folder: &Path, notify: bool) -> Result<(), ConfigError> {
    edit(folder, |document| {
        set(document.as_table_mut(), "notify", notify);
    })
}

/// Says whether the window is light or dark.
///
/// # Errors
///
/// [`ConfigError`]; a broken file stays as it is.
pub fn set_theme(folder: &Path, theme: Theme) -> Result<(), ConfigError> {
    edit(folder, |document| {
        set(document.as_table_mut(), "theme", theme.as_str());
    })
}

/// Says how long a copied token stays in the clipboard, in seconds; out of range takes the nearest.
///
/// # Errors
///
/// [`ConfigError`]; a broken file stays as it is.
pub fn set_clipboard_seconds(folder: &Path, seconds: u64) -> Result<(), ConfigError> {
    let range = super::config::CLIPBOARD_RANGE_SECONDS;
    let seconds = seconds.clamp(*range.start(), *range.end());
    edit(folder, |document| {
        set(
            document.as_table_mut(),
            "clipboard_seconds",
            i64::try_from(seconds).unwrap_or(i64::MAX),
        );
    })
}

/// Says what the desktop app speaks.
///
/// # Errors
///
/// [`ConfigError`]; a broken file stays as it is.
pub fn set_language(folder: &Path, language: LanguageSetting) -> Result<(), ConfigError> {
    edit(folder, |document| {
        set(document.as_table_mut(), "language", language.as_str());
    })
}
