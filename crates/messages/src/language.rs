//! The languages, and which one this process speaks.

use std::sync::atomic::{AtomicU8, Ordering};

/// What this process speaks; English until [`Language::set`] is called, which the command never does.
static CURRENT: AtomicU8 = AtomicU8::new(0);

/// A language that Birdkey speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// English, which all others are translated from.
    English,
    /// German.
    German,
    /// A pretend language that shows what is not translated, too narrow, or laid out for one direction.
    Pseudo,
}

/// Which way a language is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// From left to right.
    LeftToRight,
    /// From right to left.
    RightToLeft,
}

impl Language {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::English, Self::German, Self::Pseudo];

    /// The one that a tag or the name of a locale asks for (`de-AT`, `de_DE.UTF-8`); `None` for all
    /// that Birdkey does not speak.
    pub fn from_tag(tag: &str) -> Option<Self> {
        let name = tag.split(['-', '_', '.', '@']).next().unwrap_or_default();
        Self::ALL.into_iter().find(|language| name.eq_ignore_ascii_case(language.tag()))
    }

    /// Its name in settings and for the window: `en`, `de` or `pseudo`.
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
            Self::Pseudo => "pseudo",
        }
    }

    /// Its tag by BCP 47, as pages name it; the pretend one has the tag that is set aside for such.
    pub fn html_tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
            Self::Pseudo => "en-XA",
        }
    }

    /// Which way it is written.
    pub fn direction(self) -> Direction {
        match self {
            Self::English | Self::German => Direction::LeftToRight,
            Self::Pseudo => Direction::RightToLeft,
        }
    }

    /// What this process speaks now.
    pub fn current() -> Self {
        let number = CURRENT.load(Ordering::Relaxed);
        Self::ALL.into_iter().find(|it| *it as u8 == number).unwrap_or(Self::English)
    }

    /// Makes this the language of the process: what is shown from now on is in it.
    pub fn set(self) {
        CURRENT.store(self as u8, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::Language;

    #[test]
    fn a_tag_or_locale_is_known_by_its_language() {
        let table = [
            ("de", Some(Language::German)),
            ("de-AT", Some(Language::German)),
            ("de_DE.UTF-8", Some(Language::German)),
            ("DE@euro", Some(Language::German)),
            ("en_GB", Some(Language::English)),
            ("pseudo", Some(Language::Pseudo)),
            ("den", None),
            ("C", None),
            ("fr_FR.UTF-8", None),
            ("", None),
        ];
        for (tag, language) in table {
            assert_eq!(Language::from_tag(tag), language, "{tag:?}");
        }
    }
}
