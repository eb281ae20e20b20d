//! Exchanges of tokens that are seen to their end: neither a dropped future nor the end of the
//! program cuts them off.
//!
//! A token request that was sent may have used its refresh token or code up, so somebody has to read
//! the answer. [`see_through`] runs it in a task of its own; a program waits for [`ended`] before it
//! ends or lets another take its place.

use std::future::Future;
use std::sync::LazyLock;

use tokio::sync::watch;

/// How many are under way in this process.
static UNDERWAY: LazyLock<watch::Sender<usize>> = LazyLock::new(|| watch::Sender::new(0));

/// One of them, counted until it is dropped.
struct Counted;

impl Counted {
    fn new() -> Self {
        UNDERWAY.send_modify(|count| *count += 1);
        Self
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        UNDERWAY.send_modify(|count| *count -= 1);
    }
}

/// The task broke off before it was done: it panicked, or its runtime was stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an exchange of tokens was cut off")]
pub struct CutOff;

/// Runs `exchange` to its end, also when the returned future is dropped before.
///
/// # Errors
///
/// [`CutOff`] when the runtime or a panic stopped it.
pub async fn see_through<T: Send + 'static>(
    exchange: impl Future<Output = T> + Send + 'static,
) -> Result<T, CutOff> {
    let counted = Counted::new();
    let task = tokio::spawn(async move {
        let done = exchange.await;
        drop(counted);
        done
    });
    task.await.map_err(|_| CutOff)
}

/// Whether any is under way.
pub fn any() -> bool {
    *UNDERWAY.borrow() > 0
}

/// Ends when none is under way any more.
pub async fn ended() {
    // The sender is a static, so the wait can't end for want of one.
    let _ = UNDERWAY.subscribe().wait_for(|count| *count == 0).await;
}
