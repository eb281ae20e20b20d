//! `activity.jsonl`: one line an entry.

use std::path::{Path, PathBuf};

use super::Entry;
use crate::effects::files;

/// A file that is larger than this is put aside, in bytes.
const MAX_BYTES: u64 = 256 * 1024;
/// How many are kept, the current one included.
const KEPT: usize = 5;

/// Appends entries; what can't be written is only missing here.
pub(super) fn append(folder: &Path, entries: &[Entry]) {
    let mut lines = String::new();
    for entry in entries {
        // An entry of texts and numbers always serializes.
        lines.push_str(&serde_json::to_string(entry).unwrap_or_default());
        lines.push('\n');
    }
    rotate(folder);
    if let Err(error) = files::append(&file(folder, 0), &lines) {
        tracing::debug!(%error, "an activity is not noted");
    }
}

/// All entries of all files; a line that can't be read is left out.
pub(super) fn read(folder: &Path) -> Vec<Entry> {
    let texts = (0..KEPT).rev().filter_map(|age| files::read_text(&file(folder, age)).ok()?);
    let mut entries = Vec::new();
    for text in texts {
        entries.extend(text.lines().filter_map(|line| serde_json::from_str::<Entry>(line).ok()));
    }
    entries
}

fn rotate(folder: &Path) {
    let is_large = || files::size(&file(folder, 0)).is_some_and(|size| size > MAX_BYTES);
    if !is_large() {
        return;
    }
    // Two programs must not put the same file aside twice.
    let Ok(_lock) = files::lock(&folder.join("activity.lock")) else { return };
    if !is_large() {
        return;
    }
    for age in (0..KEPT - 1).rev() {
        files::rename(&file(folder, age), &file(folder, age + 1));
    }
}

fn file(folder: &Path, age: usize) -> PathBuf {
    match age {
        0 => folder.join("activity.jsonl"),
        age => folder.join(format!("activity.{age}.jsonl")),
    }
}
