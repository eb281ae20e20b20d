//! Where the Rust sources say something: calls of `words!` and `problem!`, whose keys are literals.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// One call.
pub(crate) struct Use {
    /// The file, for messages.
    pub(crate) place: String,
    /// What it says.
    pub(crate) keys: Vec<String>,
    /// What is put in.
    pub(crate) names: BTreeSet<String>,
}

/// All calls of the engine, the command, the sandbox and the shell.
pub(crate) fn uses() -> Vec<Use> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut uses = Vec::new();
    let folders = ["crates/birdkey/src", "crates/cli/src", "crates/sandbox/src", "src-tauri/src"];
    for folder in folders {
        collect(&root.join(folder), &mut uses);
    }
    uses
}

fn collect(folder: &Path, uses: &mut Vec<Use>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, uses);
        } else if path.extension().is_some_and(|end| end == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            let place = path.to_string_lossy();
            for call in text.split("words!(").skip(1) {
                let (key, names) = arguments(call);
                uses.push(Use { place: place.to_string(), keys: vec![key], names });
            }
            for call in text.split("problem!(").skip(1) {
                let Some((code, _)) = call.split_once('"') else { continue };
                let (key, mut names) = arguments(&call[code.len()..]);
                let mut keys =
                    Vec::from(["what", "why", "hint"].map(|part| format!("{key}.{part}")));
                if names.remove("hint") {
                    keys.pop();
                }
                uses.push(Use { place: place.to_string(), keys, names });
            }
        }
    }
}

/// The key at the beginning of a call's arguments, and the names of what follows.
fn arguments(call: &str) -> (String, BTreeSet<String>) {
    let (_, rest) = call.split_once('"').unwrap();
    let (key, rest) = rest.split_once('"').unwrap();
    let (mut names, mut depth, mut from) = (BTreeSet::new(), 1, 0);
    for (at, letter) in rest.char_indices() {
        match letter {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 || depth == 1 && matches!(letter, ',' | ';') {
            let name = rest[from..at].split_once(" = ").map(|(name, _)| name.trim());
            names.extend(name.map(str::to_owned));
            from = at + 1;
        }
        if depth == 0 {
            break;
        }
    }
    (key.to_owned(), names)
}
