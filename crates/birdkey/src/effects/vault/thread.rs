//! The vault thread: runs the blocking calls of one vault, one after the other.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use keyring_core::CredentialStore;

use super::VaultError;
use super::keychain::Keychain;
use crate::effects::clock::Clock;

/// How many threads may hang in the keychain before calls fail at once.
const MAX_THREADS: usize = 4;

/// One call; it does nothing when its caller has gone.
pub(super) type Job = Box<dyn FnOnce(&mut Store) + Send>;

/// Starts vault threads and hands jobs to the newest one.
pub(super) struct Threads {
    keychain: Arc<dyn Keychain>,
    clock: Arc<dyn Clock>,
    /// A job that runs longer than this has its thread given up.
    patience: Duration,
    newest: Mutex<Option<VaultThread>>,
    /// Every running thread holds a clone.
    running: Arc<()>,
}

impl Threads {
    /// Starts no thread yet.
    pub(super) fn new(
        keychain: Arc<dyn Keychain>,
        clock: Arc<dyn Clock>,
        patience: Duration,
    ) -> Self {
        Self { keychain, clock, patience, newest: Mutex::new(None), running: Arc::new(()) }
    }

    /// Queues a job; starts a thread if there is none or if the newest hangs.
    pub(super) fn run(&self, job: Job) -> Result<(), VaultError> {
        let mut newest = self.newest.lock().unwrap_or_else(PoisonError::into_inner);
        if newest.as_ref().is_some_and(|thread| thread.hangs(self.clock.elapsed(), self.patience)) {
            tracing::warn!("gave up a vault thread that hangs in the keychain");
            *newest = None;
        }
        if newest.is_none() {
            *newest = Some(self.start()?);
        }
        if let Some(thread) = &*newest {
            // A thread outlives its queue; were it gone all the same, the caller would notice the dropped job.
            drop(thread.jobs.send(job));
        }
        Ok(())
    }

    fn start(&self) -> Result<VaultThread, VaultError> {
        let running = Arc::clone(&self.running);
        if Arc::strong_count(&running) > MAX_THREADS + 1 {
            return Err(VaultError::TimedOut);
        }
        let (jobs, queue) = channel();
        let busy_since = Arc::new(Mutex::new(None));
        let (clock, busy) = (Arc::clone(&self.clock), Arc::clone(&busy_since));
        let store = Store { keychain: Arc::clone(&self.keychain), open: None };
        std::thread::Builder::new()
            .name("birdkey-vault".to_owned())
            .spawn(move || {
                work(store, &queue, &*clock, &busy);
                drop(running);
            })
            .map_err(|error| VaultError::Failed(Box::new(error)))?;
        Ok(VaultThread { jobs, busy_since })
    }
}

/// The keychain's store, opened at first use.
pub(super) struct Store {
    keychain: Arc<dyn Keychain>,
    open: Option<Arc<CredentialStore>>,
}

impl Store {
    /// The open store; opening is tried again after a failure.
    pub(super) fn get(&mut self) -> Result<Arc<CredentialStore>, VaultError> {
        if let Some(store) = &self.open {
            return Ok(Arc::clone(store));
        }
        let store = self.keychain.open()?;
        self.open = Some(Arc::clone(&store));
        Ok(store)
    }
}

struct VaultThread {
    jobs: Sender<Job>,
    busy_since: Arc<Mutex<Option<Duration>>>,
}

impl VaultThread {
    fn hangs(&self, now: Duration, patience: Duration) -> bool {
        let since = *self.busy_since.lock().unwrap_or_else(PoisonError::into_inner);
        since.is_some_and(|since| now.saturating_sub(since) > patience)
    }
}

/// Ends when the vault is dropped or has given this thread up.
fn work(
    mut store: Store,
    queue: &Receiver<Job>,
    clock: &dyn Clock,
    busy: &Mutex<Option<Duration>>,
) {
    let mark = |since| *busy.lock().unwrap_or_else(PoisonError::into_inner) = since;
    for job in queue {
        mark(Some(clock.elapsed()));
        // A panic inside a keychain's crate costs this one call and the open store, not the vault.
        if catch_unwind(AssertUnwindSafe(|| job(&mut store))).is_err() {
            store.open = None;
        }
        mark(None);
    }
}
