//! Whose grant it is: names the account, or moves the grant into the one that user already has.

use crate::app::App;
use crate::effects::vault::ItemName;
use crate::failure::Failure;
use crate::grant::Grant;
use crate::hand_out::write_grant;
use crate::protocol::profile::Profile;
use crate::refresh;
use crate::store::accounts::{self, Account, ProfileNote};
use crate::world::World;

/// Takes the profile's answer over; the login is done whatever it says. Returns the account's id.
pub(super) async fn settle(
    world: &World,
    app: &App,
    stored_as: String,
    mut grant: Grant,
    profile: Result<Profile, ProfileNote>,
) -> Result<String, Failure> {
    let profile = match profile {
        Ok(profile) => profile,
        Err(note) => {
            change_account(world, &stored_as, |account| account.profile_note = Some(note))?;
            return Ok(stored_as);
        }
    };
    grant.profile = Some(profile.clone());
    let list = accounts::read(&world.folders.data)?;
    let same_user = |account: &&Account| {
        account.app_id == app.id
            && account.id != stored_as
            && account.user_id.as_deref() == Some(profile.user_id.as_str())
    };
    let earlier = list.accounts.iter().find(same_user).map(|account| account.id.clone());
    let settled = earlier.unwrap_or_else(|| stored_as.clone());
    let place = Place { app, from: &stored_as, to: &settled };
    match place.write(world, &grant).await {
        Ok(()) => Ok(settled),
        Err(failure) => {
            // The grant is safe under its first name; only the names are missing.
            tracing::warn!(%failure, account = stored_as, "the account could not be named");
            Ok(stored_as)
        }
    }
}

/// Where a grant lies and where it belongs.
struct Place<'a> {
    app: &'a App,
    from: &'a str,
    to: &'a str,
}

impl Place<'_> {
    /// Writes the item that stays, then the index, then removes the item that was moved: cut off
    /// anywhere, the grant is found under one of the two.
    async fn write(&self, world: &World, grant: &Grant) -> Result<(), Failure> {
        let _held = refresh::hold(world, self.to).await?;
        write_grant(world, self.app, self.to, grant).await?;
        accounts::change(&world.folders.data, |all| {
            if let Some(account) = all.iter_mut().find(|account| account.id == self.to) {
                account.follow(grant);
            }
            all.retain(|account| account.id == self.to || account.id != self.from);
        })?;
        if self.from != self.to {
            world.effects.vault.remove(&ItemName::grant(&self.app.id, self.from)).await?;
        }
        Ok(())
    }
}

fn change_account(
    world: &World,
    id: &str,
    change: impl FnOnce(&mut Account),
) -> Result<(), Failure> {
    accounts::change(&world.folders.data, |all| {
        if let Some(account) = all.iter_mut().find(|account| account.id == id) {
            change(account);
        }
    })?;
    Ok(())
}
