//! The answer to a request that the user tried in the window.

use birdkey_foreign::Foreign;
use serde::Serialize;
use ts_rs::TS;

use crate::problem::Problem;

/// An answer, without its text: that stays in Rust and is handed out by lines, however long it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export, rename_all = "camelCase")]
#[serde(rename_all = "camelCase")]
pub struct AnswerView {
    /// The HTTP status.
    pub status: u16,
    /// From sending to the last byte, in milliseconds.
    #[ts(type = "number")]
    pub milliseconds: u64,
    /// Size of the body, in bytes.
    #[ts(type = "number")]
    pub bytes: u64,
    /// Lines of the body as it is shown: JSON indented, anything else as it came.
    #[ts(type = "number")]
    pub lines: u64,
    /// Whether the body is JSON.
    pub is_json: bool,
    /// Whether the end of the body was left out because it is too large to show.
    pub is_cut: bool,
    /// The content type, as sent.
    #[ts(type = "string | null")]
    pub content_type: Option<Foreign>,
    /// Requests of the kind within the time of the limit, when the server says so.
    pub rate_limit: Option<RateLimitView>,
    /// What a failure means and what to do about it.
    pub problem: Option<Problem>,
}

/// `x-rate-limit-*` of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[ts(export, rename_all = "camelCase")]
#[serde(rename_all = "camelCase")]
pub struct RateLimitView {
    /// Requests allowed within the time.
    #[ts(type = "number")]
    pub limit: u64,
    /// Requests left.
    #[ts(type = "number")]
    pub remaining: u64,
    /// When it begins anew, Unix milliseconds.
    #[ts(type = "number | null")]
    pub resets_at_ms: Option<i64>,
}
