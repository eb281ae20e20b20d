//! Handing out an access token.

use crate::app::{App, Binding};
use crate::effects::vault::ItemName;
use crate::failure::{Failure, StoredError};
use crate::grant::{Grant, GrantError};
use crate::protocol::secret::Secret;
use crate::world::{World, endpoints_of, unchanged};

/// An access token and what it is good for.
#[derive(Debug)]
pub struct HandedOut {
    /// The access token.
    pub access_token: Secret,
    /// The id of the account it belongs to.
    pub account_id: String,
    /// When it expires, Unix milliseconds; `None` when unknown.
    pub expires_at_ms: Option<i64>,
    /// The scopes granted.
    pub scopes: Vec<String>,
}

/// Reads the grant of an account and checks that it belongs to the app as it stands now.
pub(crate) async fn read_grant(
    world: &World,
    app: &App,
    account_id: &str,
) -> Result<Grant, Failure> {
    let item = world.effects.vault.read(&ItemName::grant(&app.id, account_id)).await?;
    let Some(item) = item else { return Err(StoredError::GrantMissing.into()) };
    let grant = Grant::from_item(&item).map_err(|error| match error {
        GrantError::Unreadable => StoredError::GrantUnreadable,
        GrantError::Newer { .. } => StoredError::GrantNewer,
    })?;
    unchanged(&grant.binding, &Binding::of(&app.client_id, &endpoints_of(app)?))?;
    Ok(grant)
}

/// Hands out the access token of an account while it is valid.
pub(crate) async fn token(
    world: &World,
    app: &App,
    account_id: &str,
) -> Result<HandedOut, Failure> {
    let grant = read_grant(world, app, account_id).await?;
    if grant.remaining_ms(world.effects.clock.now_unix_ms()) == Some(0) {
        return Err(StoredError::Expired { refreshable: grant.refresh_token.is_some() }.into());
    }
    Ok(HandedOut {
        scopes: grant.scopes_granted().names().to_vec(),
        expires_at_ms: grant.expires_at_ms,
        access_token: grant.access_token,
        account_id: account_id.to_owned(),
    })
}
