//! The inputs that are kept: usual ones, and those that something once failed on.

use std::fs;
use std::path::PathBuf;

/// The inputs of a target by the names of their files, in order.
pub fn of(target: &str) -> Vec<(String, String)> {
    let mut found: Vec<_> = fs::read_dir(folder(target))
        .unwrap_or_else(|error| panic!("the corpus of {target}: {error}"))
        .map(|entry| {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, String::from_utf8_lossy(&fs::read(path).unwrap()).into_owned())
        })
        .collect();
    found.sort();
    found
}

fn folder(target: &str) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "corpus", target].iter().collect()
}
