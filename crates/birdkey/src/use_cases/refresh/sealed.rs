//! A new pair that the vault did not take waits in a file, sealed to a key that only the pair it
//! replaces holds: whoever can read the old one from the vault can take the new one over.

use std::path::Path;

use crate::effects::files::{self, OurFile};
use crate::effects::seal;
use crate::failure::Failure;
use crate::model::grant::Grant;
use crate::use_cases::grants::grant_in;

/// Leaves `next` for later; false when that is not possible either.
pub(super) fn leave(data: &Path, account_id: &str, before: &Grant, next: &Grant) -> bool {
    let sealed = before.seal_key.as_ref().and_then(|key| seal::seal(key, &next.to_item()));
    let written =
        sealed.map(|sealed| files::write_bytes(&OurFile::sealed_pair(data, account_id), &sealed));
    match written {
        Some(Ok(())) => true,
        Some(Err(error)) => {
            tracing::warn!(%error, "a new pair could not be left for later");
            false
        }
        None => false,
    }
}

/// The pair that was left for the one that is in the vault now; `None` when nothing was, or a login
/// replaced the pair it was sealed to. Whatever else goes wrong leaves the file as it is.
pub(crate) fn left(data: &Path, account_id: &str, held: &Grant) -> Result<Option<Grant>, Failure> {
    let sealed = files::read_bytes(&OurFile::sealed_pair(data, account_id))?;
    let opened = sealed.zip(held.seal_key.as_ref()).and_then(|(it, key)| seal::open(key, &it));
    Ok(opened.map(|item| grant_in(&item)).transpose()?)
}

/// Whether anything was left; asked for each token, so it only looks at the folder.
pub(crate) fn is_left(data: &Path, account_id: &str) -> bool {
    files::exists(&OurFile::sealed_pair(data, account_id))
}

/// Takes it away: it is in the vault, or belongs to a pair that no longer is.
pub(crate) fn clear(data: &Path, account_id: &str) {
    if let Err(error) = files::remove(&OurFile::sealed_pair(data, account_id)) {
        tracing::warn!(%error, "a sealed pair stays behind");
    }
}
