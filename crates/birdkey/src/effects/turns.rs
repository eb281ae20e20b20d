//! Turns inside this process: what a file lock can't keep apart, because the process holds it already.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{Mutex as AsyncMutex, OwnedMutexGuard};

use super::clock::{Clock, TimedOut, within};

/// The turns of all accounts; clones share them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Turns(Arc<Mutex<HashMap<String, Arc<AsyncMutex<()>>>>>);

impl Turns {
    /// Waits until every turn was free once.
    pub(crate) async fn quiet(&self) {
        let turns: Vec<_> = {
            let turns = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            turns.values().cloned().collect()
        };
        for turn in turns {
            drop(turn.lock().await);
        }
    }

    /// Waits for the turn of one account, at most `limit`.
    pub(crate) async fn take(
        &self,
        clock: &dyn Clock,
        account_id: &str,
        limit: Duration,
    ) -> Result<OwnedMutexGuard<()>, TimedOut> {
        let turn = {
            // A map of pointers is whole at any time, so a panicked holder harms nothing.
            let mut turns = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(turns.entry(account_id.to_owned()).or_default())
        };
        within(clock, limit, turn.lock_owned()).await
    }
}
