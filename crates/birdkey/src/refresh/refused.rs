//! Tokens that the API refused although they were new: another new one would be refused as well.

use std::path::{Path, PathBuf};

use crate::effects::files;

/// Notes that the API refused the newest token of an account.
pub(crate) fn note(data: &Path, account_id: &str, serial: &str) {
    files::write_hint(&path(data, account_id), serial);
}

/// Whether the API refused this pair when it was new.
pub(crate) fn was_refused(data: &Path, account_id: &str, serial: &str) -> bool {
    let noted = files::read_text(&path(data, account_id)).ok().flatten();
    !serial.is_empty() && noted.as_deref() == Some(serial)
}

fn path(data: &Path, account_id: &str) -> PathBuf {
    super::place(data, account_id).with_extension("refused")
}
