//! What is to be said, before it is said in a language.

use std::sync::Arc;
use std::{fmt, path};

use birdkey_foreign::Foreign;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::catalogue::{self, Fact};
use crate::language::Language;
use crate::scopes::Scope;

/// Something to say: a key of the catalogue with its facts, or a text as it is.
///
/// `Display` and `Serialize` say it in the language of the process, `Debug` in English. What it was
/// serialized to is read back as a text.
#[derive(Clone, PartialEq, Eq)]
pub struct Words(Arc<Form>);

#[derive(PartialEq, Eq)]
enum Form {
    /// Said as it is. Ours or not, it is one line that moves no cursor.
    Text(Foreign),
    Number(u64),
    Message {
        key: &'static str,
        values: Vec<(&'static str, Words)>,
    },
    Sentences(Vec<Words>),
}

impl Words {
    /// What [`crate::words!`] makes, which is how to write it.
    #[doc(hidden)]
    pub fn message(key: &'static str, values: Vec<(&'static str, Self)>) -> Self {
        Self(Arc::new(Form::Message { key, values }))
    }

    /// Several sentences, one after the other.
    pub fn sentences(sentences: impl IntoIterator<Item = Self>) -> Self {
        Self(Arc::new(Form::Sentences(sentences.into_iter().collect())))
    }

    /// The text in a language.
    pub fn in_language(&self, language: Language) -> String {
        match &*self.0 {
            Form::Text(text) => text.terminal().to_string(),
            Form::Number(number) => number.to_string(),
            Form::Message { key, values } => {
                let fact = |(name, value): &(&'static str, Self)| Fact {
                    name,
                    text: value.in_language(language),
                    number: value.number(),
                };
                catalogue::said(language, key, &values.iter().map(fact).collect::<Vec<_>>())
            }
            Form::Sentences(sentences) => {
                let texts = sentences.iter().map(|sentence| sentence.in_language(language));
                texts.filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" ")
            }
        }
    }

    /// The same for a reader who expects English: a log, or a person at a command.
    pub fn in_english(&self) -> String {
        self.in_language(Language::English)
    }

    /// Whether its text holds this.
    pub fn contains(&self, part: &str) -> bool {
        self.to_string().contains(part)
    }

    /// The number, when it is one.
    fn number(&self) -> Option<u64> {
        match *self.0 {
            Form::Number(number) => Some(number),
            Form::Text(_) | Form::Message { .. } | Form::Sentences(_) => None,
        }
    }
}

impl Scope {
    /// What it allows.
    pub fn words(&'static self) -> Words {
        Words::message(self.key(), Vec::new())
    }
}

impl fmt::Display for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.in_language(Language::current()))
    }
}

impl fmt::Debug for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.in_english(), f)
    }
}

impl Serialize for Words {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Words {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::from)
    }
}

impl From<&str> for Words {
    fn from(text: &str) -> Self {
        Foreign::long(text).into()
    }
}

impl From<String> for Words {
    fn from(text: String) -> Self {
        text.as_str().into()
    }
}

impl From<&String> for Words {
    fn from(text: &String) -> Self {
        text.as_str().into()
    }
}

impl From<Foreign> for Words {
    fn from(text: Foreign) -> Self {
        Self(Arc::new(Form::Text(text)))
    }
}

impl From<&Foreign> for Words {
    fn from(text: &Foreign) -> Self {
        text.clone().into()
    }
}

impl From<path::Display<'_>> for Words {
    fn from(path: path::Display<'_>) -> Self {
        path.to_string().into()
    }
}

impl From<&Words> for Words {
    fn from(words: &Words) -> Self {
        words.clone()
    }
}

impl From<u64> for Words {
    fn from(number: u64) -> Self {
        Self(Arc::new(Form::Number(number)))
    }
}

impl From<u32> for Words {
    fn from(number: u32) -> Self {
        u64::from(number).into()
    }
}

impl From<u16> for Words {
    fn from(number: u16) -> Self {
        u64::from(number).into()
    }
}

impl From<usize> for Words {
    fn from(number: usize) -> Self {
        u64::try_from(number).unwrap_or(u64::MAX).into()
    }
}

#[cfg(test)]
mod tests {
    use birdkey_foreign::Foreign;

    use super::Words;
    use crate::language::Language;
    use crate::words;

    #[test]
    fn words_of_words_are_said_in_one_language() {
        let inner = words!("test.counted", count = 2_u64);
        let outer = words!("test.around", inner = inner, path = "/home/{inner}");
        let both = Words::sentences([outer, "".into(), "as it is".into()]);

        let english = both.in_language(Language::English);
        assert_eq!(english, "It says 2 tries at /home/{inner}. as it is");
        let german = both.in_language(Language::German);
        assert_eq!(german, "Es heißt 2 Versuche in /home/{inner}. as it is");
    }

    #[test]
    fn whatever_is_put_in_stays_in_its_line() {
        let name = "Ada\u{1b}[2J\n\u{202e}";
        let words = words!("test.around", inner = Foreign::new(name), path = name.to_owned());
        assert_eq!(words.in_english(), "It says Ada [2J at Ada [2J.");
    }

    #[test]
    fn the_count_decides_and_a_lack_shows() {
        let said = |words: Words| words.in_english();
        assert_eq!(said(words!("test.counted", count = 1_u64)), "1 try");
        assert_eq!(said(words!("test.counted", count = 0_u64)), "0 tries");
        assert_eq!(said(words!("test.around", path = "/")), "It says {inner} at /.");
        assert_eq!(said(words!("test.nowhere")), "test.nowhere");
    }

    #[test]
    fn what_is_written_down_comes_back_as_text() {
        let words = words!("test.counted", count = 2_u64);
        let text = serde_json::to_string(&words).unwrap();
        assert_eq!(text, "\"2 tries\"");
        let back: Words = serde_json::from_str(&text).unwrap();
        assert_eq!(back.in_language(Language::German), "2 tries");
    }
}
