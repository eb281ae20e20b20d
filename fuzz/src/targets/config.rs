//! `config.toml` as people edit it: what the program changes in it leaves everything else.

use std::path::Path;

use birdkey::app::{App, Provider};
use birdkey::failure::Failure;
use birdkey::protocol::client::ClientType;
use birdkey::protocol::scope::Scopes;
use birdkey::store::config::{self, ConfigError};
use birdkey::store::settings;
use birdkey::view::LanguageSetting;
use toml_edit::{DocumentMut, Item, Table, TableLike};

use crate::Target;
use crate::expect::{can_be_told, in_a_folder};

pub(crate) const TARGET: Target = Target {
    name: "config",
    words: &[
        "[apps.a]\n",
        "[apps.\"b c\"]\n",
        "name = \"A\"\n",
        "provider = \"x\"\n",
        "client_id = \"c\"\n",
        "client_type = \"public\"\n",
        "redirect_uris = []\n",
        "scopes = [\"tweet.read\"]\n",
        "# mine\n",
        "favorite = true\n",
        "version = 1\n",
        "[login]\n",
        "timeout_seconds = 60\n",
        "notify = false\n",
        "[vault]\n",
        "kind = \"file\"\n",
        "apps = {}\n",
        "apps.a.name = \"A\"\n",
        "[[mine]]\n",
        "\n",
        "language = \"de\"\n",
        "[apps]\n",
        "a = { name = \"A\", provider = \"x\" }\n",
        "'''",
        "default_app = \"a\"\n",
    ],
    run,
};

/// No id of ours, so that no input has it by chance.
const NEW: &str = "fuzzed-app";

fn run(text: &str) -> String {
    in_a_folder(|folder| {
        let path = folder.join("config.toml");
        std::fs::write(&path, text).unwrap();
        let now = || std::fs::read_to_string(&path).unwrap();
        let read = match config::read(folder) {
            Ok(read) => read,
            Err(error) => {
                assert!(
                    settings::set_notify(folder, true).is_err(),
                    "a broken file is not written"
                );
                assert_eq!(now(), text, "a broken file stays as it is");
                return broken(error, text);
            }
        };
        if text.contains(NEW) {
            return "has the app".into();
        }
        for change in CHANGES {
            change(folder).unwrap();
        }
        keeps(text, &now());
        let again = config::read(folder).unwrap();
        assert!(!again.notify && again.language == LanguageSetting::De, "{}", now());
        let ids = |apps: &[App]| apps.iter().map(|app| app.id.clone()).collect::<Vec<_>>();
        let expected: Vec<_> = ids(&read.apps).into_iter().chain([NEW.to_owned()]).collect();
        assert_eq!(ids(&again.apps), expected, "the apps in their order");
        assert_eq!(again.apps[..read.apps.len()], read.apps, "the other apps as they were");

        config::remove_app(folder, NEW).unwrap();
        keeps(text, &now());
        assert_eq!(config::read(folder).unwrap().apps, read.apps);
        format!("{} apps, {} keys", read.apps.len().min(3), document(text).len().min(8))
    })
}

type Change = fn(&Path) -> Result<(), ConfigError>;

const CHANGES: [Change; 4] = [
    |folder| settings::set_notify(folder, false),
    |folder| settings::set_language(folder, LanguageSetting::De),
    |folder| config::put_app(folder, &app("New")),
    |folder| config::put_app(folder, &app("Renamed")),
];

fn app(name: &str) -> App {
    App {
        id: NEW.into(),
        name: name.into(),
        provider: Provider::X,
        client_id: "client".into(),
        client_type: ClientType::Public,
        redirect_uris: vec!["http://127.0.0.1:8731/callback".into()],
        scopes: Scopes::parse("tweet.read"),
    }
}

/// How an unreadable file is told of: with a place that is in it.
fn broken(error: ConfigError, text: &str) -> String {
    if let ConfigError::Broken { line, column, .. } = &error {
        assert!(*line <= text.split('\n').count(), "line {line}");
        let there = text.split('\n').nth(line.saturating_sub(1)).unwrap_or_default();
        assert!(*column <= there.chars().count() + 1, "line {line}, column {column}");
    }
    let kind = format!("{error:?}");
    can_be_told(&Failure::from(error));
    kind.split([' ', '(']).next().unwrap_or_default().to_owned()
}

/// Asserts that everything but what was changed is as it was: values, and all comments in their order.
fn keeps(before: &str, after: &str) {
    let others = |text: &str| {
        let mut document = document(text);
        for key in ["notify", "language", "version"] {
            document.remove(key);
        }
        let apps = document.get_mut("apps").and_then(Item::as_table_like_mut);
        if apps.is_some_and(|apps| apps.remove(NEW).is_some() && apps.is_empty()) {
            document.remove("apps");
        }
        if document.get("apps").and_then(Item::as_table_like).is_some_and(TableLike::is_empty) {
            document.remove("apps");
        }
        plain(document.as_table())
    };
    assert_eq!(others(before), others(after), "\n{before}\n---\n{after}");
    let mut left = after;
    for comment in comments(before) {
        let Some((_, rest)) = left.split_once(comment.as_str()) else {
            panic!("{comment:?} is lost or moved:\n{before}\n---\n{after}");
        };
        left = rest;
    }
}

fn document(text: &str) -> DocumentMut {
    text.parse().unwrap()
}

/// The values alone, however they are written.
fn plain(table: &Table) -> serde_json::Value {
    toml_edit::de::from_document(DocumentMut::from(table.clone())).unwrap()
}

/// Lines that are nothing but a comment.
fn comments(text: &str) -> Vec<String> {
    let is_simple = !text.contains("\"\"\"") && !text.contains("'''");
    let lines = text.lines().map(str::trim).filter(|line| is_simple && line.starts_with('#'));
    lines.map(str::to_owned).collect()
}
