//! What no lint can hold: who exposes secrets, how long files are, who depends on whom.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

use std::fs;
use std::path::{Path, PathBuf};

/// The longest a file may be, in lines.
const MAX_LINES: usize = 400;

/// The files that let a secret out, and why they may.
const EXPOSING: [(&str, &str); 39] = [
    ("crates/birdkey/src/protocol/secret.rs", "defines it"),
    ("crates/birdkey/src/protocol/authorize.rs", "writes the state into the address"),
    ("crates/birdkey/src/protocol/callback.rs", "compares the state"),
    ("crates/birdkey/src/protocol/client.rs", "builds the Basic header"),
    ("crates/birdkey/src/protocol/failure.rs", "reads the answer's body"),
    ("crates/birdkey/src/protocol/pkce.rs", "hashes the verifier"),
    ("crates/birdkey/src/protocol/profile.rs", "builds the Bearer header, reads the answer's body"),
    ("crates/birdkey/src/protocol/revoke.rs", "writes the token into the form"),
    ("crates/birdkey/src/protocol/token.rs", "writes and reads token requests and answers"),
    ("crates/birdkey/src/import/xurl.rs", "reads the file of xurl"),
    ("crates/birdkey/src/grant.rs", "writes and reads the vault item"),
    ("crates/birdkey/src/client_secret.rs", "writes and reads the vault item"),
    ("crates/birdkey/src/login/mod.rs", "hands the address to the browser, reads the callback"),
    ("crates/birdkey/src/protocol/experiment.rs", "writes an address, reads a callback"),
    ("crates/birdkey/src/record/mod.rs", "names a form's fields, reads an answer's error"),
    ("crates/birdkey/src/record/codes.rs", "sends codes and verifiers"),
    ("crates/birdkey/src/record/grants.rs", "sends tokens"),
    ("crates/birdkey/src/record/pages.rs", "hands the address to the browser, compares the state"),
    ("crates/birdkey/src/record/redact.rs", "masks what it has seen"),
    ("crates/cli/src/commands/record.rs", "reads what a person types"),
    ("crates/birdkey/src/engine/apps.rs", "trims a client secret"),
    ("crates/birdkey/src/engine/live_login.rs", "hands the address to the browser again"),
    ("crates/birdkey/src/effects/http/stream.rs", "builds the Bearer header"),
    ("crates/birdkey/src/effects/http/client.rs", "sends it"),
    (
        "crates/birdkey/src/effects/deep_link.rs",
        "reads a link, hashes a query to recognize its repeat",
    ),
    ("crates/birdkey/src/effects/loopback/desk.rs", "hashes a query to recognize its repeat"),
    ("crates/birdkey/src/effects/paste.rs", "reads a pasted address"),
    ("crates/birdkey/src/effects/seal.rs", "encrypts what the vault did not take"),
    ("crates/birdkey/src/effects/vault/file/mod.rs", "encrypts it"),
    ("crates/birdkey/src/effects/vault/file/identity.rs", "wraps and unwraps the identity"),
    ("crates/birdkey/src/effects/vault/file/session.rs", "hands the identity to the kernel"),
    ("crates/birdkey/src/effects/vault/keyring.rs", "writes it into the keychain"),
    ("crates/birdkey/src/effects/vault/memory.rs", "shows a test what it holds"),
    ("crates/cli/src/commands/exec.rs", "puts the token into a program's environment"),
    ("crates/cli/src/commands/login.rs", "prints the address with --no-browser"),
    ("crates/cli/src/commands/token.rs", "prints the token"),
    ("crates/cli/src/commands/vault.rs", "prints the identity of the encrypted files"),
    ("crates/cli/src/passphrase.rs", "takes the first line of a passphrase file"),
    ("src-tauri/src/clipboard.rs", "copies it"),
];

