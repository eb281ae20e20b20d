//! What a failure looks like from the outside: the same for window, tray, browser page and command.

use serde::Serialize;
use ts_rs::TS;

/// A failure in the user's words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export, rename_all = "camelCase")]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    /// Stable name, in `snake_case`.
    pub code: String,
    /// What happened, one sentence.
    pub what: String,
    /// Why, one or two sentences with the fact.
    pub why: String,
    /// What to do, as an action that exists.
    pub fix: String,
}
