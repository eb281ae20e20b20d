//! A clock that moves only when told to: for tests, of this crate and of others.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

use super::BoxFuture;
use super::clock::Clock;

/// A clock for tests: time stands still until [`ManualClock::advance`].
///
/// Wait with [`ManualClock::sleepers`] or [`ManualClock::until_sleeping`] before advancing, so that
/// the task under test has reached its wait. Clones share one time.
///
/// ```
/// use std::time::Duration;
/// use birdkey::effects::{clock::Clock, manual_clock::ManualClock};
///
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let clock = ManualClock::at(1_000);
/// let waiting = tokio::spawn(clock.sleep(Duration::from_secs(5)));
/// clock.until_sleeping(Duration::from_secs(5)).await;
/// clock.advance(Duration::from_secs(5));
/// waiting.await.unwrap();
/// assert_eq!(clock.now_unix_ms(), 6_000);
/// # });
/// ```
#[derive(Debug, Clone)]
pub struct ManualClock {
    time: Arc<watch::Sender<Time>>,
    sleepers: Arc<watch::Sender<Sleepers>>,
}

#[derive(Debug, Clone, Copy)]
struct Time {
    elapsed: Duration,
    unix_ms: i64,
}

/// Deadlines of all sleeps that were asked for and neither ended nor dropped.
#[derive(Debug, Default)]
struct Sleepers {
    next: u64,
    deadlines: BTreeMap<u64, Duration>,
}

impl ManualClock {
    /// Starts at `unix_ms` by the wall clock and at zero by the monotonic one.
    pub fn at(unix_ms: i64) -> Self {
        let time = Time { elapsed: Duration::ZERO, unix_ms };
        Self { time: Arc::new(watch::Sender::new(time)), sleepers: Arc::default() }
    }

    /// Moves both clocks forward and wakes all whose wait is over.
    pub fn advance(&self, by: Duration) {
        let by_ms = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
        self.time.send_modify(|time| {
            time.elapsed = time.elapsed.saturating_add(by);
            time.unix_ms = time.unix_ms.saturating_add(by_ms);
        });
    }

    /// Moves the wall clock alone, as a suspend or a correction by the network does.
    pub fn step_wall(&self, by_ms: i64) {
        self.time.send_modify(|time| time.unix_ms = time.unix_ms.saturating_add(by_ms));
    }

    /// Waits until at least `count` tasks sleep.
    pub async fn sleepers(&self, count: usize) {
        self.until(|sleepers| sleepers.deadlines.len() >= count).await;
    }

    /// Waits until a task sleeps that has exactly `left` to go.
    pub async fn until_sleeping(&self, left: Duration) {
        let deadline = self.elapsed().saturating_add(left);
        self.until(|sleepers| sleepers.deadlines.values().any(|each| *each == deadline)).await;
    }

    /// Tasks sleeping now.
    pub fn sleeping(&self) -> usize {
        self.sleepers.borrow().deadlines.len()
    }

    /// How many sleeps were asked for so far.
    pub fn sleeps(&self) -> u64 {
        self.sleepers.borrow().next
    }

    async fn until(&self, reached: impl FnMut(&Sleepers) -> bool) {
        // The sender is `self`, so the wait can't end for want of one.
        let _ = self.sleepers.subscribe().wait_for(reached).await;
    }
}

impl Clock for ManualClock {
    fn now_unix_ms(&self) -> i64 {
        self.time.borrow().unix_ms
    }

    fn elapsed(&self) -> Duration {
        self.time.borrow().elapsed
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        let deadline = self.elapsed().saturating_add(duration);
        let entry = Sleep::enter(Arc::clone(&self.sleepers), deadline);
        let time = Arc::clone(&self.time);
        Box::pin(async move {
            let _ = time.subscribe().wait_for(|time| time.elapsed >= deadline).await;
            drop(entry);
        })
    }
}

/// One entry among the sleepers; dropping it takes the entry out.
struct Sleep {
    sleepers: Arc<watch::Sender<Sleepers>>,
    id: u64,
}

impl Sleep {
    fn enter(sleepers: Arc<watch::Sender<Sleepers>>, deadline: Duration) -> Self {
        let mut id = 0;
        sleepers.send_modify(|sleepers| {
            id = sleepers.next;
            sleepers.next += 1;
            sleepers.deadlines.insert(id, deadline);
        });
        Self { sleepers, id }
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        self.sleepers.send_modify(|sleepers| {
            sleepers.deadlines.remove(&self.id);
        });
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::ManualClock;
    use crate::effects::clock::{Clock as _, TimedOut, within};

    #[tokio::test]
    async fn nobody_wakes_before_the_time_came() {
        let clock = ManualClock::at(0);
        let sleep = tokio::spawn(clock.sleep(Duration::from_secs(5)));
        clock.sleepers(1).await;

        clock.advance(Duration::from_millis(4_999));
        tokio::task::yield_now().await;
        assert!(!sleep.is_finished());

        clock.advance(Duration::from_millis(1));
        sleep.await.unwrap();
        assert_eq!(clock.sleeping(), 0);
    }

    #[tokio::test]
    async fn a_dropped_sleep_no_longer_counts() {
        let clock = ManualClock::at(0);
        assert_eq!(within(&clock, Duration::from_secs(1), async { 7 }).await, Ok(7));
        assert_eq!(clock.sleeping(), 0);
    }

    #[tokio::test]
    async fn a_limit_is_kept_by_this_clock() {
        let clock = ManualClock::at(0);
        let other = clock.clone();
        let limited = tokio::spawn(async move {
            within(&other, Duration::from_secs(3), std::future::pending::<()>()).await
        });

        clock.until_sleeping(Duration::from_secs(3)).await;
        clock.advance(Duration::from_secs(3));
        assert_eq!(limited.await.unwrap(), Err(TimedOut));
    }

    #[test]
    fn the_wall_clock_can_be_stepped_alone() {
        let clock = ManualClock::at(10_000);
        clock.step_wall(-4_000);
        assert_eq!((clock.now_unix_ms(), clock.elapsed()), (6_000, Duration::ZERO));
    }
}
