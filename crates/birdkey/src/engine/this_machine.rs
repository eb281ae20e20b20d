//! The composition root: the engine with the real effects.

use std::sync::Arc;
use std::time::Duration;

use super::Engine;
use crate::effects::browser::SystemBrowser;
use crate::effects::clock::{Clock, SystemClock};
use crate::effects::folders::Folders;
use crate::effects::http::ReqwestHttp;
use crate::effects::loopback::Loopback;
use crate::effects::random::SystemRandom;
use crate::effects::vault::{KeyringVault, service_name};
use crate::world::Effects;

/// The View is looked at again at least this often while something in it expires.
const LONGEST_NAP: Duration = Duration::from_secs(5 * 60);

impl Effects {
    /// The effects of this machine; each starts at its first use.
    pub fn of_this_machine(folders: &Folders) -> Self {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock::new());
        let service = service_name(&folders.data, &folders.usual_data);
        Self {
            random: Arc::new(SystemRandom),
            http: Arc::new(ReqwestHttp::new(Arc::clone(&clock))),
            vault: Arc::new(KeyringVault::new(service, Arc::clone(&clock))),
            browser: Arc::new(SystemBrowser::of_this_machine(Arc::clone(&clock))),
            redirects: Arc::new(Loopback::new(Arc::clone(&clock))),
            clock,
        }
    }
}

impl Engine {
    /// The engine with the effects of this machine.
    pub fn of_this_machine(folders: Folders) -> Self {
        Self::new(Effects::of_this_machine(&folders), folders)
    }

    /// Milliseconds since the Unix epoch by the engine's clock.
    pub fn now_unix_ms(&self) -> i64 {
        self.world.effects.clock.now_unix_ms()
    }

    /// Says that the View changed whenever a token in it expires; never ends.
    pub async fn keep_view_current(&self) {
        let mut changes = self.changes();
        loop {
            changes.mark_unchanged();
            let nap = self.until_next_expiry();
            tokio::select! {
                () = self.sleep(nap) => if nap.is_some() { self.touch() },
                _ = changes.changed() => {}
            }
        }
    }

    /// How long until the next token expires, at most 5 minutes; `None` when none will.
    fn until_next_expiry(&self) -> Option<Duration> {
        let now = self.now_unix_ms();
        let (_, list, _) = self.stored();
        let next = list.accounts.iter().filter_map(|account| account.expires_at_ms);
        let remaining = next.filter(|at| *at > now).min()? - now;
        Some(Duration::from_millis(u64::try_from(remaining).unwrap_or(0)).min(LONGEST_NAP))
    }

    async fn sleep(&self, nap: Option<Duration>) {
        match nap {
            Some(nap) => self.world.effects.clock.sleep(nap).await,
            None => std::future::pending().await,
        }
    }
}
