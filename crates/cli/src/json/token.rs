//! The access token itself.

use birdkey::token::FreshToken as EngineFreshToken;
use serde::Serialize;

use super::Revealed;
use super::problem::Problem;

/// What `birdkey token` prints.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FreshToken<'a> {
    /// The access token: a secret.
    access_token: Revealed<'a>,
    /// The account it belongs to.
    account_id: &'a str,
    /// When it expires; null: unknown.
    expires_at_ms: Option<i64>,
    /// The scopes granted; null: unknown.
    scopes: Option<&'a [String]>,
    /// That the server may have replaced this token; null: there is no reason to doubt it.
    warning: Option<Problem>,
}

impl<'a> FreshToken<'a> {
    pub(crate) fn new(access_token: Revealed<'a>, handed_out: &'a EngineFreshToken) -> Self {
        Self {
            access_token,
            account_id: &handed_out.account_id,
            expires_at_ms: handed_out.expires_at_ms,
            scopes: handed_out.scopes.as_deref(),
            warning: handed_out.warning.as_ref().map(Problem::from),
        }
    }
}
