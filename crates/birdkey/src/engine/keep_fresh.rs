//! What goes on by itself while the app runs: refreshing ahead of expiry, and a View that is true.
//!
//! One computation says when to wake next; in between nothing runs.

use std::time::Duration;

use super::Engine;
use crate::app::Provider;
use crate::effects::clock::within;
use crate::logout;
use crate::problem::Problem;
use crate::refresh::{self, Pauses};
use crate::store::accounts::{self, Account};
use crate::store::config;
use crate::view::LanguageSetting;

/// Timers stand still while the machine is suspended, so no nap is longer than this.
const LONGEST_NAP: Duration = Duration::from_secs(5 * 60);
/// The wall clock ahead of the other by more than this tells of a suspend or a clock set forward.
const JUMP_MS: i64 = 5_000;
/// The network is not there yet when a machine wakes; a request then is a reply lost.
const AFTER_WAKE: Duration = Duration::from_secs(5);

/// The pause between attempts to finish logouts; no account has this id.
const LOGOUTS: &str = "logouts";

/// How long a vault that is away is left alone at first, and at most: at the start of a session the
/// keychain may still be locked, or not there yet.
const VAULT_FIRST: Duration = Duration::from_secs(2);
const VAULT_LATER: Duration = Duration::from_secs(60);

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
    /// never ends.
    pub async fn keep_fresh(&self) {
        let mut changes = self.changes();
        let mut pauses = Pauses::default();
        let mut vault = VaultWait::default();
        loop {
            changes.mark_unchanged();
            let before = self.moment();
            let missed = vault.missed(self.vault_is_away());
            let nap = self.until_next(&pauses).into_iter().chain(missed).min();
            tokio::select! {
                () = self.sleep(nap) => {}
                _ = changes.changed() => {}
            }
            if self.jumped_since(before) {
                self.world.effects.clock.sleep(AFTER_WAKE).await;
            }
            if self.ran_out_since(before.wall_ms) {
                self.touch();
            }
            if missed.is_some() {
                self.look_again().await;
            }
            self.refresh_due(&mut pauses).await;
            self.finish_due(&mut pauses).await;
        }
    }

    /// Whether the vault could not be read when it was last asked.
    fn vault_is_away(&self) -> bool {
        self.with_live(|live| live.vault_notes.values().any(|note| note.code.exit_code() == 7))
    }

    fn moment(&self) -> Moment {
        let clock = &self.world.effects.clock;
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
        let list = accounts::read(&self.world.folders.data).unwrap_or_default().accounts;
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
        let waiting = !logout::waiting_revocations(&self.world.folders.data).is_empty();
        let logouts = waiting.then(|| pauses.left(LOGOUTS, now.elapsed));
        Some(expiries.chain(due).chain(logouts).min()?.min(LONGEST_NAP))
    }

    fn due_at(&self, account: &Account, now_ms: i64) -> Option<i64> {
        let data = &self.world.folders.data;
        let due = refresh::due_at(account, refresh::last_used(data, &account.id), now_ms)?;
        // The server may still take the same token, but not for long.
        let cut_off = refresh::was_cut_off(data, &account.id, &account.serial, now_ms);
        Some(if cut_off { due.min(now_ms) } else { due })
    }

    fn ran_out_since(&self, before_ms: i64) -> bool {
        let now = self.now_unix_ms();
        let list = accounts::read(&self.world.folders.data).unwrap_or_default().accounts;
        list.iter().filter_map(|one| one.expires_at_ms).any(|at| before_ms < at && at <= now)
    }

    /// Refreshes what is due; whatever comes of it, the account is left alone for a while.
    async fn refresh_due(&self, pauses: &mut Pauses) {
        let list = accounts::read(&self.world.folders.data).unwrap_or_default();
        // Without its app an account is due and can't be refreshed until the file is mended.
        let config::Config { apps, keep_fresh, .. } =
            config::read(&self.world.folders.config).unwrap_or_default();
        for account in &list.accounts {
            let now = self.moment();
            let is_due = self.due_at(account, now.wall_ms).is_some_and(|at| at <= now.wall_ms);
            if !is_due || !pauses.left(&account.id, now.elapsed).is_zero() {
                continue;
            }
            let app = apps.iter().find(|app| app.id == account.app_id);
            let app = app.filter(|app| keep_fresh && self.may_be_reached(&app.provider));
            let Some(app) = app else {
                pauses.after(&account.id, None, now.elapsed, now.wall_ms);
                continue;
            };
            let refreshed =
                refresh::unless_done(&self.world, app, &account.id, &account.serial).await;
            let failure = refreshed.err();
            if let Some(failure) = &failure {
                tracing::info!(%failure, account = account.id, "not refreshed ahead of expiry");
                // Once, however often it is tried again.
                if !pauses.is_failing(&account.id) {
                    self.note_unless_noted(account, self.problem(failure, Some(app)).code);
                }
            }
            let now = self.moment();
            pauses.after(&account.id, failure.as_ref(), now.elapsed, now.wall_ms);
            self.touch();
        }
    }

    async fn finish_due(&self, pauses: &mut Pauses) {
        let now = self.moment();
        let waiting = logout::waiting_revocations(&self.world.folders.data);
        if waiting.is_empty() || !pauses.left(LOGOUTS, now.elapsed).is_zero() {
            return;
        }
        let failure =
            logout::finish_revocations(&self.world, |it| self.may_be_reached(it)).await.err();
        pauses.after(LOGOUTS, failure.as_ref(), self.moment().elapsed, now.wall_ms);
        self.touch();
    }

    /// A machine without any network starts nothing; what runs on this machine is always there.
    pub(super) fn may_be_reached(&self, provider: &Provider) -> bool {
        let here = provider.endpoints().is_ok_and(|endpoints| endpoints.token.is_loopback());
        here || self.world.effects.http.has_network()
    }

    /// Pauses keeping fresh, or goes on with it.
    ///
    /// # Errors
    ///
    /// A [`Problem`] when the configuration can't be changed.
    pub fn set_keep_fresh(&self, keep_fresh: bool) -> Result<(), Problem> {
        let set = config::set_keep_fresh(&self.world.folders.config, keep_fresh);
        self.touch();
        set.map_err(|error| self.problem(&error.into(), None))
    }

    /// How long a copied token stays in the clipboard; the usual time while the configuration is broken.
    pub fn clipboard_time(&self) -> Duration {
        self.config().unwrap_or_default().clipboard_time
    }

    /// Turns notifications off, or on again.
    ///
    /// # Errors
    ///
    /// A [`Problem`] when the configuration can't be changed.
    pub fn set_notify(&self, notify: bool) -> Result<(), Problem> {
        let set = config::set_notify(&self.world.folders.config, notify);
        self.touch();
        set.map_err(|error| self.problem(&error.into(), None))
    }

    /// What the desktop app is set to speak; what the system speaks while the configuration is broken.
    pub fn language_setting(&self) -> LanguageSetting {
        self.config().unwrap_or_default().language
    }

    /// Sets what the desktop app speaks.
    ///
    /// # Errors
    ///
    /// A [`Problem`] when the configuration can't be changed.
    pub fn set_language(&self, language: LanguageSetting) -> Result<(), Problem> {
        let set = config::set_language(&self.world.folders.config, language);
        self.touch();
        set.map_err(|error| self.problem(&error.into(), None))
    }

    /// Ends when no refresh, login or logout of this program is under way, at most after `limit`:
    /// a program must not end before that.
    pub async fn settled(&self, limit: Duration) {
        let quiet = self.world.turns.quiet();
        if within(&*self.world.effects.clock, limit, quiet).await.is_err() {
            tracing::warn!("a change of a grant did not end in time");
        }
    }

    async fn sleep(&self, nap: Option<Duration>) {
        match nap {
            Some(nap) => self.world.effects.clock.sleep(nap).await,
            None => std::future::pending().await,
        }
    }
}
