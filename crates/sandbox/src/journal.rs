//! The request log that a person can look at: what was asked and answered, never a secret.

use std::collections::VecDeque;

/// As many requests as the page shows.
const KEPT: usize = 200;

/// One request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    /// When, Unix milliseconds.
    pub(crate) at_ms: u64,
    pub(crate) method: String,
    /// Without the query.
    pub(crate) path: String,
    /// The status answered; `None` when the connection was dropped.
    pub(crate) status: Option<u16>,
    /// From the request's head to the answer's head, in milliseconds.
    pub(crate) took_ms: u128,
    /// The planned fault it met, as it is written in a plan.
    pub(crate) fault: Option<String>,
}

/// The newest requests, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Journal(VecDeque<Entry>);

impl Journal {
    pub(crate) fn add(&mut self, entry: Entry) {
        if self.0.len() == KEPT {
            self.0.pop_front();
        }
        self.0.push_back(entry);
    }

    pub(crate) fn entries(&self) -> Vec<Entry> {
        self.0.iter().cloned().collect()
    }
}
