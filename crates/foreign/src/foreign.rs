//! The type.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::characters::clean;

/// The longest text, in characters: nothing that is shown in a line is longer.
const MAX_CHARS: usize = 200;
/// The longest of several joined, in characters: a path of most systems fits.
const MAX_JOINED_CHARS: usize = 4_096;

/// A text that others wrote: cleaned when it arrives, shown only by a function for the place.
///
/// It is one line without control characters, direction marks and other hidden characters, of at most
/// 200 characters. There is no `Display`, `Deref` or `AsRef`. `Serialize` and `Deserialize` are those of
/// a text, so that JSON and our files hold it as such; `Debug` is for the log.
///
/// ```
/// let name = birdkey_foreign::Foreign::new("Ada\u{1b}[2J\u{202e}");
/// assert_eq!(name.terminal().to_string(), "Ada [2J");
/// assert_eq!(format!("{name:?}"), "\"Ada [2J\"");
/// ```
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Foreign(String);

/// A part of a text that is put together.
#[derive(Debug, Clone, Copy)]
pub enum Part<'a> {
    /// Ours.
    Own(&'a str),
    /// Another's.
    Foreign(&'a Foreign),
}

impl Foreign {
    /// Takes over what another wrote.
    pub fn new(text: &str) -> Self {
        Self(clean(text, MAX_CHARS))
    }

    /// Takes over what may well be longer, such as the path of a file.
    pub fn long(text: &str) -> Self {
        Self(clean(text, MAX_JOINED_CHARS))
    }

    /// Puts texts together, such as a name and what stands in brackets behind it.
    pub fn joined<'a>(parts: impl IntoIterator<Item = Part<'a>>) -> Self {
        let text: String = parts
            .into_iter()
            .map(|part| match part {
                Part::Own(text) => text,
                Part::Foreign(foreign) => &foreign.0,
            })
            .collect();
        Self::long(&text)
    }

    /// Several as a list, with this between them.
    pub fn list<'a>(texts: impl IntoIterator<Item = &'a Self>, between: &str) -> Self {
        let texts: Vec<_> = texts.into_iter().map(|text| text.0.as_str()).collect();
        Self::long(&texts.join(between))
    }

    /// Whether nothing is left to be seen.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether this is what a person typed, in whatever case.
    pub fn is_named(&self, typed: &str) -> bool {
        self.0.eq_ignore_ascii_case(typed)
    }

    /// The same for what another wrote elsewhere.
    pub fn eq_ignore_case(&self, other: &Self) -> bool {
        self.is_named(&other.0)
    }

    /// For one line of a terminal.
    pub fn terminal(&self) -> impl fmt::Display + '_ {
        Line(&self.0)
    }

    /// For the label of an item, which the keychain's own window shows.
    pub fn label(&self) -> impl fmt::Display + '_ {
        Line(&self.0)
    }

    /// The text, when it is a word that every shell takes as it is: ASCII letters, digits and `_`.
    pub fn word(&self) -> Option<&str> {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        Some(self.0.as_str()).filter(|word| !word.is_empty() && word.bytes().all(plain))
    }

    /// The text itself: for a key, a comparison or a file of ours, never for a person.
    ///
    /// # Security
    ///
    /// A tidy test lists the files that call it.
    pub fn raw(&self) -> &str {
        &self.0
    }
}

/// Cleaned text is all that a line of plain text takes.
struct Line<'a>(&'a str);

impl fmt::Display for Line<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.0)
    }
}

impl From<&str> for Foreign {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl From<String> for Foreign {
    fn from(text: String) -> Self {
        Self::new(&text)
    }
}

impl PartialEq<str> for Foreign {
    fn eq(&self, other: &str) -> bool {
        self.0 == other
    }
}

impl PartialEq<&str> for Foreign {
    fn eq(&self, other: &&str) -> bool {
        self.0 == *other
    }
}

impl fmt::Debug for Foreign {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, formatter)
    }
}

impl Serialize for Foreign {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

/// Cleaned again: a file of ours may have been written by an older version, or by hand.
impl<'de> Deserialize<'de> for Foreign {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|text| Self::long(&text))
    }
}

#[cfg(test)]
mod tests {
    use super::{Foreign, Part};

    #[test]
    fn a_long_name_does_not_push_out_what_stands_behind_it() {
        let (name, user) = (Foreign::new(&"x".repeat(500)), Foreign::new("eve"));
        let parts = [Part::Foreign(&name), Part::Own(" (@"), Part::Foreign(&user), Part::Own(")")];
        let shown = Foreign::joined(parts).terminal().to_string();
        assert!(shown.ends_with("x (@eve)") && shown.len() == 207, "{shown}");
    }

    #[test]
    fn a_file_holds_it_as_text_and_an_older_one_is_cleaned() {
        let name: Foreign = serde_json::from_str("\"A\\u001b[2Jb\\u202e\"").unwrap();
        assert_eq!(serde_json::to_string(&name).unwrap(), "\"A [2Jb\"");
    }
}
