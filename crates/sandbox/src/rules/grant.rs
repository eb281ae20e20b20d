//! Grants: what a user allowed an app, with the hashes of its live tokens.

use serde::{Deserialize, Serialize};

use crate::clock::UnixMs;
use crate::hash::Hashed;

/// Replaced refresh tokens kept to recognize reuse; the oldest give way.
const MAX_RETIRED: usize = 32;

/// A token by its hash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Token {
    pub(crate) sha256: Hashed,
    pub(crate) expires_at_ms: u64,
}

impl Token {
    pub(crate) fn lives_at(&self, now: UnixMs) -> bool {
        now.0 < self.expires_at_ms
    }
}

/// A refresh token that was replaced by a newer one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Retired {
    pub(crate) sha256: Hashed,
    pub(crate) at_ms: u64,
}

/// What one user allowed one app.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Grant {
    pub(crate) client_id: String,
    pub(crate) user_id: String,
    pub(crate) scopes: Vec<String>,
    /// A refresh leaves the earlier access token alive, so there may be several.
    pub(crate) access_tokens: Vec<Token>,
    pub(crate) refresh_token: Option<Token>,
    pub(crate) retired_refresh_tokens: Vec<Retired>,
}

impl Grant {
    pub(crate) fn has_access_token(&self, sha256: Hashed) -> bool {
        self.access_tokens.iter().any(|token| token.sha256 == sha256)
    }

    pub(crate) fn has_refresh_token(&self, sha256: Hashed) -> bool {
        self.refresh_token.as_ref().is_some_and(|token| token.sha256 == sha256)
    }

    pub(crate) fn retired(&self, sha256: Hashed) -> Option<&Retired> {
        self.retired_refresh_tokens.iter().find(|retired| retired.sha256 == sha256)
    }

    /// Whether any token still works.
    pub(crate) fn lives_at(&self, now: UnixMs) -> bool {
        self.access_tokens.iter().chain(&self.refresh_token).any(|token| token.lives_at(now))
    }

    pub(crate) fn retire_refresh_token(&mut self, now: UnixMs) {
        let Some(replaced) = self.refresh_token.take() else {
            return;
        };
        self.retired_refresh_tokens.push(Retired { sha256: replaced.sha256, at_ms: now.0 });
        let excess = self.retired_refresh_tokens.len().saturating_sub(MAX_RETIRED);
        self.retired_refresh_tokens.drain(..excess);
    }
}
