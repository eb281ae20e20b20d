//! Virtual time: it passes only when every command waits, and then to the next deadline at once.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use birdkey::effects::BoxFuture;
use birdkey::effects::clock::Clock;

/// 2026-11-24, so that wall-clock arithmetic looks as it does in life.
const START_UNIX_MS: i64 = 1_795_500_000_000;

/// The one time of a world; clones share it.
#[derive(Clone, Default)]
pub struct Time(Arc<Mutex<Inner>>);

#[derive(Default)]
struct Inner {
    elapsed: Duration,
    next_id: u64,
    sleepers: BTreeMap<(Duration, u64), Waker>,
}

impl Time {
    pub fn elapsed(&self) -> Duration {
        self.0.lock().unwrap().elapsed
    }

    /// Milliseconds since the Unix epoch, as the servers have them.
    pub fn unix_ms(&self) -> i64 {
        START_UNIX_MS + i64::try_from(self.elapsed().as_millis()).unwrap()
    }

    pub fn advance(&self, by: Duration) {
        let mut inner = self.0.lock().unwrap();
        inner.elapsed += by;
        let now = inner.elapsed;
        let later = inner.sleepers.split_off(&(now, u64::MAX));
        let due = std::mem::replace(&mut inner.sleepers, later);
        drop(inner);
        due.into_values().for_each(Waker::wake);
    }

    /// Moves to the next deadline; `false` when nobody sleeps.
    pub fn advance_to_next(&self) -> bool {
        let next = {
            let inner = self.0.lock().unwrap();
            inner.sleepers.keys().next().map(|(deadline, _)| deadline.saturating_sub(inner.elapsed))
        };
        next.map(|by| self.advance(by)).is_some()
    }

    pub fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        let mut inner = self.0.lock().unwrap();
        inner.next_id += 1;
        let key = (inner.elapsed.saturating_add(duration), inner.next_id);
        Box::pin(Sleep { time: self.clone(), key })
    }
}

impl birdkey_sandbox::Clock for Time {
    fn now(&self) -> SystemTime {
        UNIX_EPOCH + Duration::from_millis(u64::try_from(self.unix_ms()).unwrap())
    }
}

struct Sleep {
    time: Time,
    key: (Duration, u64),
}

impl Future for Sleep {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let mut inner = self.time.0.lock().unwrap();
        if inner.elapsed >= self.key.0 {
            return Poll::Ready(());
        }
        inner.sleepers.insert(self.key, context.waker().clone());
        Poll::Pending
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        self.time.0.lock().unwrap().sleepers.remove(&self.key);
    }
}

/// The clock of one machine: the world's time, and a wall clock that may be off.
#[derive(Clone)]
pub struct MachineClock {
    pub time: Time,
    pub wall_off_ms: Arc<AtomicI64>,
}

impl MachineClock {
    pub fn new(time: &Time) -> Self {
        Self { time: time.clone(), wall_off_ms: Arc::default() }
    }

    pub fn step_wall(&self, by_ms: i64) {
        self.wall_off_ms.fetch_add(by_ms, Ordering::SeqCst);
    }

    pub fn set_right(&self) {
        self.wall_off_ms.store(0, Ordering::SeqCst);
    }
}

impl Clock for MachineClock {
    fn now_unix_ms(&self) -> i64 {
        self.time.unix_ms() + self.wall_off_ms.load(Ordering::SeqCst)
    }

    fn elapsed(&self) -> Duration {
        self.time.elapsed()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        self.time.sleep(duration)
    }
}
