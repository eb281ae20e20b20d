//! Who got what when.

use birdkey::activity::Entry as EngineEntry;
use birdkey_foreign::Foreign;
use serde::Serialize;

use super::{each, words};

/// What `birdkey activity` prints.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Activity<'a> {
    /// What happened, oldest first.
    activity: Vec<Entry<'a>>,
}

impl<'a> From<&'a [EngineEntry]> for Activity<'a> {
    fn from(entries: &'a [EngineEntry]) -> Self {
        Self { activity: each(entries) }
    }
}

/// One thing that happened; with `--follow` an object of its own.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Entry<'a> {
    /// When; of several, the last.
    at_ms: i64,
    /// What.
    event: &'static str,
    /// The account; null: it is about none.
    account_id: Option<&'a str>,
    /// What the account was called then; null: unknown.
    account_name: Option<&'a Foreign>,
    /// The program that asked, by its name; `clipboard`: a person copied the token; null: none asked.
    program: Option<&'a Foreign>,
    /// That program's process id, the last one; null: unknown.
    pid: Option<u32>,
    /// How often within the hour.
    count: u64,
    /// The code of the problem; null: all went well.
    code: Option<&'a str>,
}

impl<'a> From<&'a EngineEntry> for Entry<'a> {
    fn from(entry: &'a EngineEntry) -> Self {
        Self {
            at_ms: entry.at_ms,
            event: words::event(entry.what),
            account_id: entry.account_id.as_deref(),
            account_name: entry.account.as_ref(),
            program: entry.program.as_ref(),
            pid: entry.pid,
            count: entry.count,
            code: entry.code.as_deref(),
        }
    }
}
