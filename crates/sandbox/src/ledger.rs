//! Every secret in plain, for tests that search for leaks.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// What an app sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Received {
    /// The `state` of an authorize request.
    State,
    /// The `code_challenge` of an authorize request.
    Challenge,
    /// The `code` of a token request.
    Code,
    /// The `code_verifier` of a token request.
    Verifier,
    /// The `refresh_token` of a token request.
    RefreshToken,
    /// The client secret of a token or revoke request.
    ClientSecret,
}

/// One request that was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logged {
    /// The HTTP method.
    pub method: String,
    /// The path, without the query.
    pub path: String,
    /// The status answered.
    pub status: u16,
    /// From the request's head to the answer's head.
    pub took: Duration,
}

/// Keeps every secret issued and received in plain.
///
/// # Security
///
/// For tests only: nothing else may keep secrets in plain.
#[derive(Default)]
pub struct Ledger {
    entries: Mutex<Entries>,
}

#[derive(Default)]
struct Entries {
    issued: Vec<String>,
    received: Vec<(Received, String)>,
    requests: Vec<Logged>,
}

impl Ledger {
    /// All codes, access tokens and refresh tokens, oldest first.
    pub fn issued(&self) -> Vec<String> {
        self.lock().issued.clone()
    }

    /// All values of one kind that apps sent, oldest first, repeats kept.
    pub fn received(&self, kind: Received) -> Vec<String> {
        let entries = self.lock();
        let of_kind = entries.received.iter().filter(|(sent, _)| *sent == kind);
        of_kind.map(|(_, value)| value.clone()).collect()
    }

    /// All requests answered, oldest first.
    pub fn requests(&self) -> Vec<Logged> {
        self.lock().requests.clone()
    }

    pub(crate) fn note_issued(&self, secret: &str) {
        self.lock().issued.push(secret.to_owned());
    }

    pub(crate) fn note_received(&self, kind: Received, value: Option<&str>) {
        if let Some(value) = value {
            self.lock().received.push((kind, value.to_owned()));
        }
    }

    pub(crate) fn note_request(&self, request: Logged) {
        self.lock().requests.push(request);
    }

    fn lock(&self) -> MutexGuard<'_, Entries> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for Ledger {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Ledger(..)")
    }
}
