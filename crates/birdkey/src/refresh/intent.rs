//! The note that a refresh token is about to be sent; without it a lost reply would go unnoticed.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::effects::files::{self, FileError};

/// What is noted; no secret, but which pair is being spent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Intent {
    /// The serial of the pair whose refresh token is sent.
    pub(super) serial: String,
    /// When, Unix milliseconds.
    pub(super) at_ms: i64,
}

/// Reads the note; one that can't be read counts as none, because the vault still decides.
pub(super) fn read(data: &Path, account_id: &str) -> Result<Option<Intent>, FileError> {
    let text = files::read_text(&path(data, account_id))?;
    Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
}

/// Writes the note durably.
pub(super) fn write(data: &Path, account_id: &str, intent: &Intent) -> Result<(), FileError> {
    // A record of a text and a number always serializes.
    let text = serde_json::to_string(intent).unwrap_or_default();
    files::write_text(&path(data, account_id), &text)
}

/// Takes the note away. Left behind it does no harm: it names a pair that is no longer in the vault.
pub(super) fn clear(data: &Path, account_id: &str) {
    if let Err(error) = files::remove(&path(data, account_id)) {
        tracing::warn!(%error, "the note of a finished refresh stays behind");
    }
}

fn path(data: &Path, account_id: &str) -> PathBuf {
    super::place(data, account_id).with_extension("intent")
}
