//! The note that a refresh token is about to be sent: without it a lost reply would go unnoticed.
//!
//! It says what is known, and the lock of the account says who is at it. It counts only while its
//! serial is that of the pair in the vault. Without an end it was cut off, or is under way; with one,
//! it says when the next attempt may begin.

use std::path::Path;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::effects::files::{self, FileError, OurFile};
use crate::effects::host::Host;

/// The pause after the first attempt that ended without the server's word; it doubles with each.
const LEAST_REST: Duration = Duration::from_secs(30);
/// What the pause grows to.
const MOST_REST: Duration = Duration::from_mins(10);
/// The longest that a server may ask for.
pub(super) const MOST_ASKED: Duration = Duration::from_hours(24);
/// A request is over by then, wherever it was begun.
const REQUEST_LIMIT_MS: i64 = 35_000;

/// What is noted; no secret, but which pair is being spent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Note {
    /// The serial of the pair whose refresh token is sent.
    serial: String,
    /// When, Unix milliseconds.
    at_ms: i64,
    /// Where it was begun.
    #[serde(flatten)]
    host: Host,
    /// How many attempts with this pair, before this one, may have brought a new pair about.
    #[serde(default)]
    unanswered: u32,
    /// How this attempt ended, once it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    end: Option<End>,
}

/// The end of an attempt that brought neither a new pair nor the word that the grant is dead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct End {
    /// Whether it certainly left the refresh token as it was.
    unspent: bool,
    /// When the next attempt may begin, Unix milliseconds.
    next_ms: i64,
}

/// Where the refresh of a pair stands, as far as the note says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// Nothing is open.
    Quiet,
    /// An attempt ended without a new pair, and the next one has to wait.
    Resting {
        /// How much longer.
        left: Duration,
        /// Whether a new pair may have been issued.
        doubtful: bool,
    },
    /// An attempt may have brought a new pair about, and it is not known: it was cut off, it is under
    /// way (then its lock is held), or it may be tried again.
    Open,
    /// The same, begun on another machine or before a restart: it may still be under way there.
    Elsewhere {
        /// How long a request may still be under way.
        left: Duration,
    },
}

impl Note {
    /// A new attempt with a pair, after those that `before` tells of.
    pub(super) fn new(serial: &str, at_ms: i64, host: &Host, before: Option<&Self>) -> Self {
        let unanswered = before.map_or(0, |note| note.unanswered + u32::from(note.is_unanswered()));
        Self { serial: serial.to_owned(), at_ms, host: host.clone(), unanswered, end: None }
    }

    /// Whether this attempt may have brought a new pair about.
    fn is_unanswered(&self) -> bool {
        self.end.is_none_or(|end| !end.unspent)
    }

    /// Whether an earlier attempt may have.
    pub(super) fn is_doubtful_without_this(&self) -> bool {
        self.unanswered > 0
    }

    fn standing(&self, host: &Host, now_ms: i64) -> Standing {
        let doubtful = self.is_unanswered() || self.unanswered > 0;
        let Some(end) = self.end else {
            let age = now_ms.saturating_sub(self.at_ms);
            // One from the future tells nothing but that a clock was set.
            let left = until(self.at_ms.saturating_add(REQUEST_LIMIT_MS), now_ms);
            let may_be_at_it = *host != self.host && age > -REQUEST_LIMIT_MS && !left.is_zero();
            return if may_be_at_it { Standing::Elsewhere { left } } else { Standing::Open };
        };
        let left = until(end.next_ms, now_ms);
        // A clock that was set back must not stretch the pause.
        if !left.is_zero() && left <= MOST_ASKED {
            return Standing::Resting { left, doubtful };
        }
        if doubtful { Standing::Open } else { Standing::Quiet }
    }
}

fn until(at_ms: i64, now_ms: i64) -> Duration {
    Duration::from_millis(u64::try_from(at_ms.saturating_sub(now_ms)).unwrap_or(0))
}

/// Where the refresh of the pair with this serial stands.
pub(crate) fn standing(
    data: &Path,
    account_id: &str,
    serial: &str,
    host: &Host,
    now_ms: i64,
) -> Standing {
    match read(data, account_id) {
        Ok(Some(note)) if note.serial == serial => note.standing(host, now_ms),
        // What can't be read says nothing; a refresh reads it again, and then it is an error.
        Ok(_) | Err(_) => Standing::Quiet,
    }
}

/// The note of the pair with this serial; that of another pair is stale and erased.
///
/// Only for the holder of the account's lock.
pub(super) fn of_pair(
    data: &Path,
    account_id: &str,
    serial: &str,
) -> Result<Option<Note>, FileError> {
    let note = read(data, account_id)?;
    if note.as_ref().is_some_and(|note| note.serial != serial) {
        clear(data, account_id);
    }
    Ok(note.filter(|note| note.serial == serial))
}

/// Whether there is any note; asked for each token, so it only looks at the folder.
pub(crate) fn exists(data: &Path, account_id: &str) -> bool {
    files::exists(&OurFile::refresh_note(data, account_id))
}

/// Reads the note; one that is no note counts as none, because the vault still decides.
fn read(data: &Path, account_id: &str) -> Result<Option<Note>, FileError> {
    let text = files::read_text(&OurFile::refresh_note(data, account_id))?;
    Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
}

/// Writes the note durably.
pub(super) fn write(data: &Path, account_id: &str, note: &Note) -> Result<(), FileError> {
    // A record of texts and numbers always serializes.
    let text = serde_json::to_string(note).unwrap_or_default();
    files::write_text(&OurFile::refresh_note(data, account_id), &text)
}

/// What an attempt that brought no new pair left behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Left {
    /// The refresh token certainly works as before.
    Unspent,
    /// The server may have replaced it.
    Unknown,
}

/// Notes the end of an attempt, and when the next one may begin: after `asked`, or else 30 seconds,
/// doubled with each attempt that stayed unanswered.
pub(super) fn end(
    data: &Path,
    account_id: &str,
    note: &Note,
    left: Left,
    asked: Option<Duration>,
    now_ms: i64,
) {
    let unspent = left == Left::Unspent;
    if unspent && !note.is_doubtful_without_this() && asked.is_none_or(|asked| asked.is_zero()) {
        return clear(data, account_id);
    }
    let usual = LEAST_REST.saturating_mul(1 << note.unanswered.min(8)).min(MOST_REST);
    let rest = asked.unwrap_or(usual).min(MOST_ASKED);
    let next_ms = now_ms.saturating_add(i64::try_from(rest.as_millis()).unwrap_or(i64::MAX));
    let ended = Note { end: Some(End { unspent, next_ms }), ..note.clone() };
    if let Err(error) = write(data, account_id, &ended) {
        // Without its end it counts as cut off, and is resolved by the next call.
        tracing::warn!(%error, "the end of a refresh is not noted");
    }
}

/// Takes the note away. Left behind it does no harm: it names a pair that is no longer in the vault.
pub(crate) fn clear(data: &Path, account_id: &str) {
    if let Err(error) = files::remove(&OurFile::refresh_note(data, account_id)) {
        tracing::warn!(%error, "the note of a finished refresh stays behind");
    }
}

#[cfg(test)]
#[path = "note_tests.rs"]
mod tests;
