//! The settings that the window changes; each is a value of `config.toml`.

use std::path::Path;
use std::time::Duration;

use super::Engine;
use crate::problem::Problem;
use crate::store::config::ConfigError;
use crate::store::settings::{self, Theme};
use crate::view::LanguageSetting;

impl Engine {
    /// Pauses keeping fresh, or goes on with it.
    ///
    /// # Errors
    ///
    /// A [`Problem`] when the configuration can't be changed.
    pub fn set_keep_fresh(&self, keep_fresh: bool) -> Result<(), Problem> {
        self.set(|folder| settings::set_keep_fresh(folder, keep_fresh))
    }

    /// Turns notifications off, or on again.
    ///
    /// # Errors
    ///
    /// A [`Problem`] when the configuration can't be changed.
    pub fn set_notify(&self, notify: bool) -> Result<(), Problem> {
        self.set(|folder| settings::set_notify(folder, notify))
    }

    /// Makes the window light or dark.
    ///
    /// # Errors
    ///
    /// A [`Problem`] when the configuration can't be changed.
    pub fn set_theme(&self, theme: Theme) -> Result<(), Problem> {
        self.set(|folder| settings::set_theme(folder, theme))
    }

    /// Says how long a copied token stays in the clipboard.
    ///
    /// # Errors
    ///
    /// A [`Problem`] when the configuration can't be changed.
    pub fn set_clipboard_seconds(&self, seconds: u64) -> Result<(), Problem> {
        self.set(|folder| settings::set_clipboard_seconds(folder, seconds))
    }

    /// How long a copied token stays in the clipboard; the usual time while the configuration is broken.
    pub fn clipboard_time(&self) -> Duration {
        self.config().unwrap_or_default().clipboard_time
    }

    /// What the desktop app is set to speak; what the system speaks while the configuration is broken.
    pub fn language_setting(&self) -> LanguageSetting {
        self.config().unwrap_or_default().language
    }

    /// Sets what the desktop app speaks.
    ///
    /// # Errors
    ///
    /// A [`Problem`] when the configuration can't be changed.
    pub fn set_language(&self, language: LanguageSetting) -> Result<(), Problem> {
        self.set(|folder| settings::set_language(folder, language))
    }

    fn set(&self, set: impl FnOnce(&Path) -> Result<(), ConfigError>) -> Result<(), Problem> {
        let set = set(&self.context.folders.config);
        self.touch();
        set.map_err(|error| self.problem(&error.into(), None))
    }
}
