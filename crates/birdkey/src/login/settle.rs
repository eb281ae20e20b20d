//! Whose grant it is: names the account, or moves the grant into the one that user already has.

use crate::app::App;
use crate::effects::vault::ItemName;
use crate::failure::Failure;
use crate::hand_out::{read_grant, write_grant};
use crate::protocol::profile::Profile;
use crate::refresh;
use crate::store::accounts::{self, Account, ProfileNote};
use crate::world::World;

/// Takes the profile's answer over; the login is done whatever it says. Returns the account's id.
pub(crate) async fn settle(
    world: &World,
    app: &App,
    stored_as: &str,
    profile: Result<Profile, ProfileNote>,
) -> Result<String, Failure> {
    let profile = match profile {
        Ok(profile) => profile,
        Err(note) => {
            change_account(world, stored_as, |account| account.profile_note = Some(note))?;
            return Ok(stored_as.to_owned());
        }
    };
    let place = Place { world, app, from: stored_as, profile };
    match place.settle().await {
        Ok(settled) => Ok(settled),
        Err(failure) => {
            // The grant is safe under its first name; only the names are missing.
            tracing::warn!(%failure, account = stored_as, "the account could not be named");
            Ok(stored_as.to_owned())
        }
    }
}

/// Where a grant lies, and whose it is.
struct Place<'a> {
    world: &'a World,
    app: &'a App,
    from: &'a str,
    profile: Profile,
}

impl Place<'_> {
    /// Names the account, or moves its grant into the older one of the same user.
    ///
    /// Both are held: a refresh meanwhile may have replaced the grant, a logout may have removed
    /// either. The older one first, as a move to another vault holds them too.
    async fn settle(&self) -> Result<String, Failure> {
        let Some(to) = self.older()? else {
            let _held = refresh::hold(self.world, self.from).await?;
            return self.write(self.from).await;
        };
        let _older = refresh::hold(self.world, &to).await?;
        let _held = refresh::hold(self.world, self.from).await?;
        let still_there = self.older()?.is_some_and(|older| older == to);
        self.write(if still_there { &to } else { self.from }).await
    }

    /// The account that this user has already.
    fn older(&self) -> Result<Option<String>, Failure> {
        let list = accounts::read(&self.world.folders.data)?;
        let same_user = |account: &&Account| {
            account.app_id == self.app.id
                && account.id != self.from
                && account.user_id.as_deref() == Some(self.profile.user_id.as_str())
        };
        Ok(list.accounts.iter().find(same_user).map(|account| account.id.clone()))
    }

    /// Writes the item that stays, then the index, then removes the item that was moved: cut off
    /// anywhere, the grant is found under one of the two. Once it is in its new place it stays there.
    async fn write(&self, to: &str) -> Result<String, Failure> {
        let mut grant = read_grant(self.world, self.app, self.from).await?;
        grant.profile = Some(self.profile.clone());
        write_grant(self.world, self.app, to, &grant).await?;
        let listed = accounts::change(&self.world.folders.data, |all| {
            if let Some(account) = all.iter_mut().find(|account| account.id == to) {
                account.follow(&grant);
                // Whatever a new login does not ask for was not taken away.
                account.scopes_lost = None;
            }
            all.retain(|account| account.id == to || account.id != self.from);
        });
        if let Err(error) = listed {
            tracing::warn!(%error, account = to, "the account list does not show whose it is");
        }
        if self.from != to {
            let moved = ItemName::grant(&self.app.id, self.from);
            if let Err(error) = self.world.effects.vault.remove(&moved).await {
                tracing::warn!(%error, account = self.from, "a copy of a grant stays behind");
            }
        }
        Ok(to.to_owned())
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
