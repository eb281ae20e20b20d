//! What a refusal means for the token that was sent.

use std::time::Duration;

use super::failure::TokenFailure;

impl TokenFailure {
    /// Whether the server said, in the words for it, that the grant is dead.
    pub fn ends_the_grant(&self) -> bool {
        matches!(self, Self::RefreshTokenInvalid | Self::InvalidGrant)
    }

    /// Whether the server refused before it did anything, so that code or refresh token still work.
    pub fn leaves_the_token_unspent(&self) -> bool {
        match self {
            Self::ClientIdInvalid
            | Self::ClientIdMissing
            | Self::ClientAuthentication
            | Self::RateLimited { .. }
            | Self::Refused { .. }
            | Self::CodeInvalid
            | Self::RedirectMismatch
            | Self::VerifierMismatch => true,
            Self::RefreshTokenInvalid
            | Self::InvalidGrant
            | Self::Unavailable { .. }
            | Self::NotJson { .. }
            | Self::Truncated
            | Self::NoAccessToken
            | Self::TokenUnusable
            | Self::TokenType { .. }
            | Self::Redirected { .. } => false,
        }
    }

    /// Whether tokens may have been issued that never arrived here.
    pub fn may_have_issued_tokens(&self) -> bool {
        !self.leaves_the_token_unspent() && !self.ends_the_grant()
    }

    /// Whether this is the server's last word on a token that was to be revoked: it refused as OAuth
    /// has it (RFC 6749 §5.2), and for another reason than who was asking.
    pub fn is_final_for_a_revocation(&self) -> bool {
        self.ends_the_grant() || matches!(self, Self::Refused { status: 400 | 401 | 403, .. })
    }

    /// How long the server asks to be left alone, from `now_ms` (Unix milliseconds) on.
    pub fn retry_after(&self, now_ms: i64) -> Option<Duration> {
        let (seconds, reset_unix) = match self {
            Self::RateLimited { retry_after_seconds, reset_unix } => {
                (*retry_after_seconds, *reset_unix)
            }
            Self::Unavailable { retry_after_seconds, .. } => (*retry_after_seconds, None),
            Self::CodeInvalid
            | Self::RedirectMismatch
            | Self::VerifierMismatch
            | Self::RefreshTokenInvalid
            | Self::InvalidGrant
            | Self::ClientIdInvalid
            | Self::ClientIdMissing
            | Self::ClientAuthentication
            | Self::NotJson { .. }
            | Self::Truncated
            | Self::NoAccessToken
            | Self::TokenUnusable
            | Self::TokenType { .. }
            | Self::Redirected { .. }
            | Self::Refused { .. } => return None,
        };
        let now_seconds = u64::try_from(now_ms / 1_000).unwrap_or(0);
        let until_reset = reset_unix.map(|reset| reset.saturating_sub(now_seconds));
        seconds.or(until_reset).map(Duration::from_secs)
    }
}
