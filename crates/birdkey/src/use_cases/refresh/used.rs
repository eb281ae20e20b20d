//! When an account was last asked for; a hint for refreshing ahead, in a folder nobody watches.

use std::path::Path;

use crate::effects::files::{self, OurFile};

/// A hint that is younger than this is left as it is: hand-outs come in loops.
const FRESH_MS: i64 = 10 * 60_000;

/// Notes that an account was used.
pub(crate) fn note(data: &Path, account_id: &str, now_ms: i64) {
    let noted = last(data, account_id);
    if noted.is_some_and(|noted| (0..FRESH_MS).contains(&now_ms.saturating_sub(noted))) {
        return;
    }
    files::write_hint(&OurFile::last_use(data, account_id), &now_ms.to_string());
}

/// When it was last used, as far as is known, Unix milliseconds.
pub(crate) fn last(data: &Path, account_id: &str) -> Option<i64> {
    files::read_text(&OurFile::last_use(data, account_id)).ok()??.trim().parse().ok()
}
