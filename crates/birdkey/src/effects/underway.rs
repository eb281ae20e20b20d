//! Exchanges of tokens that are seen to their end: neither a dropped future nor the end of the
//! program cuts them off.
//!
//! A token request that was sent may have used its refresh token or code up, so somebody has to read
//! the answer. [`Underway::see_through`] runs it in a task of its own; a program waits for
//! [`Underway::ended`] before it ends or lets another take its place.

use std::future::Future;
use std::sync::Arc;

use tokio::sync::watch;

/// The exchanges that are under way in one program; clones share them.
#[derive(Debug, Clone, Default)]
pub struct Underway(Arc<watch::Sender<usize>>);

/// One of them, counted until it is dropped.
struct Counted(Underway);

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.0.send_modify(|count| *count -= 1);
    }
}

/// The task broke off before it was done: it panicked, or its runtime was stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an exchange of tokens was cut off")]
pub struct CutOff;

impl Underway {
    /// Runs `exchange` to its end, also when the returned future is dropped before.
    ///
    /// # Errors
    ///
    /// [`CutOff`] when the runtime or a panic stopped it.
    pub async fn see_through<T: Send + 'static>(
        &self,
        exchange: impl Future<Output = T> + Send + 'static,
    ) -> Result<T, CutOff> {
        self.0.send_modify(|count| *count += 1);
        let counted = Counted(self.clone());
        let task = tokio::spawn(async move {
            let done = exchange.await;
            drop(counted);
            done
        });
        task.await.map_err(|_| CutOff)
    }

    /// Whether any is under way.
    pub fn any(&self) -> bool {
        *self.0.borrow() > 0
    }

    /// Ends when none is under way any more.
    pub async fn ended(&self) {
        // The sender is held by `self`, so the wait can't end for want of one.
        let _ = self.0.subscribe().wait_for(|count| *count == 0).await;
    }
}
