//! The language of the desktop app, as it is set and as it is.

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
    /// The pretend language, for whoever tests layouts and translations.
    Pseudo,
}

/// What the desktop app speaks now.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, TS)]
#[ts(export, rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum LanguageView {
    /// English.
    #[default]
    En,
    /// German.
    De,
    /// The pretend language, written from right to left.
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

impl From<Language> for LanguageView {
    fn from(language: Language) -> Self {
        match language {
            Language::English => Self::En,
            Language::German => Self::De,
            Language::Pseudo => Self::Pseudo,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Language, LanguageSetting, LanguageView};

    #[test]
    fn settings_and_languages_go_by_one_name_everywhere() {
        for setting in LanguageSetting::ALL {
            assert_eq!(serde_json::to_value(setting).unwrap(), setting.as_str());
            let language = setting.language(Language::German);
            let shown = serde_json::to_value(LanguageView::from(language)).unwrap();
            assert_eq!(shown, language.tag());
            let expected = if setting == LanguageSetting::System { "de" } else { setting.as_str() };
            assert_eq!(language.tag(), expected);
        }
    }
}
