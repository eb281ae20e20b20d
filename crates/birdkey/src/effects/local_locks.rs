//! Locks inside this process: what a file lock can't keep apart, because the process holds it already.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{Mutex as AsyncMutex, OwnedMutexGuard};

use super::clock::{Clock, TimedOut, within};

/// One lock for each account; clones share them.
#[derive(Debug, Clone, Default)]
pub(crate) struct LocalLocks(Arc<Mutex<HashMap<String, Arc<AsyncMutex<()>>>>>);

impl LocalLocks {
    /// Waits until every lock was free once.
    pub(crate) async fn quiet(&self) {
        let locks: Vec<_> = {
            let locks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            locks.values().cloned().collect()
        };
        for lock in locks {
            drop(lock.lock().await);
        }
    }

    /// Waits for the lock of one account, at most `limit`.
    pub(crate) async fn take(
        &self,
        clock: &dyn Clock,
        account_id: &str,
        limit: Duration,
    ) -> Result<OwnedMutexGuard<()>, TimedOut> {
        let lock = {
            // A map of pointers is whole at any time, so a panicked holder harms nothing.
            let mut locks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(locks.entry(account_id.to_owned()).or_default())
        };
        within(clock, limit, lock.lock_owned()).await
    }
}
