//! The contract, judged from outside: `docs/json.md` against what is printed.

mod document;
mod samples;

use std::collections::BTreeSet;

use serde_json::Value;

use super::words::{
    ACCOUNT_STATES, CHECKS, CLIENT_TYPES, EVENTS, LEVELS, PROVIDERS, REVOCATION_STATES, VAULT_KINDS,
};
use super::{PRINTED, VERSION};
use document::{Document, Field};
use samples::{SECRET, samples};

/// Goes through what is printed, by the document.
struct Reader {
    document: Document,
    /// The objects that were met.
    objects: BTreeSet<String>,
    /// The fields that were null, and those that were not, as `object.field`.
    nulls: BTreeSet<String>,
    values: BTreeSet<String>,
}

impl Reader {
    fn new() -> Self {
        let [objects, nulls, values] = [const { BTreeSet::new() }; 3];
        Self { document: Document::read(), objects, nulls, values }
    }

    /// One whole output.
    fn printed(&mut self, name: &str, mut printed: Value) {
        let version = printed.as_object_mut().unwrap().remove("version");
        assert_eq!(version, Some(VERSION.into()), "{name}");
        self.object(name, &printed);
    }

    fn object(&mut self, name: &str, object: &Value) {
        let fields = self.document.fields_of(name);
        let documented: BTreeSet<_> = fields.iter().map(|field| field.name.as_str()).collect();
        let printed: BTreeSet<_> = object.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(printed, documented, "the fields of {name}: printed, and in docs/json.md");
        self.objects.insert(name.to_owned());
        for field in &fields {
            self.field(&format!("{name}.{}", field.name), field, &object[&field.name]);
        }
    }

    fn field(&mut self, at: &str, field: &Field, value: &Value) {
        if value.is_null() && field.may_be_null {
            self.nulls.insert(at.to_owned());
            return;
        }
        self.values.insert(at.to_owned());
        match field.kind.strip_prefix("list of ") {
            None => self.value(at, &field.kind, value),
            Some(kind) => {
                value.as_array().unwrap().iter().for_each(|value| self.value(at, kind, value));
            }
        }
    }

    fn value(&mut self, at: &str, kind: &str, value: &Value) {
        let is_of_its_kind = match kind {
            "text" | "word" | "code" => value.is_string() && value != SECRET,
            "secret" => value == SECRET,
            "number" | "time" => value.is_i64(),
            "true or false" => value.is_boolean(),
            name => {
                self.object(name, value);
                true
            }
        };
        assert!(is_of_its_kind, "{at} is documented as {kind}, and printed as {value}");
    }
}

#[test]
fn every_field_is_printed_as_documented_and_documented_as_printed() {
    let mut reader = Reader::new();
    let mut names = BTreeSet::new();
    for (name, printed) in samples() {
        reader.printed(name, printed);
        names.insert(name);
    }

    assert_eq!(names, PRINTED.iter().copied().collect(), "each object has a sample");
    let documented: BTreeSet<_> = reader.document.objects().collect();
    let met: BTreeSet<_> = reader.objects.iter().map(String::as_str).collect();
    assert_eq!(documented, met, "nothing is documented that is not printed");
    for (at, field) in reader.document.all() {
        assert!(reader.values.contains(&at), "no sample has {at}");
        let was_null = reader.nulls.contains(&at);
        assert_eq!(field.may_be_null, was_null, "{at} is never null, against the document");
    }
}

#[test]
fn every_value_of_a_set_is_documented() {
    let sets = [
        ("Account.state", ACCOUNT_STATES),
        ("App.provider", PROVIDERS),
        ("App.clientType", CLIENT_TYPES),
        ("Revocation.state", REVOCATION_STATES),
        ("Vault.kind", VAULT_KINDS),
        ("vault show.kind", VAULT_KINDS),
        ("vault use.kind", VAULT_KINDS),
        ("Entry.event", EVENTS),
        ("Finding.check", CHECKS),
        ("Finding.level", LEVELS),
    ];
    let document = Document::read();
    let mut words: Vec<_> = document.all().filter(|(_, field)| field.kind == "word").collect();
    words.sort_by_key(|(at, _)| sets.iter().position(|(of, _)| of == at));
    assert_eq!(words.len(), sets.len(), "each field that is a word has a set");
    for ((at, field), (of, set)) in words.iter().zip(sets) {
        let mut documented = field.quoted();
        documented.retain(|word| word != "problem" || set == LEVELS);
        assert_eq!(
            (at.as_str(), documented),
            (of, set.iter().map(|it| (*it).to_owned()).collect())
        );
    }
}

#[test]
fn only_three_fields_hold_a_secret() {
    let document = Document::read();
    let secret = document.all().filter(|(_, field)| field.kind == "secret").map(|(at, _)| at);
    let expected = ["ConfidentialApp.clientSecret", "token.accessToken", "vault identity.identity"];
    assert_eq!(secret.collect::<Vec<_>>(), expected);
}

#[test]
fn times_are_named_as_such() {
    for (at, field) in Document::read().all() {
        assert_eq!(field.kind == "time", field.name.ends_with("Ms"), "{at}");
    }
}

#[test]
fn the_examples_of_the_document_are_what_it_describes() {
    let mut reader = Reader::new();
    let [status, failure] = reader.document.examples();
    reader.printed("status", status);
    reader.printed("Failure", failure);
    let version = format!("`version`, now {VERSION}.");
    assert!(reader.document.text().contains(&version), "{version}");
}
