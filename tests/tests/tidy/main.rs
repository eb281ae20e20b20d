//! What no lint can hold: who exposes secrets, how long files are, who depends on whom.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

mod floors;
mod source;
mod workflows;

use std::collections::BTreeSet;

use source::{names_said, production, read, root, rust_files, tracked};

/// The longest a file may be, in lines.
const MAX_LINES: usize = 400;

/// The files that let a secret out, and why they may.
const EXPOSING: [(&str, &str); 39] = [
    ("crates/protocol/src/secret.rs", "defines it"),
    ("crates/protocol/src/authorize.rs", "writes the state into the address"),
    ("crates/protocol/src/callback.rs", "compares the state"),
    ("crates/protocol/src/client.rs", "builds the Basic header"),
    ("crates/protocol/src/failure.rs", "reads the answer's body"),
    ("crates/protocol/src/pkce.rs", "hashes the verifier"),
    ("crates/protocol/src/profile.rs", "builds the Bearer header, reads the answer's body"),
    ("crates/protocol/src/revoke.rs", "writes the token into the form"),
    ("crates/protocol/src/token.rs", "writes and reads token requests and answers"),
    ("crates/birdkey/src/store/xurl.rs", "reads the file of xurl"),
    ("crates/birdkey/src/model/grant.rs", "writes and reads the vault item"),
    ("crates/birdkey/src/model/client_secret.rs", "writes and reads the vault item"),
    (
        "crates/birdkey/src/use_cases/login/mod.rs",
        "hands the address to the browser, reads the callback",
    ),
    ("crates/protocol/src/experiment.rs", "writes an address, reads a callback"),
    (
        "crates/birdkey/src/use_cases/record/mod.rs",
        "names a form's fields, reads an answer's error",
    ),
    ("crates/birdkey/src/use_cases/record/codes.rs", "sends codes and verifiers"),
    ("crates/birdkey/src/use_cases/record/grants.rs", "sends tokens"),
    (
        "crates/birdkey/src/use_cases/record/pages.rs",
        "hands the address to the browser, compares the state",
    ),
    ("crates/birdkey/src/use_cases/record/redact.rs", "masks what it has seen"),
    ("crates/cli/src/commands/record.rs", "reads what a person types"),
    ("crates/birdkey/src/engine/apps.rs", "trims a client secret"),
    ("crates/birdkey/src/engine/live_login.rs", "hands the address to the browser again"),
    ("crates/birdkey/src/effects/http/stream.rs", "builds the Bearer header"),
    ("crates/birdkey/src/effects/http/client.rs", "sends it"),
    (
        "crates/birdkey/src/effects/deep_link.rs",
        "reads a link, hashes a query to recognize its repeat",
    ),
    ("crates/birdkey/src/effects/loopback/state.rs", "hashes a query to recognize its repeat"),
    ("crates/birdkey/src/effects/paste/mod.rs", "reads a pasted address"),
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
    let after_the_tests = &production()["crates/birdkey/src/problem/mod.rs"];
    assert!(after_the_tests.contains("impl Problem"), "a file is read beyond its tests");
    let mut found: Vec<_> = production()
        .iter()
        .filter(|(_, text)| text.contains(".expose()") || text.contains("::expose)"))
        .map(|(path, _)| path.clone())
        .collect();
    let mut listed: Vec<_> = EXPOSING
        .iter()
        .map(|(path, _)| (*path).to_owned())
        .filter(|path| path != "crates/protocol/src/secret.rs")
        .collect();
    found.retain(|path| path != "crates/protocol/src/secret.rs");
    found.sort();
    listed.sort();
    assert_eq!(found, listed);
}

/// The files that take foreign text out of its type without a place to show it, and why they may.
const UNWRAPPING: [(&str, &str); 2] = [
    ("crates/birdkey/src/store/config_app.rs", "writes the name of an app into config.toml"),
    ("crates/birdkey/src/use_cases/record/redact.rs", "looks for what must not be told"),
];

