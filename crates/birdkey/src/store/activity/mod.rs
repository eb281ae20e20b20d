//! Activity: who got what when; never a secret, never anybody's arguments.
//!
//! In a folder of its own, which the app does not watch, and never fsynced: what is rare is a line of
//! `activity.jsonl` (rotated, 5 kept), what comes in loops is counted (see `counts`) and becomes a
//! line once its hour is over: 5 files of 256 KiB, and one more each for this hour and the one before.
//! Nothing here ever fails a use case.

mod counts;
mod log;
mod reasons;

use std::path::{Path, PathBuf};

use birdkey_foreign::Foreign;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

pub(crate) use counts::{Counted, count};

use crate::effects::files;

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[ts(export, rename = "ActivityKind", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// A user logged in.
    Login,
    /// A grant was exchanged for a new one.
    Refresh,
    /// An access token was handed out, or used for a request of the API.
    Token,
    /// A grant was taken over from another program.
    Import,
    /// A login ended: its tokens were revoked, as far as the server could be reached.
    Logout,
    /// One of these did not happen; `code` says why.
    Failure,
}

/// One line of the activity.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[ts(export, rename = "ActivityEntry", rename_all = "camelCase")]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    /// When, Unix milliseconds; for what was counted, the last time.
    #[ts(type = "number")]
    pub at_ms: i64,
    /// What.
    pub what: What,
    /// The account's id, when it is about one.
    pub account_id: Option<String>,
    /// What the account was called then.
    #[ts(type = "string | null")]
    pub account: Option<Foreign>,
    /// The program that asked, by the name of its executable: a hint, since any can have any name;
    /// `clipboard` for a token that a person copied.
    #[ts(type = "string | null")]
    pub program: Option<Foreign>,
    /// That program's process id, the last one.
    pub pid: Option<u32>,
    /// How often, within the hour.
    #[ts(type = "number")]
    pub count: u64,
    /// The code of the Problem.
    pub code: Option<String>,
}

/// Stands in the place of a program where a person copied a token.
pub const CLIPBOARD: &str = "clipboard";

/// Which account something happened to.
#[derive(Debug, Clone, Default)]
pub(crate) struct Whose {
    pub(crate) id: Option<String>,
    pub(crate) called: Option<Foreign>,
}

/// The folder.
pub(crate) fn folder(data: &Path) -> PathBuf {
    files::activity(data)
}

/// Notes something rare.
pub(crate) fn note(data: &Path, now_ms: i64, what: What, whose: Whose, code: Option<&str>) {
    let entry = Entry {
        at_ms: now_ms,
        what,
        account_id: whose.id,
        account: whose.called,
        program: None,
        pid: None,
        count: 1,
        code: code.map(str::to_owned),
    };
    log::append(data, &entry);
}

/// Everything noted and counted, oldest first.
pub(crate) fn read(data: &Path) -> Vec<Entry> {
    let mut entries = log::read(data);
    entries.extend(counts::read(data));
    entries.sort_by_key(|entry| entry.at_ms);
    entries
}

#[cfg(test)]
mod tests;
