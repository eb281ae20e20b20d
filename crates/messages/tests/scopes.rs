//! The file of X's scopes, and the page of the documents that is written from it.
//!
//! After a change: `INSTA_UPDATE=always cargo test -p birdkey-messages --test scopes` writes
//! `docs/scopes.md`; then look at the diff.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;

use birdkey_messages::scopes::{self, Access, NeverSent, Price, Scope, State, Unit};
use birdkey_messages::{Language, Words};
use serde_json::Value;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/catalogue/scopes.json");
const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/scopes.md");

/// The file as it is, each entry an object.
fn entries() -> Vec<Value> {
    let file: Value = serde_json::from_str(&fs::read_to_string(FILE).unwrap()).unwrap();
    file["scopes"].as_array().unwrap().clone()
}

#[test]
fn every_entry_is_read_in_the_order_of_the_file_and_none_is_there_twice() {
    let written: Vec<_> = entries().iter().map(|entry| entry["name"].to_string()).collect();
    let read: Vec<_> = scopes::all().iter().map(|scope| format!("{:?}", scope.name)).collect();
    assert_eq!(read, written);
    assert_eq!(read.iter().collect::<BTreeSet<_>>().len(), read.len());
    assert!(read.len() >= 30, "{} scopes", read.len());
    for scope in scopes::all() {
        assert_eq!(scopes::of(&scope.name).unwrap().name, scope.name);
    }
    assert!(scopes::of("openid").is_none());
}

#[test]
fn an_entry_has_these_fields_and_no_others() {
    let fields = ["access", "group", "name", "prices", "state", "words"];
    for entry in entries() {
        let keys = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
        assert_eq!(keys(&entry), fields, "{entry}");
        assert_eq!(keys(&entry["words"]), ["de", "en"], "{entry}");
        for price in entry["prices"].as_array().unwrap() {
            assert_eq!(keys(price), ["per", "usd"], "{entry}");
        }
    }
}

#[test]
fn the_words_are_there_in_every_language_under_the_key_of_the_catalogue() {
    for entry in entries() {
        let scope = scopes::of(entry["name"].as_str().unwrap()).unwrap();
        // Keys are literals everywhere else; here they come from the file.
        let key: &'static str = format!("scope.{}", scope.name).leak();
        for (language, tag) in [(Language::English, "en"), (Language::German, "de")] {
            let text = entry["words"][tag].as_str().unwrap();
            assert!(!text.is_empty() && !text.contains(['{', '<']), "{key}: {text:?}");
            assert_eq!(scope.words().in_language(language), text);
            assert_eq!(Words::message(key, Vec::new()).in_language(language), text);
        }
        let pseudo = scope.words().in_language(Language::Pseudo);
        assert!(pseudo.starts_with('⟦') && !pseudo.contains(key), "{pseudo}");
        assert_ne!(entry["words"]["en"], entry["words"]["de"]);
    }
}

#[test]
fn the_name_says_whether_a_scope_reads_or_writes() {
    for scope in scopes::all() {
        let Scope { name, access, .. } = scope;
        let (_, end) = name.rsplit_once('.').unwrap();
        assert_eq!(*access == Access::Write, end == "write", "{name}");
        assert!(*access == Access::Read || end != "read", "{name}");
        assert!(scope.prices.iter().all(|price| price.usd > 0.0), "{}", scope.name);
    }
}

#[test]
fn a_name_never_to_send_is_no_scope_and_its_right_name_is_one() {
    let known = ["account.follows.read", "account.follows.write", "follow.read", "offline_access"];
    for name in known.into_iter().chain(["billing.write"]) {
        assert!(scopes::never_sent(name).is_some(), "{name}");
    }
    for NeverSent { name, instead } in scopes::never() {
        assert!(scopes::of(name).is_none(), "{name} is among the scopes");
        assert!(instead.as_ref().is_none_or(|right| scopes::of(right).is_some()), "{name}");
        assert_eq!(scopes::never_sent(name).unwrap().instead, *instead);
    }
    assert!(scopes::never_sent("offline.access").is_none());
}

#[test]
fn the_page_of_scopes_says_what_the_file_says() {
    let page = fs::read_to_string(PAGE).unwrap();
    let (written_by_hand, _) = page.split_once("## All scopes\n").unwrap();
    let expected = format!("{written_by_hand}## All scopes\n\n{}", tables());
    if std::env::var("INSTA_UPDATE").is_ok_and(|update| update == "always") {
        fs::write(PAGE, &expected).unwrap();
        return;
    }
    assert!(page == expected, "docs/scopes.md is not up to date: see the top of this test");
}

fn tables() -> String {
    let mut text =
        String::from("| Scope | Allows to | Access | X charges about |\n|---|---|---|---|\n");
    for scope in scopes::all() {
        let prices: Vec<_> = scope.prices.iter().map(price_in_words).collect();
        let Scope { name, access, .. } = scope;
        let access = format!("{access:?}").to_lowercase();
        writeln!(text, "| `{name}` | {} | {access} | {} |", allows(scope), prices.join(", "))
            .unwrap();
    }
    writeln!(
        text,
        "\nPrices are those of X's price list of {}. An empty field means that Birdkey knows no price, not that \
         the calls are free.\n\n## Names never to send\n\nX has no scope with these names; it seems to ignore them without \
         an error. `birdkey login` warns about them, except for other servers.\n\n| Wrong name | Right name |\n|---|---|",
        scopes::prices_as_of()
    )
    .unwrap();
    for NeverSent { name, instead } in scopes::never() {
        let right = instead.as_ref().map_or("none".to_owned(), |right| format!("`{right}`"));
        writeln!(text, "| `{name}` | {right} |").unwrap();
    }
    text
}

fn price_in_words(price: &Price) -> String {
    let per = match price.per {
        Unit::Post => "post",
        Unit::PostWithLink => "post with a link",
        Unit::Profile => "profile",
        Unit::Message => "message",
        Unit::Bookmark => "bookmark",
    };
    let usd = format!("{:.3}", price.usd);
    format!("${} per {per}", usd.strip_suffix('0').unwrap_or(&usd))
}

/// What a scope allows, and whether X offers that.
fn allows(scope: &'static Scope) -> String {
    let words = scope.words().in_english();
    match scope.state {
        State::Offered => words,
        State::NotSelfServe => format!("{words} (not available on X's self-serve plans)"),
        State::Undocumented => format!("{words} (not documented by X)"),
    }
}
