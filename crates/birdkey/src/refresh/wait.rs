//! How long a server asked to be left alone; told to all programs of the user by a file.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::pauses::{MOST_ASKED, asked_for};
use crate::effects::files;
use crate::failure::Failure;
use crate::protocol::failure::TokenFailure;

/// Fails while the server of an account asked to be left alone.
pub(super) fn heed(data: &Path, account_id: &str, now_ms: i64) -> Result<(), TokenFailure> {
    let noted = files::read_text(&path(data, account_id)).ok().flatten();
    let until_ms: Option<i64> = noted.and_then(|text| text.trim().parse().ok());
    let left_ms = until_ms.unwrap_or(0).saturating_sub(now_ms);
    let left = Duration::from_millis(u64::try_from(left_ms).unwrap_or(0));
    // A clock that was set back must not stretch it.
    if left.is_zero() || left > MOST_ASKED {
        return Ok(());
    }
    let retry_after_seconds = Some(left.as_secs().max(1));
    Err(TokenFailure::RateLimited { retry_after_seconds, reset_unix: None })
}

/// Notes what a failure asks for, when it does.
pub(super) fn note(data: &Path, account_id: &str, failure: &Failure, now_ms: i64) {
    let asked = asked_for(failure, now_ms).unwrap_or_default().min(MOST_ASKED);
    if asked.is_zero() {
        return;
    }
    let until_ms = now_ms.saturating_add(i64::try_from(asked.as_millis()).unwrap_or(0));
    files::write_hint(&path(data, account_id), &until_ms.to_string());
}

/// The server answers again.
pub(super) fn clear(data: &Path, account_id: &str) {
    if let Err(error) = files::remove(&path(data, account_id)) {
        tracing::debug!(%error, "a note to wait stays behind");
    }
}

fn path(data: &Path, account_id: &str) -> PathBuf {
    super::place(data, account_id).with_extension("wait")
}
