//! `vault.json`: the vault that holds the grants, and the one that a move has still to empty.

use std::path::Path;

use birdkey_messages::words;
use serde::{Deserialize, Serialize};

use crate::effects::files::{self, OurFile};
use crate::effects::vault::{VaultError, VaultKind};

/// The version of the file's format; a file without one is of the first.
const FORMAT: u32 = 1;

/// What is written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Pin {
    /// Where the grants are.
    pub(crate) kind: VaultKind,
    /// Where copies may be left from a move that was cut off.
    pub(crate) leaving: Option<VaultKind>,
}

/// Reads the pin; `None` before anything was stored.
pub(crate) fn read(data: &Path) -> Result<Option<Pin>, VaultError> {
    let path = OurFile::vault_pin(data);
    let Some(text) = files::read_text(&path)? else { return Ok(None) };
    let unchosen =
        |error| VaultError::Unchosen { reason: format!("{}: {error}", path.display()).into() };
    let Versioned { version } = serde_json::from_str(&text).map_err(unchosen)?;
    if version > FORMAT {
        let reason = words!(
            "vault_unchosen.newer",
            path = path.display(),
            version = version,
            known = FORMAT
        );
        return Err(VaultError::Unchosen { reason });
    }
    serde_json::from_str(&text).map(Some).map_err(unchosen)
}

#[derive(Deserialize)]
struct Versioned {
    #[serde(default)]
    version: u32,
}

/// Writes it whole or not at all.
pub(crate) fn write(data: &Path, pin: Pin) -> Result<(), VaultError> {
    #[derive(Serialize)]
    struct Written {
        version: u32,
        #[serde(flatten)]
        pin: Pin,
    }
    // A number and names of two kinds always serialize.
    let text = serde_json::to_string(&Written { version: FORMAT, pin }).unwrap_or_default();
    Ok(files::write_text(&OurFile::vault_pin(data), &text)?)
}
