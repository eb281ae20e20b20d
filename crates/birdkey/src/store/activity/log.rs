//! `activity.jsonl`: one line an entry.

use std::path::Path;

use super::{Entry, counts};
use crate::effects::files::{self, FileError, OurFile};

/// The largest file, in bytes.
const MAX_BYTES: usize = 256 * 1024;
/// How many are kept, the current one included.
const KEPT: usize = 5;

/// Appends an entry; what can't be written is only missing here.
pub(super) fn append(data: &Path, entry: &Entry) {
    // Two programs must not put the same file aside twice.
    let locked = files::lock_within(&OurFile::activity_lock(data), counts::WAIT);
    let appended = locked.and_then(|_lock| append_held(data, std::slice::from_ref(entry)));
    if let Err(error) = appended {
        tracing::debug!(%error, "an activity is not noted");
    }
}

/// Appends entries while the lock of the activity is held.
pub(super) fn append_held(data: &Path, entries: &[Entry]) -> Result<(), FileError> {
    let mut rest = entries;
    while !rest.is_empty() {
        let mut lines = String::new();
        while let Some((entry, others)) = rest.split_first() {
            let line = self::lines(std::slice::from_ref(entry));
            if !lines.is_empty() && lines.len() + line.len() > MAX_BYTES {
                break;
            }
            lines.push_str(&line);
            rest = others;
        }
        make_room(data, lines.len());
        files::append(&OurFile::activity(data, 0), &lines)?;
    }
    Ok(())
}

/// All entries of all files.
pub(super) fn read(data: &Path) -> Vec<Entry> {
    let ages = (0..KEPT).rev();
    ages.flat_map(|age| entries(&OurFile::activity(data, age)).unwrap_or_default()).collect()
}

/// The entries of a file; a line that can't be read is left out.
pub(super) fn entries(file: &Path) -> Result<Vec<Entry>, FileError> {
    let text = files::read_text(file)?.unwrap_or_default();
    Ok(text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect())
}

/// A line for each entry.
pub(super) fn lines(entries: &[Entry]) -> String {
    let mut lines = String::new();
    for entry in entries {
        // An entry of texts and numbers always serializes.
        lines.push_str(&serde_json::to_string(entry).unwrap_or_default());
        lines.push('\n');
    }
    lines
}

/// Puts the file aside that would become too large, and forgets the oldest.
fn make_room(data: &Path, more: usize) {
    let size = files::size(&OurFile::activity(data, 0)).unwrap_or(0);
    if size == 0 || size.saturating_add(more as u64) <= MAX_BYTES as u64 {
        return;
    }
    for age in (0..KEPT - 1).rev() {
        files::rename(&OurFile::activity(data, age), &OurFile::activity(data, age + 1));
    }
}
