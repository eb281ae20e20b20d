//! The catalogue against itself and against the sources that use it.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

mod sources;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use birdkey_messages::{Language, Words, scopes};
use serde_json::Value;

/// What Rust says.
const OF_RUST: [&str; 6] =
    ["problems.json", "shell.json", "pages.json", "doctor.json", "sandbox.json", "codes.json"];
/// What the window says by itself.
const OF_THE_WINDOW: [&str; 7] = [
    "window/shared.json",
    "window/frame.json",
    "window/login.json",
    "window/accounts.json",
    "window/activity.json",
    "window/settings.json",
    "window/request.json",
];

/// What one language says at each key: one text, or the two forms of a plural.
type Catalogue = BTreeMap<String, BTreeMap<String, String>>;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("catalogue")
}

/// One file of a language; none when no language has it.
fn file(language: &str, name: &str) -> Option<Catalogue> {
    let text = fs::read_to_string(folder().join(language).join(name)).ok()?;
    let read: BTreeMap<String, Value> = serde_json::from_str(&text).unwrap();
    // A key that is there twice would be read once; each is on a line of its own.
    let written = text.lines().filter(|line| line.starts_with("  \"")).count();
    assert_eq!(read.len(), written, "a key of {language}/{name} is there twice");
    Some(read.iter().map(|(key, said)| (key.clone(), forms(said))).collect())
}

fn forms(said: &Value) -> BTreeMap<String, String> {
    let text = |said: &Value| said.as_str().unwrap().to_owned();
    match said.as_object() {
        Some(forms) => forms.iter().map(|(form, said)| (form.clone(), text(said))).collect(),
        None => [(String::new(), text(said))].into(),
    }
}

/// The keys that Rust says, with what English says there.
fn of_rust() -> Catalogue {
    OF_RUST.iter().flat_map(|name| file("en", name).unwrap()).collect()
}

/// What the scopes allow, which comes from a file of its own; its keys are put together.
fn of_scopes(language: Language) -> Catalogue {
    let said = |scope: &'static scopes::Scope| scope.words().in_language(language);
    let entry = |scope: &'static scopes::Scope| {
        (format!("scope.{}", scope.name), forms(&Value::String(said(scope))))
    };
    scopes::all().iter().map(entry).collect()
}

/// The names in braces, of all forms.
fn placeholders(forms: &BTreeMap<String, String>) -> BTreeSet<String> {
    let names = |text: &String| {
        let parts = text.split('{').skip(1);
        parts.map(|part| part.split_once('}').unwrap().0.to_owned()).collect::<Vec<_>>()
    };
    forms.values().flat_map(names).collect()
}

#[test]
fn each_language_says_the_same_keys_with_the_same_facts_and_forms() {
    for name in OF_RUST.into_iter().chain(OF_THE_WINDOW) {
        let (english, german) = (file("en", name), file("de", name));
        assert_eq!(english.is_some(), german.is_some(), "{name}");
        let (english, german) = (english.unwrap_or_default(), german.unwrap_or_default());
        let keys = |catalogue: &Catalogue| catalogue.keys().cloned().collect::<Vec<_>>();
        assert_eq!(keys(&english), keys(&german), "{name}");
        for (key, said) in english.iter().chain(&german) {
            assert_eq!(placeholders(&english[key]), placeholders(&german[key]), "{key}");
            assert!(said.keys().eq(english[key].keys()), "{key}");
            let forms: Vec<_> = said.keys().map(String::as_str).collect();
            assert!([vec![""], vec!["one", "other"]].contains(&forms), "{key} has {forms:?}");
            assert!(forms == [""] || placeholders(said).contains("count"), "{key} counts nothing");
            assert!(said.values().all(|text| !text.is_empty()), "{key} says nothing");
        }
    }
}

#[test]
fn every_key_is_used_and_every_used_key_is_there_with_its_facts() {
    let (catalogue, uses) = (of_rust(), sources::uses());
    assert!(uses.len() > 300, "{} uses", uses.len());
    for used in &uses {
        let mut said = BTreeSet::new();
        for key in &used.keys {
            let forms = catalogue.get(key);
            assert!(forms.is_some(), "{} says {key:?}, which is nowhere", used.place);
            said.extend(forms.map(placeholders).unwrap_or_default());
        }
        assert_eq!(said, used.names, "{} at {:?}", used.place, used.keys);
    }
    let said: BTreeSet<_> = uses.into_iter().flat_map(|used| used.keys).collect();
    let unused: Vec<_> = catalogue.keys().filter(|key| !said.contains(*key)).collect();
    assert!(unused.is_empty(), "nobody says {unused:?}");
}

#[test]
fn the_pretend_language_keeps_every_fact_and_is_a_third_longer() {
    let (mut before, mut after) = (0, 0);
    for (key, forms) in of_rust().into_iter().chain(of_scopes(Language::English)) {
        // Keys are literals everywhere else; here they come from the files.
        let key: &'static str = key.leak();
        let said = Words::message(key, Vec::new());
        let (english, pseudo) = (said.in_english(), said.in_language(Language::Pseudo));
        assert!(pseudo.starts_with('⟦') && pseudo.ends_with('⟧'), "{pseudo}");
        assert!(!english.contains(key), "{key} says itself");
        for name in placeholders(&forms) {
            assert!(pseudo.contains(&format!("{{{name}}}")), "{key} lost {name}: {pseudo}");
        }
        before += english.chars().count();
        after += pseudo.chars().count();
    }
    assert!((130..=140).contains(&(after * 100 / before)), "{after} for {before}");
}

/// What German texts put into quotes that is no text of ours.
const NOT_OURS: [&str; 2] = ["Something went wrong", "Passwörter und Verschlüsselung"];

#[test]
fn a_button_that_a_text_names_is_there_under_this_name_in_both_languages() {
    let whole = |language: Language| -> Catalogue {
        let names = OF_RUST.into_iter().chain(OF_THE_WINDOW);
        let files = names.flat_map(|name| file(language.tag(), name).unwrap());
        files.chain(of_scopes(language)).collect()
    };
    let (english, german) = (whole(Language::English), whole(Language::German));
    let mut named = 0;
    // German puts them into quotes; English, which writes them with a capital letter, says the same.
    for (key, forms) in &german {
        let quoted = forms.values().flat_map(|text| text.split('„').skip(1));
        let quoted = quoted.map(|rest| rest.split_once('“').unwrap().0);
        for name in quoted.filter(|name| !name.contains('{') && !NOT_OURS.contains(name)) {
            let buttons =
                german.iter().filter(|(_, said)| said.get("").is_some_and(|it| it == name));
            let said = &english[key][""];
            let there = buttons.map(|(button, _)| &english[button][""]).any(|it| said.contains(it));
            assert!(there, "{key} names {name:?}, which no button says, or English names another");
            named += 1;
        }
    }
    assert!(named > 9, "{named} names");
}
