//! One change of an account's grant at a time: a turn inside this process, then a lock across all.
//!
//! # Order
//!
//! Two who take the same locks in another order wait for each other until the limit. Who needs several
//! takes them in this order: the logins of an app ([`logins_of`]), all accounts ([`VAULT`]), single
//! accounts by their ids, which [`hold_all`] sees to. The short locks of files come last.

use std::time::Duration;

use tokio::sync::OwnedMutexGuard;

use crate::effects::lock::{self, HeldLock, LockError};
use crate::failure::{Failure, RefreshError};
use crate::use_cases::context::Context;

/// How long whoever changes the same account is waited for: longer than a whole request.
pub(crate) const HOLDER_LIMIT: Duration = Duration::from_secs(40);

/// Stands for all accounts: what adds one, and what moves them to another vault, holds it first.
pub(crate) const VAULT: &str = "vault";

/// Stands for the logins of an app, from redeeming a code to settling the grant, so that the order of
/// the grants here is the order in which the server issued them.
pub(crate) fn logins_of(app_id: &str) -> String {
    format!("login-{app_id}")
}

/// An account's grant, held for changing.
pub(crate) struct Held {
    _lock: HeldLock,
    _turn: OwnedMutexGuard<()>,
}

/// Waits until nobody else changes the grant of an account: refresh, login into it, logout.
pub(crate) async fn hold(context: &Context, account_id: &str) -> Result<Held, Failure> {
    hold_within(context, account_id, HOLDER_LIMIT).await
}

/// Holds several accounts, in the one order.
pub(crate) async fn hold_all(
    context: &Context,
    account_ids: &[&str],
) -> Result<Vec<Held>, Failure> {
    let mut ids = account_ids.to_vec();
    ids.sort_unstable();
    ids.dedup();
    let mut held = Vec::new();
    for id in ids {
        held.push(hold(context, id).await?);
    }
    Ok(held)
}

/// The same as [`hold`] for another time than the usual 40 s, which turn and lock share.
pub(crate) async fn hold_within(
    context: &Context,
    account_id: &str,
    limit: Duration,
) -> Result<Held, Failure> {
    let clock = &*context.effects.clock;
    let data = &context.folders.data;
    let began = clock.elapsed();
    let turn = context.local_locks.take(clock, account_id, limit).await;
    // Whoever has the turn may itself wait for another process, which is the one to name.
    let turn = turn.map_err(|_| RefreshError::Busy {
        pid: lock::holder(data, account_id).or_else(|| Some(std::process::id())),
        waited_seconds: limit.as_secs(),
    })?;
    let left = limit.saturating_sub(clock.elapsed().saturating_sub(began));
    let lock = lock::hold(clock, data, account_id, left).await.map_err(|error| match error {
        LockError::Held { pid } => {
            Failure::from(RefreshError::Busy { pid, waited_seconds: limit.as_secs() })
        }
        LockError::File(error) => error.into(),
    })?;
    Ok(Held { _lock: lock, _turn: turn })
}

/// Whether somebody changes the grant of an account now, here or in another process.
pub(crate) fn is_held(data: &std::path::Path, account_id: &str) -> bool {
    lock::is_held(data, account_id)
}
