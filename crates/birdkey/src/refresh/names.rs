//! The names of an account, asked for again when the user refreshes.

use std::time::Duration;

use crate::app::App;
use crate::effects::clock::within;
use crate::effects::vault::ItemName;
use crate::failure::Failure;
use crate::grant::Grant;
use crate::hand_out::read_grant;
use crate::login::settle::label;
use crate::protocol::profile::{Profile, profile_request, read_profile};
use crate::store::accounts;
use crate::world::{World, endpoints_of};

/// How long the profile may take.
const PROFILE_LIMIT: Duration = Duration::from_secs(5);

/// Takes new names over; without an answer the old ones stay. X may bill reads, so only an act of
/// the user asks.
pub(super) async fn update(world: &World, app: &App, account_id: &str, mut grant: Grant) {
    let Some(profile) = profile(world, app, &grant).await else { return };
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

async fn profile(world: &World, app: &App, grant: &Grant) -> Option<Profile> {
    let endpoint = endpoints_of(app).ok()?.profile?;
    let request = profile_request(&endpoint, &grant.access_token);
    let effects = &world.effects;
    let answer = within(effects.clock.as_ref(), PROFILE_LIMIT, effects.http.send(request)).await;
    read_profile(&answer.ok()?.ok()?).ok()
}

async fn store(world: &World, app: &App, account_id: &str, grant: &Grant) -> Result<(), Failure> {
    let _held = super::hold(world, account_id).await?;
    if read_grant(world, app, account_id).await?.serial != grant.serial {
        // A newer pair is there; it must not be written over for the sake of a name.
        return Ok(());
    }
    let username = grant.profile.as_ref().and_then(|profile| profile.username.as_deref());
    let name = ItemName::grant(&app.id, account_id);
    let label = label(&app.name, username);
    world.effects.vault.write(&name, &label, &grant.to_item()).await?;
    accounts::change(&world.folders.data, |all| {
        if let Some(account) = all.iter_mut().find(|one| one.id == account_id) {
            account.follow(grant);
        }
    })?;
    Ok(())
}
