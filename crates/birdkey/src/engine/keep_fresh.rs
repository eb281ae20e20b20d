//! What goes on by itself while the app runs: refreshing ahead of expiry, and a View that is true.
//!
//! One computation says when to wake next; in between nothing runs.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use futures_util::StreamExt as _;

use super::Engine;
use crate::effects::clock::within;
use crate::model::app::{App, Provider};
use crate::protocol::endpoint::is_loopback_host;
use crate::store::accounts::{self, Account};
use crate::store::config;
use crate::use_cases::refresh::{self, Pauses, Standing};
use crate::use_cases::revocation;
use crate::use_cases::revocation::Occasion;
use crate::view::AccountState;

/// Timers stand still while the machine is suspended, so no nap is longer than this.
const LONGEST_NAP: Duration = Duration::from_mins(5);
/// The wall clock ahead of the other by more than this tells of a suspend or a clock set forward.
const JUMP_MS: i64 = 5_000;
/// The network is not there yet when a machine wakes; a request then is a reply lost.
const AFTER_WAKE: Duration = Duration::from_secs(5);

/// How many accounts are refreshed at the same time.
const AT_ONCE: usize = 8;

/// The pause between attempts to finish logouts; no account has this id.
const LOGOUTS: &str = "logouts";

/// How long a vault that is away is left alone at first, and at most: at the start of a session the
/// keychain may still be locked, or not there yet.
const VAULT_FIRST: Duration = Duration::from_secs(2);
const VAULT_LATER: Duration = Duration::from_mins(1);

/// Looking again for a vault that is away, less and less often.
#[derive(Default)]
struct VaultWait(Duration);

impl VaultWait {
    /// How long until the next look, when there has to be one.
    fn missed(&mut self, away: bool) -> Option<Duration> {
        self.0 = if away { (self.0 * 2).clamp(VAULT_FIRST, VAULT_LATER) } else { Duration::ZERO };
        away.then_some(self.0)
    }
}

/// One moment by both clocks.
#[derive(Clone, Copy)]
struct Moment {
    wall_ms: i64,
    elapsed: Duration,
}

impl Engine {
    /// Refreshes accounts in use ahead of their expiry and says when the View changed by time alone;
    /// ends only when the program does.
    pub async fn keep_fresh(&self) {
        let mut changes = self.changes();
        let mut pauses = Pauses::default();
        let mut vault = VaultWait::default();
        while !self.context.is_closing() {
            changes.mark_unchanged();
            let before = self.moment();
            let missed = vault.missed(self.vault_is_away());
            let nap = self.until_next(&pauses).into_iter().chain(missed).min();
            tokio::select! {
                () = self.sleep(nap) => {}
                _ = changes.changed() => {}
            }
            if self.jumped_since(before) {
                self.context.effects.clock.sleep(AFTER_WAKE).await;
            }
            if self.ran_out_since(before.wall_ms) {
                self.touch();
            }
            if missed.is_some() {
                self.look_again().await;
            }
            self.finish_logins().await;
            self.refresh_due(&mut pauses).await;
            self.finish_due(&mut pauses).await;
        }
    }

    /// Whether the vault could not be read when it was last asked.
    fn vault_is_away(&self) -> bool {
        self.with_live(|live| {
            let away = Some(AccountState::VaultUnavailable);
            live.vault_notes.values().any(|note| note.state == away)
        })
    }

    fn moment(&self) -> Moment {
        let clock = &self.context.effects.clock;
        Moment { wall_ms: clock.now_unix_ms(), elapsed: clock.elapsed() }
    }

    fn jumped_since(&self, before: Moment) -> bool {
        let now = self.moment();
        let passed = now.elapsed.saturating_sub(before.elapsed);
        let passed_ms = i64::try_from(passed.as_millis()).unwrap_or(i64::MAX);
        now.wall_ms.saturating_sub(before.wall_ms).saturating_sub(passed_ms) > JUMP_MS
    }

    /// How long until something is due or runs out, at most 5 minutes; `None` when nothing will.
    fn until_next(&self, pauses: &Pauses) -> Option<Duration> {
        let now = self.moment();
        let list = accounts::read(&self.context.folders.data).unwrap_or_default().accounts;
        let until = |at_ms: i64| {
            let left = at_ms.saturating_sub(now.wall_ms).max(0);
            Duration::from_millis(u64::try_from(left).unwrap_or(0))
        };
        let expiries = list.iter().filter_map(|account| account.expires_at_ms);
        let expiries = expiries.filter(|at| *at > now.wall_ms).map(until);
        let due = list.iter().filter_map(|account| {
            let due = until(self.due_at(account, now.wall_ms)?);
            Some(due.max(pauses.left(&account.id, now.elapsed)))
        });
        let waiting = self.revocations_are_due();
        let logouts = waiting.then(|| pauses.left(LOGOUTS, now.elapsed));
        Some(expiries.chain(due).chain(logouts).min()?.min(LONGEST_NAP))
    }

