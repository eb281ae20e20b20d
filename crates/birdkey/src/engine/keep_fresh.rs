//! What goes on by itself while the app runs: refreshing ahead of expiry, and a View that is true.
//!
//! One computation says when to wake next; in between nothing runs.

use std::collections::HashMap;
use std::time::Duration;

use super::Engine;
use crate::failure::Failure;
use crate::protocol::failure::TokenFailure;
use crate::refresh;
use crate::store::accounts::{self, Account};
use crate::store::config;

/// Timers stand still while the machine is suspended, so no nap is longer than this.
const LONGEST_NAP: Duration = Duration::from_secs(5 * 60);
/// The wall clock ahead of the other by more than this tells of a suspend or a clock set forward.
const JUMP_MS: i64 = 5_000;
/// The network is not there yet when a machine wakes; a request then is a reply lost.
const AFTER_WAKE: Duration = Duration::from_secs(5);
/// How long a refresh that failed is left alone at first and at most, in milliseconds.
const BACKOFF_MS: (i64, i64) = (60_000, 15 * 60_000);

/// Accounts whose refresh failed: when to try again, and how long was waited for that.
type Backoff = HashMap<String, (i64, i64)>;

impl Engine {
    /// Refreshes accounts in use ahead of their expiry and says when the View changed by time alone;
    /// never ends.
    pub async fn keep_fresh(&self) {
        let mut changes = self.changes();
        let mut backoff = Backoff::new();
        loop {
            changes.mark_unchanged();
            let (wall, elapsed) = (self.now_unix_ms(), self.world.effects.clock.elapsed());
            let nap = self.until_next(&backoff);
            tokio::select! {
                () = self.sleep(nap) => {}
                _ = changes.changed() => continue,
            }
            let passed = self.world.effects.clock.elapsed().saturating_sub(elapsed);
            let passed_ms = i64::try_from(passed.as_millis()).unwrap_or(i64::MAX);
            if self.now_unix_ms().saturating_sub(wall).saturating_sub(passed_ms) > JUMP_MS {
                self.world.effects.clock.sleep(AFTER_WAKE).await;
            }
            if self.ran_out_since(wall) {
                self.touch();
            }
            self.refresh_due(&mut backoff).await;
        }
    }

    /// How long until something is due or runs out, at most 5 minutes; `None` when nothing will.
    fn until_next(&self, backoff: &Backoff) -> Option<Duration> {
        let now = self.now_unix_ms();
        let list = accounts::read(&self.world.folders.data).unwrap_or_default().accounts;
        let expiries = list.iter().filter_map(|account| account.expires_at_ms);
        let due = list.iter().filter_map(|account| self.due(account, backoff));
        let next = expiries.filter(|at| *at > now).chain(due).min()?;
        let left = u64::try_from(next.saturating_sub(now)).unwrap_or(0);
        Some(Duration::from_millis(left).min(LONGEST_NAP))
    }

    fn due(&self, account: &Account, backoff: &Backoff) -> Option<i64> {
        let used = refresh::last_used(&self.world.folders.data, &account.id);
        let due = refresh::due_at(account, used, self.now_unix_ms())?;
        let not_before = backoff.get(&account.id).map_or(i64::MIN, |(at, _)| *at);
        Some(due.max(not_before))
    }

    fn ran_out_since(&self, before: i64) -> bool {
        let now = self.now_unix_ms();
        let list = accounts::read(&self.world.folders.data).unwrap_or_default().accounts;
        list.iter().filter_map(|one| one.expires_at_ms).any(|at| before < at && at <= now)
    }

    async fn refresh_due(&self, backoff: &mut Backoff) {
        let Ok(config) = config::read(&self.world.folders.config) else { return };
        let Ok(list) = accounts::read(&self.world.folders.data) else { return };
        for account in &list.accounts {
            let now = self.now_unix_ms();
            if self.due(account, backoff).is_none_or(|at| at > now) {
                continue;
            }
            let Some(app) = config.apps.iter().find(|app| app.id == account.app_id) else {
                continue;
            };
            match refresh::unless_done(&self.world, app, &account.id, &account.serial).await {
                Ok(_) => {
                    backoff.remove(&account.id);
                }
                Err(failure) => {
                    tracing::info!(%failure, account = account.id, "not refreshed ahead of expiry");
                    let waited = backoff.get(&account.id).map_or(0, |(_, waited)| *waited);
                    let wait = wait_after(&failure, waited, now);
                    backoff.insert(account.id.clone(), (now.saturating_add(wait), wait));
                }
            }
            self.touch();
        }
    }

    async fn sleep(&self, nap: Option<Duration>) {
        match nap {
            Some(nap) => self.world.effects.clock.sleep(nap).await,
            None => std::future::pending().await,
        }
    }
}

/// How long to wait after a failure, in milliseconds: as the server says, or twice as long as before.
fn wait_after(failure: &Failure, waited: i64, now_ms: i64) -> i64 {
    let (least, most) = BACKOFF_MS;
    let doubled = waited.saturating_mul(2).clamp(least, most);
    let Failure::Token(TokenFailure::RateLimited { retry_after_seconds, reset_unix }) = failure
    else {
        return doubled;
    };
    let seconds = |seconds: u64| i64::try_from(seconds).unwrap_or(i64::MAX).saturating_mul(1_000);
    let asked = retry_after_seconds
        .map(seconds)
        .or_else(|| reset_unix.map(|reset| seconds(reset).saturating_sub(now_ms)));
    asked.unwrap_or(0).clamp(doubled, 24 * 3_600_000)
}
