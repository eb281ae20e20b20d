//! Grants in the vault: read for the app they belong to, written under the name the keychain shows.

use crate::effects::vault::{ItemName, VaultError};
use crate::failure::{Failure, StoredError};
use crate::model::app::{App, Binding};
use crate::model::grant::{Grant, GrantError};
use crate::protocol::secret::Secret;
use crate::use_cases::context::{Context, endpoints_of, unchanged};

/// Reads the grant of an account and checks that it belongs to the app as it stands now.
pub(crate) async fn read_grant(
    context: &Context,
    app: &App,
    account_id: &str,
) -> Result<Grant, Failure> {
    let item = context.effects.vault.read(&ItemName::grant(&app.id, account_id)).await?;
    let Some(item) = item else { return Err(StoredError::GrantMissing.into()) };
    let grant = grant_in(&item)?;
    unchanged(&grant.binding, &Binding::of(&app.client_id, &endpoints_of(app)?))?;
    Ok(grant)
}

/// The grant that an item holds.
pub(crate) fn grant_in(item: &Secret) -> Result<Grant, StoredError> {
    Grant::from_item(item).map_err(|error| match error {
        GrantError::Unreadable => StoredError::GrantUnreadable,
        GrantError::Newer { .. } => StoredError::GrantNewer,
    })
}

/// What the keychain's own UI shows for the item of a grant.
pub(crate) fn label(app: &App, grant: &Grant) -> String {
    match grant.profile.as_ref().and_then(|profile| profile.username.as_ref()) {
        Some(username) => format!("Birdkey: @{} ({})", username.label(), app.name.label()),
        None => format!("Birdkey: {}", app.name.label()),
    }
}

/// Writes the grant of an account in place of an earlier one.
pub(crate) async fn write_grant(
    context: &Context,
    app: &App,
    account_id: &str,
    grant: &Grant,
) -> Result<(), VaultError> {
    let name = ItemName::grant(&app.id, account_id);
    context.effects.vault.write(&name, &label(app, grant), &grant.to_item()).await
}
