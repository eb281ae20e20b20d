//! Ending tokens at the server: now, later by the queue, or with the next logout of their account.

mod finish;
mod queue;
mod replaced;
mod revoke;

use crate::model::app::App;
use crate::model::grant::Grant;
use crate::use_cases::context::Context;
pub(crate) use finish::{Occasion, finish, note_of};
pub(crate) use queue::{PendingRevocation, let_secret_go, put, read};
pub(crate) use replaced::{
    Old, Replaced, User, before_login, held_back, keep, release, settle, superseded,
};
pub(crate) use revoke::{Issuer, PairOutcome, Revocation, Revoked};

/// What became of a pair that is of no use any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BestEffort {
    /// The server has had its word on it.
    Revoked,
    /// The server offers no revocation: it works until it expires.
    Unsupported,
    /// It may still work.
    Open,
}

/// Revokes what is of no use any more; what fails is only logged.
pub(crate) async fn revoke_best_effort(
    context: &Context,
    app: Option<&App>,
    app_id: &str,
    grant: &Grant,
) -> BestEffort {
    let issuer = match Issuer::of(app_id, app, grant) {
        Ok(issuer) => issuer,
        Err(failure) => {
            tracing::info!(%failure, "what is of no use any more can't be revoked");
            return BestEffort::Open;
        }
    };
    let halves = issuer.revoke(context, grant).await;
    let became = match (halves.is_open(), issuer.can_revoke()) {
        (true, _) => BestEffort::Open,
        (false, true) => BestEffort::Revoked,
        (false, false) => BestEffort::Unsupported,
    };
    let revoked = halves.shown(issuer.about(), false);
    tracing::info!(refresh = ?revoked.refresh, access = ?revoked.access, "revoked what is of no use any more");
    became
}
