//! The names of an account, asked for again when the user refreshes.

use crate::failure::Failure;
use crate::model::app::App;
use crate::model::grant::Grant;
use crate::use_cases::context::Context;

/// Takes new names over; without an answer the old ones stay. X may bill reads, so only an act of
/// the user asks. Returns the account's id: one whose user was not known may turn out to be another
/// account's, and moves in there.
pub(crate) async fn update(
    context: &Context,
    app: &App,
    account_id: &str,
    grant: &Grant,
) -> Result<String, Failure> {
    let unchanged = Ok(account_id.to_owned());
    let Ok(profile) = super::profile(context, app, grant).await else { return unchanged };
    let known = grant.profile.as_ref();
    if known == Some(&profile) {
        return unchanged;
    }
    // A token names one user for life; another one must never take the account over.
    if known.is_some_and(|known| known.user_id != profile.user_id) {
        tracing::warn!(account_id, "the profile names another user; the account stays as it is");
        return unchanged;
    }
    super::settle::settle_names(context, app, account_id, profile).await
}
