//! How a logout ended.

use birdkey_foreign::Foreign;
use birdkey_messages::Words;
use serde::Serialize;
use ts_rs::TS;

use crate::problem::Problem;
use crate::use_cases::revocation::Revocation;

/// How a logout ended, half by half.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export, rename_all = "camelCase")]
#[serde(rename_all = "camelCase")]
pub struct LogoutView {
    /// The id it had, for the command alone: the window knows whom it logged out.
    #[serde(skip)]
    #[ts(skip)]
    pub account_id: String,
    /// Who was logged out, in words.
    #[ts(type = "string")]
    pub account: Foreign,
    /// The refresh token at the provider.
    pub refresh_token: RevocationView,
    /// The access token at the provider.
    pub access_token: RevocationView,
    /// That newer tokens of this login may live on at the provider, when they may.
    pub newer_tokens: Option<Problem>,
    /// How a person ends what is not revoked, when anything is not.
    #[ts(type = "string | null")]
    pub hint: Option<Words>,
}

/// What became of one token at the provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export, rename_all = "snake_case", tag = "state")]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum RevocationView {
    /// The provider revoked it or no longer knew it.
    Revoked,
    /// There was no such token.
    None,
    /// The provider offers no revocation.
    Unsupported,
    /// The provider was not reached; it is told later, by itself.
    Waiting {
        /// Why not now.
        problem: Problem,
    },
    /// It may still work at the provider until it expires.
    Failed {
        /// Why.
        problem: Problem,
    },
}

impl From<Revocation> for RevocationView {
    fn from(revocation: Revocation) -> Self {
        match revocation {
            Revocation::Revoked => Self::Revoked,
            Revocation::None => Self::None,
            Revocation::Unsupported => Self::Unsupported,
            Revocation::Waiting { problem } => Self::Waiting { problem },
            Revocation::Failed { problem } => Self::Failed { problem },
        }
    }
}
