//! The language of the desktop app, as it is set.

use birdkey_messages::Language;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What the desktop app is set to speak; in `config.toml` by the same names.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum LanguageSetting {
    /// What the system speaks, or English when Birdkey does not speak that.
    #[default]
    System,
    /// English.
    En,
    /// German.
    De,
    /// The pretend language, for testing layouts and translations.
    Pseudo,
}

impl LanguageSetting {
    /// Every setting.
    pub const ALL: [Self; 4] = [Self::System, Self::En, Self::De, Self::Pseudo];

    /// As it is written in `config.toml`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::En => "en",
            Self::De => "de",
            Self::Pseudo => "pseudo",
        }
    }

    /// The language it leads to where the system speaks `system`.
    pub fn language(self, system: Language) -> Language {
        match self {
            Self::System => system,
            Self::En => Language::English,
            Self::De => Language::German,
            Self::Pseudo => Language::Pseudo,
        }
    }
}
