//! Counting what comes in loops: hand-outs, by program, account and hour.
//!
//! Each count is a file in the folder of its hour, one line a time: appending needs no lock and
//! loses nothing between processes. Folders of hours that are over become lines of the log.

use std::path::Path;

use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use super::{Entry, What, Whose, log};
use crate::effects::files;
use crate::effects::process::Caller;

const HOUR_MS: i64 = 3_600_000;
/// An hour is closed when it has been over for this many: nobody writes to it any more.
const CLOSED_AFTER: i64 = 2;
/// The longest part of a count's file name, in bytes.
const MAX_PART_BYTES: usize = 80;

/// Marks an hour that a program is turning into lines.
const CLOSING: &str = ".closing";

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
    let folder = super::folder(data);
    let hours = folder.join("hours");
    let hour = now_ms.div_euclid(HOUR_MS);
    let place = hours.join(hour.to_string());
    if !files::exists(&place) {
        close(&folder, &hours, hour);
        if let Err(error) = files::private_folder(&place) {
            tracing::debug!(%error, "a hand-out is not counted");
            return;
        }
    }
    let code = match counted {
        Counted::Token => "",
        Counted::Failure(code) => code,
    };
    let parts = [whose.id.as_deref().unwrap_or(""), by.name.as_str(), code];
    let name = parts.map(named).join(".");
    let called = whose.called.as_deref().unwrap_or("").replace(char::is_control, " ");
    let line = format!("{now_ms} {} {called}\n", by.pid.unwrap_or(0));
    if let Err(error) = files::append(&place.join(name), &line) {
        tracing::debug!(%error, "a hand-out is not counted");
    }
}

/// A part of a file's name. No system takes names of more than 255 bytes, so long ones are cut.
fn named(part: &str) -> String {
    let mut encoded = String::new();
    for character in part.chars() {
        let more =
            utf8_percent_encode(character.encode_utf8(&mut [0; 4]), NON_ALPHANUMERIC).to_string();
        if encoded.len() + more.len() > MAX_PART_BYTES {
            break;
        }
        encoded.push_str(&more);
    }
    encoded
}

/// What was counted in the hours that are not closed.
pub(super) fn read(folder: &Path) -> Vec<Entry> {
    let hours = files::names_in(&folder.join("hours"));
    hours.iter().flat_map(|hour| of_hour(&folder.join("hours").join(hour))).collect()
}

/// Turns hours that are over into lines of the log.
fn close(folder: &Path, hours: &Path, now: i64) {
    for name in files::names_in(hours) {
        // One that another program began to close long ago was left when that program ended.
        let (left, after) = match name.strip_suffix(CLOSING) {
            Some(hour) => (hour, CLOSED_AFTER + 1),
            None => (name.as_str(), CLOSED_AFTER),
        };
        let Ok(hour) = left.parse::<i64>() else { continue };
        if hour > now - after && hour <= now {
            continue;
        }
        // Renaming is the claim: only one of several programs gets it.
        let claimed = hours.join(format!("{left}{CLOSING}"));
        if name.ends_with(CLOSING) || files::rename(&hours.join(&name), &claimed) {
            log::append(folder, &of_hour(&claimed));
            files::remove_folder(&claimed);
        }
    }
}

fn of_hour(place: &Path) -> Vec<Entry> {
    files::names_in(place).iter().filter_map(|name| entry(&place.join(name), name)).collect()
}

fn entry(path: &Path, name: &str) -> Option<Entry> {
    let text = files::read_text(path).ok()??;
    let mut parts = name.split('.').map(|part| {
        let text = percent_decode_str(part).decode_utf8_lossy().into_owned();
        Some(text).filter(|text| !text.is_empty())
    });
    let (account_id, program, code) = (parts.next()?, parts.next()?, parts.next()?);
    let mut last = text.lines().last()?.splitn(3, ' ');
    let (at_ms, pid) = (last.next()?, last.next()?);
    let account = last.next().filter(|called| !called.is_empty()).map(str::to_owned);
    Some(Entry {
        at_ms: at_ms.parse().ok()?,
        what: if code.is_some() { What::Failure } else { What::Token },
        account_id,
        account,
        program,
        pid: pid.parse().ok().filter(|pid| *pid != 0),
        count: u64::try_from(text.lines().count()).unwrap_or(u64::MAX),
        code,
    })
}
