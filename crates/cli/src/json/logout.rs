//! How a logout ended.

use birdkey::view::{LogoutView, RevocationView};
use birdkey_foreign::Foreign;
use serde::Serialize;

use super::problem::Problem;
use super::{each, words};

/// What `birdkey logout` prints.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LoggedOut<'a> {
    /// One for each account.
    logged_out: Vec<Logout<'a>>,
}

impl<'a> From<&'a [LogoutView]> for LoggedOut<'a> {
    fn from(ended: &'a [LogoutView]) -> Self {
        Self { logged_out: each(ended) }
    }
}

/// The logout of one account, whose grant is erased on this machine.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Logout<'a> {
    /// The account that was logged out.
    account_id: &'a str,
    /// What it was called.
    account_name: &'a Foreign,
    /// What became of the access token at the server.
    access_token: Revocation,
    /// What became of the refresh token at the server.
    refresh_token: Revocation,
    /// That newer tokens of this login may live on at the server; null: none does.
    newer_tokens: Option<Problem>,
    /// How to end what is not revoked; null: nothing is left.
    hint: Option<String>,
}

impl<'a> From<&'a LogoutView> for Logout<'a> {
    fn from(ended: &'a LogoutView) -> Self {
        Self {
            account_id: &ended.account_id,
            account_name: &ended.account,
            access_token: (&ended.access_token).into(),
            refresh_token: (&ended.refresh_token).into(),
            newer_tokens: ended.newer_tokens.as_ref().map(Problem::from),
            hint: ended.hint.as_ref().map(ToString::to_string),
        }
    }
}

/// What became of one token.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Revocation {
    /// How it is now.
    state: &'static str,
    /// Why it is not revoked; null: there is nothing to say.
    problem: Option<Problem>,
}

impl From<&RevocationView> for Revocation {
    fn from(revocation: &RevocationView) -> Self {
        let problem = match revocation {
            RevocationView::Waiting { problem } | RevocationView::Failed { problem } => {
                Some(problem.into())
            }
            RevocationView::Revoked | RevocationView::None | RevocationView::Unsupported => None,
        };
        Self { state: words::revocation_state(revocation), problem }
    }
}
