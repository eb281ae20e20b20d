//! The language of the desktop app, as it is.

use birdkey_messages::Language;
use serde::Serialize;
use ts_rs::TS;

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
    use super::{Language, LanguageView};
    use crate::model::language::LanguageSetting;

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