    fn due_at(&self, account: &Account, now_ms: i64) -> Option<i64> {
        let data = &self.context.folders.data;
        let due = refresh::due_at(account, refresh::last_used(data, &account.id), now_ms)?;
        // The server may still take the same token, but not for long.
        let next = match refresh::standing(&self.context, &account.id, &account.serial) {
            Standing::Quiet => return Some(due),
            Standing::Open => Duration::ZERO,
            Standing::Resting { left, .. } | Standing::Elsewhere { left } => left,
        };
        let next_ms = i64::try_from(next.as_millis()).unwrap_or(i64::MAX);
        Some(due.min(now_ms.saturating_add(next_ms)))
    }

    fn ran_out_since(&self, before_ms: i64) -> bool {
        let now = self.now_unix_ms();
        let list = accounts::read(&self.context.folders.data).unwrap_or_default().accounts;
        list.iter().filter_map(|one| one.expires_at_ms).any(|at| before_ms < at && at <= now)
    }

    /// Refreshes what is due, some at a time so that one dead server does not delay the others;
    /// whatever comes of it, each account is left alone for a while.
    async fn refresh_due(&self, pauses: &mut Pauses) {
        let list = accounts::read(&self.context.folders.data).unwrap_or_default();
        // Without its app an account is due and can't be refreshed until the file is corrected.
        let config::Config { apps, keep_fresh, .. } =
            config::read(&self.context.folders.config).unwrap_or_default();
        let now = self.moment();
        let mut due = Vec::new();
        for account in &list.accounts {
            let is_due = self.due_at(account, now.wall_ms).is_some_and(|at| at <= now.wall_ms);
            if !is_due || !pauses.left(&account.id, now.elapsed).is_zero() {
                continue;
            }
            let app = apps.iter().find(|app| app.id == account.app_id);
            match app.filter(|app| keep_fresh && self.may_be_reached(&app.provider)) {
                Some(app) => due.push((account, app)),
                None => pauses.after(&account.id, None, now.elapsed, now.wall_ms),
            }
        }
        let pauses = Mutex::new(pauses);
        let all = due.into_iter().map(|(account, app)| self.refresh_one(account, app, &pauses));
        futures_util::stream::iter(all).for_each_concurrent(AT_ONCE, |one| one).await;
    }

    async fn refresh_one(&self, account: &Account, app: &App, pauses: &Mutex<&mut Pauses>) {
        let refreshed =
            refresh::unless_newer(&self.context, app, &account.id, &account.serial).await;
        let failure = refreshed.err();
        let now = self.moment();
        let mut pauses = pauses.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(failure) = &failure {
            tracing::info!(%failure, account = account.id, "not refreshed ahead of expiry");
            // Once, however often it is tried again.
            if !pauses.is_failing(&account.id) {
                self.note_failure(account, self.problem(failure, Some(app)).code);
            }
        }
        pauses.after(&account.id, failure.as_ref(), now.elapsed, now.wall_ms);
        drop(pauses);
        self.touch();
    }

    async fn finish_due(&self, pauses: &mut Pauses) {
        let now = self.moment();
        if !self.revocations_are_due() || !pauses.left(LOGOUTS, now.elapsed).is_zero() {
            return;
        }
        let finished = revocation::finish(&self.context, Occasion::Due, |waiting| {
            self.may_be_reached_at(&waiting.host)
        });
        let failure = finished.await.err();
        pauses.after(LOGOUTS, failure.as_ref(), self.moment().elapsed, now.wall_ms);
        self.touch();
    }

    /// Whether anything waits to be revoked that is not held back.
    fn revocations_are_due(&self) -> bool {
        let waiting = revocation::read(&self.context.folders.data);
        waiting.iter().any(|waiting| waiting.held_for.is_none())
    }

    /// A machine without any network starts nothing; what runs on this machine is always there.
    pub(super) fn may_be_reached(&self, provider: &Provider) -> bool {
        let here = provider.endpoints().is_ok_and(|endpoints| endpoints.token.is_loopback());
        here || self.context.effects.http.has_network()
    }

    /// The same for the host of a pair that is to be revoked; an unknown one is tried.
    pub(super) fn may_be_reached_at(&self, host: &str) -> bool {
        let here = host.is_empty() || is_loopback_host(host);
        here || self.context.effects.http.has_network()
    }

    /// Whether an exchange of tokens is on its way, whose answer must not be cut off.
    pub fn is_exchanging(&self) -> bool {
        self.context.underway.any()
    }

    /// Ends when no exchange of tokens is on its way any more.
    pub async fn seen_through(&self) {
        self.context.underway.ended().await;
    }

    /// From now on no refresh and no exchange of a code is begun: the program is ending.
    pub fn close(&self) {
        self.context.close();
    }

    /// Ends when no refresh, login or logout of this program is under way, at most after `limit`:
    /// a program must not end before that.
    pub async fn settled(&self, limit: Duration) {
        let quiet = async {
            self.context.underway.ended().await;
            self.context.local_locks.quiet().await;
        };
        if within(&*self.context.effects.clock, limit, quiet).await.is_err() {
            tracing::warn!("a change of a grant did not end in time");
        }
    }

    async fn sleep(&self, nap: Option<Duration>) {
        match nap {
            Some(nap) => self.context.effects.clock.sleep(nap).await,
            None => std::future::pending().await,
        }
    }
}
