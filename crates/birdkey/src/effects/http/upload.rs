//! What a user sends along: handed on in pieces, so that a slow network is told from a dead one.

use std::convert::Infallible;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};

use crate::effects::clock::{Clock, TimedOut, within};

/// The size of a piece, in bytes. Small, so that little of a body lies in buffers as if it were sent.
const PIECE_BYTES: usize = 16 * 1024;

/// A body that notes when a piece of it is taken.
pub(super) struct Upload {
    rest: Bytes,
    taken: Arc<Taken>,
}

/// When the last piece was taken.
pub(super) struct Taken {
    clock: Arc<dyn Clock>,
    at_ms: AtomicU64,
}

impl Upload {
    pub(super) fn new(body: Vec<u8>, taken: Arc<Taken>) -> Self {
        Self { rest: body.into(), taken }
    }
}

impl Taken {
    /// As if a piece were taken now.
    pub(super) fn by(clock: Arc<dyn Clock>) -> Arc<Self> {
        let taken = Self { clock, at_ms: AtomicU64::new(0) };
        taken.now();
        Arc::new(taken)
    }

    fn now(&self) {
        let elapsed = u64::try_from(self.clock.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.at_ms.store(elapsed, Ordering::Relaxed);
    }

    /// Runs `exchange` until nothing was taken for `limit`.
    pub(super) async fn unless_silent<T>(
        &self,
        limit: Duration,
        exchange: impl Future<Output = T>,
    ) -> Result<T, TimedOut> {
        let mut exchange = pin!(exchange);
        loop {
            let last = Duration::from_millis(self.at_ms.load(Ordering::Relaxed));
            let silent = self.clock.elapsed().saturating_sub(last);
            let left = limit.checked_sub(silent).filter(|left| !left.is_zero());
            let ended = within(&*self.clock, left.ok_or(TimedOut)?, exchange.as_mut()).await;
            if let Ok(ended) = ended {
                return Ok(ended);
            }
        }
    }
}

impl Body for Upload {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if self.rest.is_empty() {
            return Poll::Ready(None);
        }
        self.taken.now();
        let length = self.rest.len().min(PIECE_BYTES);
        let piece = self.rest.split_to(length);
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(u64::try_from(self.rest.len()).unwrap_or(u64::MAX))
    }
}
