//! The names of an account, asked for again when the user refreshes.

use crate::app::App;
use crate::failure::Failure;
use crate::grant::Grant;
use crate::hand_out::{read_grant, write_grant};
use crate::login;
use crate::store::accounts;
use crate::world::World;

/// Takes new names over; without an answer the old ones stay. X may bill reads, so only an act of
/// the user asks.
pub(super) async fn update(world: &World, app: &App, account_id: &str, mut grant: Grant) {
    let Ok(profile) = login::profile(world, app, &grant).await else { return };
    let known = grant.profile.as_ref();
    if known == Some(&profile) {
        return;
    }
    // A token names one user for life; another one must never take the account over.
    if known.is_some_and(|known| known.user_id != profile.user_id) {
        tracing::warn!(account_id, "the profile names another user; the account stays as it is");
        return;
    }
    grant.profile = Some(profile);
    if let Err(failure) = store(world, app, account_id, &grant).await {
        tracing::warn!(%failure, "the new names were not stored");
    }
}

async fn store(world: &World, app: &App, account_id: &str, grant: &Grant) -> Result<(), Failure> {
    let _held = super::hold(world, account_id).await?;
    if read_grant(world, app, account_id).await?.serial != grant.serial {
        // A newer pair is there; it must not be written over for the sake of a name.
        return Ok(());
    }
    write_grant(world, app, account_id, grant).await?;
    accounts::change(&world.folders.data, |all| {
        if let Some(account) = all.iter_mut().find(|one| one.id == account_id) {
            account.follow(grant);
        }
    })?;
    Ok(())
}