#[test]
fn only_the_listed_files_let_a_secret_out() {
    let mut found: Vec<_> = rust_files()
        .into_iter()
        .filter(|path| !path.contains("/tests") && !path.starts_with("tests/"))
        .filter(|path| !path.starts_with("crates/xtask/"))
        .filter(|path| {
            production(path).contains(".expose()") || production(path).contains("::expose)")
        })
        .collect();
    let mut listed: Vec<_> = EXPOSING
        .iter()
        .map(|(path, _)| (*path).to_owned())
        .filter(|path| path != "crates/birdkey/src/protocol/secret.rs")
        .collect();
    found.retain(|path| path != "crates/birdkey/src/protocol/secret.rs");
    found.sort();
    listed.sort();
    assert_eq!(found, listed);
}

#[test]
fn no_file_is_longer_than_the_wall() {
    for path in tracked(&["rs", "ts", "svelte", "css"]) {
        let lines = read(&path).lines().count();
        assert!(lines <= MAX_LINES, "{path} has {lines} lines");
    }
}

#[test]
fn the_sandbox_shares_no_code_with_the_engine() {
    let manifest = read("crates/sandbox/Cargo.toml");
    assert!(
        !manifest.lines().any(|line| line.starts_with("birdkey.") || line.starts_with("birdkey "))
    );
    for path in rust_files().iter().filter(|path| path.starts_with("crates/sandbox/")) {
        assert!(!read(path).contains("birdkey::"), "{path}");
    }
}

#[test]
fn the_protocol_imports_nothing_of_ours_and_never_waits() {
    for path in rust_files().iter().filter(|path| path.contains("/src/protocol/")) {
        let text = production(path);
        for line in text.lines().filter(|line| line.trim_start().starts_with("use crate::")) {
            assert!(line.contains("use crate::protocol"), "{path}: {line}");
        }
        for banned in [".await", "async fn", "std::fs", "std::time::Instant", "SystemTime"] {
            assert!(!text.contains(banned), "{path} holds {banned}");
        }
    }
}

#[test]
fn every_code_of_a_problem_is_used() {
    let codes = read("crates/birdkey/src/problem/code.rs");
    let names = codes.lines().filter_map(|line| line.trim().split_once(" = \""));
    let rest: String = rust_files()
        .iter()
        .filter(|path| !path.ends_with("problem/code.rs") && !path.starts_with("tests/"))
        .map(|path| read(path))
        .collect();
    let mut seen = 0;
    for (name, _) in names {
        let name = name.rsplit(['[', ' ']).next().unwrap();
        if !name.starts_with(char::is_uppercase) {
            continue;
        }
        assert!(rest.contains(&format!("Code::{name}")), "nobody says {name}");
        seen += 1;
    }
    assert!(seen > 50, "{seen} codes");
}

#[test]
fn the_window_may_call_the_commands_and_nothing_else() {
    let capability = read("src-tauri/capabilities/main.json");
    let allowed: Vec<_> =
        capability.lines().filter_map(|line| line.trim().strip_prefix("\"allow-")).collect();
    let build = read("src-tauri/build.rs");
    for permission in &allowed {
        let command = permission.trim_end_matches(['"', ',']).replace('-', "_");
        assert!(build.contains(&format!("\"{command}\"")), "{command}");
    }
    assert_eq!(allowed.len(), build.matches("\",\n").count(), "each command, and no more");
    for banned in ["core:", "event:", "deep-link:", "window:", "shell:"] {
        assert!(!capability.contains(banned), "{banned}");
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap()
}

/// A file without its tests.
fn production(path: &str) -> String {
    let text = read(path);
    text.split("#[cfg(test)]").next().unwrap_or_default().to_owned()
}

fn rust_files() -> Vec<String> {
    tracked(&["rs"])
}

/// Our own files with one of these endings, relative to the top.
fn tracked(endings: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for folder in ["crates", "src-tauri", "tests", "ui/src", "ui/tests"] {
        collect(&root().join(folder), endings, &mut found);
    }
    found.sort();
    found
}

fn collect(folder: &Path, endings: &[&str], found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            if !["target", "node_modules", "gen", "generated"].contains(&name.as_str()) {
                collect(&path, endings, found);
            }
        } else if path.extension().is_some_and(|end| endings.iter().any(|one| end == *one)) {
            found.push(path.strip_prefix(root()).unwrap().to_string_lossy().replace('\\', "/"));
        }
    }
}
