//! Counting what comes in loops: hand-outs, by program, account and hour.
//!
//! Each hour is a file of at most 256 KiB, an entry a line, replaced as a whole under the lock of the
//! activity. Hours that are over become lines of the log.

use std::path::Path;
use std::time::Duration;

use super::{Entry, What, Whose, log};
use crate::effects::files::{self, FileError, OurFile};
use crate::effects::process::Caller;

const HOUR_MS: i64 = 3_600_000;
/// An hour is closed when it has been over for this many: a clock that is a little behind still counts.
const CLOSED_AFTER: i64 = 2;
/// The largest file of an hour, in bytes.
pub(super) const MAX_BYTES: usize = 256 * 1024;
/// Of that, what is kept for [`OTHERS`], in bytes.
const FOR_OTHERS: usize = 1_024;
/// How long another program's count is waited for; then this one is left out.
pub(super) const WAIT: Duration = Duration::from_millis(500);

/// Stands for the programs that find no room of their own in the file of their hour.
pub(super) const OTHERS: &str = "other programs";

/// What is counted.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Counted<'a> {
    /// A token was handed out.
    Token,
    /// None was, for this reason.
    Failure(&'a str),
}

/// Counts one more.
pub(crate) fn count(data: &Path, now_ms: i64, counted: Counted<'_>, whose: &Whose, by: &Caller) {
    let (what, code) = match counted {
        Counted::Token => (What::Token, None),
        Counted::Failure(code) => (What::Failure, Some(code.to_owned())),
    };
    let entry = Entry {
        at_ms: now_ms,
        what,
        account_id: whose.id.clone(),
        account: whose.called.clone(),
        program: Some(by.name.clone()),
        pid: by.pid,
        count: 1,
        code,
    };
    if let Err(error) = add(data, entry) {
        tracing::debug!(%error, "a hand-out is not counted");
    }
}

fn add(data: &Path, entry: Entry) -> Result<(), FileError> {
    let _lock = files::lock_within(&OurFile::activity_lock(data), WAIT)?;
    let hour = entry.at_ms.div_euclid(HOUR_MS);
    let file = OurFile::counts(data, hour);
    if !files::exists(&file) {
        close(data, hour)?;
    }
    let mut entries = log::entries(&file)?;
    added(&mut entries, entry);
    files::write_soon(&file, &log::lines(&entries))
}

/// Counts it with its like, or else on its own, or where there is no room with all others.
pub(super) fn added(entries: &mut Vec<Entry>, entry: Entry) {
    let is_alike = |one: &Entry, other: &Entry| {
        let key =
            |it: &Entry| (it.what, it.account_id.clone(), it.program.clone(), it.code.clone());
        key(one) == key(other)
    };
    if let Some(found) = entries.iter_mut().find(|one| is_alike(one, &entry)) {
        *found = Entry { count: found.count.saturating_add(1), ..entry };
        return;
    }
    let others = entry.program.as_ref().is_some_and(|program| program.is_named(OTHERS));
    let size = log::lines(entries).len() + log::lines(std::slice::from_ref(&entry)).len();
    if others || size <= MAX_BYTES - FOR_OTHERS {
        entries.push(entry);
        return;
    }
    let program = Some(OTHERS.into());
    let one_of_many =
        Entry { account_id: None, account: None, program, pid: None, code: None, ..entry };
    added(entries, one_of_many);
}

/// What was counted in the hours that are not closed.
pub(super) fn read(data: &Path) -> Vec<Entry> {
    hours(data).into_iter().flat_map(|hour| of_hour(data, hour)).collect()
}

/// Turns hours that are over into lines of the log; the lock of the activity is held.
fn close(data: &Path, now: i64) -> Result<(), FileError> {
    for hour in hours(data) {
        // One ahead of now is from before the clock was set back.
        if hour <= now - CLOSED_AFTER || hour > now {
            log::append_held(data, &of_hour(data, hour))?;
            files::remove(&OurFile::counts(data, hour))?;
        }
    }
    Ok(())
}

fn hours(data: &Path) -> Vec<i64> {
    let names = files::names_in(&files::counts(data)).into_iter();
    names.filter_map(|name| name.strip_suffix(".json")?.parse().ok()).collect()
}

fn of_hour(data: &Path, hour: i64) -> Vec<Entry> {
    log::entries(&OurFile::counts(data, hour)).unwrap_or_default()
}
