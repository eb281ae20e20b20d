//! The catalogue: read on first use, and filled with facts.

use std::collections::HashMap;
use std::sync::OnceLock;

use serde::Deserialize;

use crate::language::Language;
use crate::pseudo;
use crate::scopes::{self, Texts};

/// The files of one language; those of a test come last. `whole` says when they are more than what a
/// browser is shown.
macro_rules! files {
    ($language:literal, $whole:meta) => {
        [
            include_str!(concat!("../catalogue/", $language, "/pages.json")),
            include_str!(concat!("../catalogue/", $language, "/sandbox.json")),
            #[cfg($whole)]
            include_str!(concat!("../catalogue/", $language, "/problems.json")),
            #[cfg($whole)]
            include_str!(concat!("../catalogue/", $language, "/shell.json")),
            #[cfg($whole)]
            include_str!(concat!("../catalogue/", $language, "/doctor.json")),
            #[cfg($whole)]
            include_str!(concat!("../catalogue/", $language, "/codes.json")),
            #[cfg(test)]
            include_str!(concat!("../tests/", $language, ".json")),
        ]
    };
}

type Catalogue = HashMap<String, Message>;

/// What stands at a key.
#[derive(Deserialize)]
#[serde(untagged)]
enum Message {
    Always(String),
    Counted { one: String, other: String },
}

/// What is put into a message.
pub(crate) struct Fact {
    pub(crate) name: &'static str,
    pub(crate) text: String,
    /// The number, when it is one; that called `count` chooses the plural.
    pub(crate) number: Option<u64>,
}

/// A message with its facts. Where a language lacks it English is said, and else the key.
pub(crate) fn said(language: Language, key: &str, facts: &[Fact]) -> String {
    let translated = of(language).get(key).or_else(|| of(Language::English).get(key));
    let template = match translated {
        Some(Message::Always(text)) => text,
        Some(Message::Counted { one, other }) => {
            let count = facts.iter().find(|fact| fact.name == "count");
            if count.and_then(|count| count.number) == Some(1) { one } else { other }
        }
        None => key,
    };
    match language {
        Language::English | Language::German => filled(template, facts, str::to_owned),
        Language::Pseudo => pseudo::bracketed(&filled(template, facts, pseudo::accented)),
    }
}

/// Puts the facts in, in one pass: a fact that looks like a placeholder stays what it is.
fn filled(template: &str, facts: &[Fact], spell: impl Fn(&str) -> String) -> String {
    let mut text = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, name, after)) = placeholder(rest) {
        text.push_str(&spell(before));
        match facts.iter().find(|fact| fact.name == name) {
            Some(fact) => text.push_str(&fact.text),
            None => text.extend(["{", name, "}"]),
        }
        rest = after;
    }
    text + &spell(rest)
}

/// What stands before the first placeholder, its name, and what stands behind it.
fn placeholder(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once('{')?;
    let (name, after) = rest.split_once('}')?;
    Some((before, name, after))
}

fn of(language: Language) -> &'static Catalogue {
    static ENGLISH: OnceLock<Catalogue> = OnceLock::new();
    static GERMAN: OnceLock<Catalogue> = OnceLock::new();
    match language {
        Language::English | Language::Pseudo => {
            ENGLISH.get_or_init(|| read(&files!("en", all()), |texts| &texts.en))
        }
        Language::German => GERMAN.get_or_init(|| {
            read(&files!("de", any(test, feature = "whole-german")), |texts| &texts.de)
        }),
    }
}

/// The files of one language, and what the scopes allow in it. A file that can't be read has no words; a
/// test reads all of them.
fn read(files: &[&str], spoken: impl Fn(&Texts) -> &str) -> Catalogue {
    let files = files.iter().filter_map(|file| serde_json::from_str::<Catalogue>(file).ok());
    let scopes = scopes::all()
        .iter()
        .map(|scope| (scope.key().to_owned(), Message::Always(spoken(scope.texts()).to_owned())));
    files.flatten().chain(scopes).collect()
}
