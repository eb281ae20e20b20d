//! Waiting on conditions; a deadline turns a hang into a failure that says what was missing.

use std::time::{Duration, Instant};

/// How often a condition is looked at.
const POLL: Duration = Duration::from_millis(20);

/// Waits until `condition` holds.
///
/// # Panics
///
/// When the deadline passes, with `what` was waited for.
pub async fn until(what: &str, limit: Duration, mut condition: impl AsyncFnMut() -> bool) {
    until_some(what, limit, async || condition().await.then_some(())).await;
}

/// Waits until `look` finds something.
///
/// # Panics
///
/// When the deadline passes, with `what` was waited for.
pub async fn until_some<T>(
    what: &str,
    limit: Duration,
    mut look: impl AsyncFnMut() -> Option<T>,
) -> T {
    let began = Instant::now();
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(began.elapsed() < limit, "waited {limit:?} in vain for {what}");
        tokio::time::sleep(POLL).await;
    }
}
