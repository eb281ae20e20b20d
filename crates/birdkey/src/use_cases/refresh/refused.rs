//! Tokens that the API refused although they were new: another new one would be refused as well.

use std::path::Path;

use crate::effects::files::{self, OurFile};

/// Notes that the API refused the newest token of an account.
pub(crate) fn note(data: &Path, account_id: &str, serial: &str) {
    files::write_hint(&OurFile::refused_token(data, account_id), serial);
}

/// Whether the API refused this pair when it was new.
pub(crate) fn was_refused(data: &Path, account_id: &str, serial: &str) -> bool {
    let noted = files::read_text(&OurFile::refused_token(data, account_id)).ok().flatten();
    !serial.is_empty() && noted.as_deref() == Some(serial)
}
