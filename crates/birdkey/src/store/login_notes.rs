//! The note of a login whose code is being redeemed: cut off, its grant is found again, or its user is
//! warned that tokens may live at the server.

use std::path::Path;

use birdkey_foreign::Foreign;
use serde::{Deserialize, Serialize};

use crate::effects::files::{self, FileError, OurFile};
use crate::effects::host::Host;

/// Which account a login is for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// The user did not say: that of the user who logs in, else the only one of the app if its user is
    /// not known yet, else a new one.
    #[default]
    Unsaid,
    /// Another one than those there are, unless it is the same user's.
    New,
    /// The account with this id.
    Account(String),
}

impl Target {
    /// The id of the account that is to be renewed, when one is.
    pub fn account(&self) -> Option<&str> {
        match self {
            Self::Account(id) => Some(id),
            Self::Unsaid | Self::New => None,
        }
    }
}

/// What is noted; no secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct LoginNote {
    /// The account that the grant is stored under.
    pub(crate) account_id: String,
    /// The app it is for.
    pub(crate) app_id: String,
    /// What the app was called.
    pub(crate) app_name: Foreign,
    /// When, Unix milliseconds.
    pub(crate) at_ms: i64,
    /// Where it was begun.
    #[serde(flatten)]
    pub(crate) host: Host,
    /// Which account it is to renew.
    #[serde(default)]
    pub(crate) target: Target,
    /// How far it got.
    #[serde(default)]
    pub(crate) step: Step,
    /// What is left to say once the account is off the list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) then: Option<Step>,
}

/// How far a login got.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Step {
    /// The code is about to be sent.
    #[default]
    Sent,
    /// The grant is in vault and list; only whose it is may still be open.
    Stored,
    /// It ended without an answer that tells whether tokens were issued.
    Unanswered,
    /// It is over, and a refresh of it may have brought tokens that never arrived.
    NewerLost,
    /// It is logged out here, and its tokens could not be revoked; the name is the account's.
    NotRevoked,
    /// Its account is being logged out.
    LoggingOut,
}

impl LoginNote {
    /// Whether all that is left is to say so.
    pub(crate) fn is_for_a_person(&self) -> bool {
        match self.step {
            Step::Sent | Step::Stored | Step::LoggingOut => false,
            Step::Unanswered | Step::NewerLost | Step::NotRevoked => true,
        }
    }
}

/// All notes, the oldest first; what is no note is skipped.
pub(crate) fn read(data: &Path) -> Vec<LoginNote> {
    let folder = files::login_notes(data);
    let texts = files::names_in(&folder)
        .into_iter()
        .filter_map(|name| files::read_text(&folder.join(name)).ok().flatten());
    let mut notes: Vec<LoginNote> =
        texts.filter_map(|text| serde_json::from_str(&text).ok()).collect();
    notes.sort_by_key(|note| note.at_ms);
    notes
}

/// Those that a person has to read: tokens may live at the server.
pub(crate) fn unanswered(data: &Path) -> Vec<LoginNote> {
    let mut notes = read(data);
    notes.retain(LoginNote::is_for_a_person);
    notes
}

/// Writes a note durably.
pub(crate) fn write(data: &Path, note: &LoginNote) -> Result<(), FileError> {
    // A record of texts and numbers always serializes.
    let text = serde_json::to_string(note).unwrap_or_default();
    files::write_text(&OurFile::login_note(data, &note.account_id), &text)
}

/// Takes a note away; one that stays is looked at once more and then found to be settled.
pub(crate) fn clear(data: &Path, account_id: &str) {
    if let Err(error) = files::remove(&OurFile::login_note(data, account_id)) {
        tracing::warn!(%error, "the note of a finished login stays behind");
    }
}

/// Ends the note of a logout that was cut off, because its account is off the list or has another pair.
pub(crate) fn end_logout(data: &Path, account_id: &str) -> Result<(), FileError> {
    let is_it = |note: &LoginNote| note.step == Step::LoggingOut && note.account_id == account_id;
    let Some(note) = read(data).into_iter().find(is_it) else { return Ok(()) };
    match note.then {
        Some(step) => write(data, &LoginNote { step, then: None, ..note })?,
        None => clear(data, account_id),
    }
    Ok(())
}

/// Takes these notes away: a person has read what they say.
pub(crate) fn forget(data: &Path, notes: &[LoginNote]) {
    for note in notes {
        clear(data, &note.account_id);
    }
}
