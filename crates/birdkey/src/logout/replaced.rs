//! Pairs that a newer login of the same account replaced.

use std::time::Duration;

use super::finish::{Occasion, finish};
use super::queue::{self, Waiting, read};
use super::revoke_quietly;
use crate::app::App;
use crate::effects::clock::within;
use crate::grant::Grant;
use crate::store::accounts::Account;
use crate::world::World;

/// How long a login waits for what was left of earlier ones, before the browser opens.
const BEFORE_LOGIN: Duration = Duration::from_secs(5);

/// Whether the user of the old and that of the new pair are known to be one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum User {
    /// The profile said so.
    Confirmed,
    /// It did not say who logged in.
    Unconfirmed,
}

/// Sends what waits for an app before a login through it: later, a server could end the new grant with
/// it.
pub(crate) async fn before_login(world: &World, app: &App) {
    if read(&world.folders.data).is_empty() {
        return;
    }
    let finished = finish(world, Occasion::Due, |waiting| waiting.app_id == app.id);
    match within(&*world.effects.clock, BEFORE_LOGIN, finished).await {
        Ok(Ok(())) => {}
        Ok(Err(failure)) => tracing::info!(%failure, "an earlier logout goes on waiting"),
        Err(_) => tracing::info!("an earlier logout goes on waiting: the server is slow"),
    }
}

/// Takes care of the pair that a login replaced; true when it is held back until the next logout of the
/// account.
///
/// Where the provider keeps one grant it is dead already, if it was the same user's.
pub(crate) async fn replaced(
    world: &World,
    app: &App,
    account: &Account,
    old: &Grant,
    user: User,
) -> bool {
    if user == User::Confirmed && app.provider.kind().keeps_one_grant() {
        return false;
    }
    if user == User::Confirmed && revoke_quietly(world, Some(app), &app.id, old).await {
        return false;
    }
    let entry = Waiting::of(account, old, world.effects.clock.now_unix_ms());
    let waiting = Waiting { held_for: Some(account.id.clone()), ..entry };
    match queue::put(world, old, &waiting).await {
        Ok(()) => true,
        Err(failure) => {
            tracing::warn!(%failure, "a pair that was replaced could not be put aside");
            false
        }
    }
}

/// What a login as `user_id` into an account means for what still waits: ended with it, or held back
/// until the next logout of the account; true when anything is held back.
pub(crate) async fn superseded(
    world: &World,
    app: &App,
    account_id: &str,
    user_id: Option<&str>,
) -> bool {
    let mut held = false;
    for waiting in read(&world.folders.data) {
        if waiting.app_id != app.id || waiting.held_for.is_some() {
            continue;
        }
        let known = waiting.user_id.as_deref().zip(user_id);
        let done = match known {
            Some((theirs, ours)) if theirs != ours => continue,
            Some(_) if app.provider.kind().keeps_one_grant() => {
                queue::remove(world, &waiting).await
            }
            Some(_) | None => {
                held = true;
                queue::update(&world.folders.data, &waiting, |one| {
                    one.held_for = Some(account_id.to_owned());
                })
            }
        };
        if let Err(failure) = done {
            tracing::warn!(%failure, "an earlier logout could not be held back");
        }
    }
    held
}

/// Whether a pair is held back until the logout of an account.
pub(crate) fn held_back(world: &World) -> Vec<Waiting> {
    let all = read(&world.folders.data).into_iter();
    all.filter(|waiting| waiting.held_for.is_some()).collect()
}

/// Sends what was held back until the logout of an account, which is now.
pub(super) async fn release(world: &World, account_id: &str) {
    let data = &world.folders.data;
    let is_theirs = |one: &Waiting| one.held_for.as_deref() == Some(account_id);
    if !read(data).iter().any(is_theirs) {
        return;
    }
    let mut released = Vec::new();
    let changed = queue::change(data, |all| {
        for one in all.iter_mut().filter(|one| is_theirs(one)) {
            one.held_for = None;
            released.push(one.clone());
        }
    });
    let finished =
        finish(world, Occasion::Due, |waiting| released.iter().any(|one| one.is_same_as(waiting)));
    if let Err(failure) = changed.and(finished.await) {
        tracing::info!(%failure, "an earlier pair of this account goes on waiting");
    }
}