#[test]
fn only_the_listed_files_take_foreign_text_out_of_its_type() {
    let found: Vec<_> = production()
        .iter()
        .filter(|(_, text)| text.contains(".raw()") || text.contains("::raw)"))
        .map(|(path, _)| path.as_str())
        .collect();
    assert_eq!(found, UNWRAPPING.map(|(path, _)| path));
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
    let manifest = read("crates/protocol/Cargo.toml");
    let ours = manifest.lines().filter(|line| line.starts_with("birdkey"));
    assert_eq!(ours.collect::<Vec<_>>(), ["birdkey-foreign.workspace = true"]);
    let files = production().iter().filter(|(path, _)| path.starts_with("crates/protocol/src/"));
    let files: Vec<_> = files.collect();
    assert!(!files.is_empty(), "it is read");
    for (path, text) in files {
        for banned in [".await", "async fn", "std::fs", "std::time::Instant", "SystemTime"] {
            assert!(!text.contains(banned), "{path} holds {banned}");
        }
    }
}

#[test]
fn every_code_of_a_problem_is_used() {
    let defined = "crates/birdkey/src/problem/code.rs";
    let codes = read(defined);
    let names: Vec<_> = codes
        .match_indices(" = \"")
        .filter_map(|(at, _)| codes[..at].rsplit(|c: char| !c.is_alphanumeric()).next())
        .filter(|name| name.starts_with(char::is_uppercase))
        .collect();
    let said: BTreeSet<String> = production()
        .iter()
        .filter(|(path, text)| *path != defined && text.contains("Code::"))
        .flat_map(|(_, text)| names_said("Code", text))
        .collect();
    let unused: Vec<_> = names.iter().filter(|name| !said.contains(**name)).collect();
    assert!(unused.is_empty(), "no problem says {unused:?}");
    assert!(names.len() > 50, "{} codes", names.len());
}

/// Who may change files beside the owner of our folders, and which.
const CHANGING_FILES: [(&str, &str); 2] = [
    ("crates/cli/src/commands/record.rs", "the file that a person names for a record"),
    ("src-tauri/src/entry.rs", "the entries of the desktop, in the session's own folders"),
];

#[test]
fn files_are_changed_by_the_owner_of_our_folders_alone() {
    let ours = ["crates/birdkey/src/", "src-tauri/src/", "crates/cli/src/"];
    let owner = "crates/birdkey/src/effects/files/";
    let calls = [
        "fs::remove_",
        "fs::rename",
        "fs::write",
        "fs::copy",
        "fs::create_dir",
        "fs::set_permissions",
        "File::create",
        "File::options",
        "OpenOptions",
        "DirBuilder",
    ];
    let found: Vec<_> = production()
        .iter()
        .filter(|(path, _)| ours.iter().any(|folder| path.starts_with(folder)))
        .filter(|(path, text)| {
            !path.starts_with(owner) && calls.iter().any(|call| text.contains(call))
        })
        .map(|(path, _)| path.as_str())
        .collect();
    assert_eq!(found, CHANGING_FILES.map(|(path, _)| path));
}

#[test]
fn the_window_may_call_the_commands_and_nothing_else() {
    let build = read("src-tauri/build.rs");
    assert_eq!(build.matches("allow-").count(), 1, "each command of the list, and no more");
    for banned in ["core:", "event:", "deep-link:", "window:", "shell:"] {
        assert!(!build.contains(banned), "{banned}");
    }
    let others = root().join("src-tauri/capabilities");
    assert!(!others.exists(), "{} would add to what the window may do", others.display());
    let configured: serde_json::Value =
        serde_json::from_str(&read("src-tauri/tauri.conf.json")).unwrap();
    let capabilities = &configured["app"]["security"]["capabilities"];
    assert_eq!(*capabilities, serde_json::json!(["main"]), "the one that build.rs writes");
}
