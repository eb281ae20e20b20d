//! Looking for secrets where none may be.

use std::path::Path;

/// The files below `folder` that hold one of `secrets`, with the secret's number.
pub fn find_in_tree(folder: &Path, secrets: &[String]) -> Vec<String> {
    let mut found = Vec::new();
    let Ok(entries) = std::fs::read_dir(folder) else { return found };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_symlink() {
            continue;
        }
        if path.is_dir() {
            found.extend(find_in_tree(&path, secrets));
        } else if let Ok(bytes) = std::fs::read(&path) {
            let holds = |secret: &&String| contains(&bytes, secret.as_bytes());
            if let Some(number) = secrets.iter().position(|secret| holds(&secret)) {
                found.push(format!("{} holds secret {number}", path.display()));
            }
        }
    }
    found
}

/// The arguments of every process of this machine, one text each.
pub fn arguments_of_all() -> Vec<String> {
    of_all("cmdline")
}

/// The environment that every process we may look at was started with, one text each.
pub fn environments_of_all() -> Vec<String> {
    of_all("environ")
}

fn of_all(file: &str) -> Vec<String> {
    let Ok(processes) = std::fs::read_dir("/proc") else { return Vec::new() };
    processes
        .flatten()
        .filter_map(|process| std::fs::read(process.path().join(file)).ok())
        .map(|bytes| String::from_utf8_lossy(&bytes).replace('\0', " "))
        .collect()
}

fn contains(bytes: &[u8], wanted: &[u8]) -> bool {
    !wanted.is_empty() && bytes.windows(wanted.len()).any(|window| window == wanted)
}
