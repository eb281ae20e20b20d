//! Pairs that a newer login of the same account replaced.

use birdkey_foreign::Foreign;

use std::time::Duration;

use super::finish::{Occasion, finish};
use super::queue::{self, PendingRevocation, read};
use super::{BestEffort, revoke_best_effort};
use crate::effects::clock::within;
use crate::failure::Failure;
use crate::model::app::{App, Binding};
use crate::model::grant::Grant;
use crate::store::accounts::{Account, ProfileNote};
use crate::use_cases::context::{Context, endpoints_of};
use crate::use_cases::refresh;

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
pub(crate) async fn before_login(context: &Context, app: &App) {
    if read(&context.folders.data).is_empty() {
        return;
    }
    let finished = finish(context, Occasion::Due, |waiting| waiting.is_of(app));
    match within(&*context.effects.clock, BEFORE_LOGIN, finished).await {
        Ok(Ok(())) => {}
        Ok(Err(failure)) => tracing::info!(%failure, "an earlier logout goes on waiting"),
        Err(_) => tracing::info!("an earlier logout goes on waiting: the server is slow"),
    }
}

/// A pair that a login is about to replace.
pub(crate) struct Replaced {
    old: Grant,
    user: User,
    /// Whether the server declared its refresh token dead.
    is_dead: bool,
    /// Its entry in the queue, where it is held back until it is known to be dead.
    entry: Option<PendingRevocation>,
}

/// What became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Old {
    /// It is dead.
    Dead,
    /// It is revoked with the next logout of its account.
    HeldBack,
    /// It works until it expires, because the server offers no revocation.
    LivesOn,
}

/// Keeps the pair of an account that is about to be written over, unless the provider ended it.
///
/// # Errors
///
/// [`Failure`] when it can't be kept: then it must not be written over.
pub(crate) async fn keep(
    context: &Context,
    app: &App,
    account: &Account,
    old: Grant,
    user: User,
) -> Result<Replaced, Failure> {
    let is_dead = account.ended.is_some() && account.serial == old.serial;
    if user == User::Confirmed && app.provider.kind().keeps_one_grant() {
        return Ok(Replaced { old, user, is_dead, entry: None });
    }
    let unanswered = refresh::is_unanswered(context, &account.id, &old.serial);
    let entry = PendingRevocation::of(account, &old, context.effects.clock.now_unix_ms());
    let waiting = PendingRevocation { held_for: Some(account.id.clone()), unanswered, ..entry };
    queue::put(context, &old, &waiting).await?;
    Ok(Replaced { old, user, is_dead, entry: Some(waiting) })
}

impl Replaced {
    /// Whether a newer pair may have been issued than the one that was replaced.
    pub(crate) fn is_unanswered(&self) -> bool {
        self.entry.as_ref().is_some_and(|entry| entry.unanswered)
    }
}

/// Takes care of a pair that was replaced.
///
/// One of the same user is revoked as long as it works beside the new one. A server that has ended it
/// already may keep one grant, and revoking an old token there can end the new login; and a pair is never
/// revoked on the strength of a user who was not confirmed. Both are left to the next logout.
pub(crate) async fn settle(context: &Context, app: &App, replaced: Replaced) -> Old {
    let Replaced { old, user, is_dead, entry } = replaced;
    let Some(waiting) = entry else { return Old::Dead };
    let supported = app.provider.endpoints().is_ok_and(|endpoints| endpoints.revoke.is_some());
    let became = match works(context, app, &old).await {
        // The next logout asks for the newer pair first.
        _ if waiting.unanswered => BestEffort::Open,
        _ if !supported => BestEffort::Unsupported,
        Works::Yes if user == User::Confirmed => {
            revoke_best_effort(context, Some(app), &app.id, &old).await
        }
        Works::No if is_dead => BestEffort::Revoked,
        Works::Yes | Works::No | Works::Unknown => BestEffort::Open,
    };
    match became {
        BestEffort::Open => return Old::HeldBack,
        BestEffort::Unsupported => return Old::LivesOn,
        BestEffort::Revoked => {}
    }
    if let Err(failure) = queue::remove(context, &waiting).await {
        tracing::warn!(%failure, "a pair that was revoked stays in the queue");
    }
    Old::Dead
}

/// Whether an access token works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Works {
    Yes,
    No,
    Unknown,
}

/// Asks the server of a pair whether its access token works.
async fn works(context: &Context, app: &App, grant: &Grant) -> Works {
    let now = endpoints_of(app).map(|endpoints| Binding::of(&app.client_id, &endpoints));
    if !now.is_ok_and(|now| grant.binding.difference(&now).is_none()) {
        return Works::Unknown;
    }
    match crate::use_cases::identity::profile(context, app, grant).await {
        Ok(_) => Works::Yes,
        Err(ProfileNote::Unauthorized) => Works::No,
        Err(_) => Works::Unknown,
    }
}

/// What a login as `user_id` into an account means for what still waits: ended with it, or held back
/// until the next logout of the account; true when anything is held back.
pub(crate) async fn superseded(
    context: &Context,
    app: &App,
    account_id: &str,
    user_id: Option<&Foreign>,
) -> bool {
    let mut held = false;
    for waiting in read(&context.folders.data) {
        if !waiting.is_of(app) || waiting.held_for.is_some() {
            continue;
        }
        let known = waiting.user_id.as_ref().zip(user_id);
        let done = match known {
            Some((theirs, ours)) if theirs != ours => continue,
            Some(_) if app.provider.kind().keeps_one_grant() => {
                queue::remove(context, &waiting).await
            }
            Some(_) | None => {
                held = true;
                queue::update(&context.folders.data, &waiting, |one| {
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
pub(crate) fn held_back(context: &Context) -> Vec<PendingRevocation> {
    let all = read(&context.folders.data).into_iter();
    all.filter(|waiting| waiting.held_for.is_some()).collect()
}

/// Sends what was held back until the logout of an account, which is now.
pub(crate) async fn release(context: &Context, account_id: &str) {
    let data = &context.folders.data;
    let is_theirs = |one: &PendingRevocation| one.held_for.as_deref() == Some(account_id);
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
    let finished = finish(context, Occasion::Due, |waiting| {
        released.iter().any(|one| one.is_same_as(waiting))
    });
    if let Err(failure) = changed.and(finished.await) {
        tracing::info!(%failure, "an earlier pair of this account goes on waiting");
    }
}
