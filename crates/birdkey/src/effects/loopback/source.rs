//! The redirect source: opens the port, accepts connections, closes it at the end.

use std::future::{pending, poll_fn};
use std::io;
use std::net::TcpListener as StdListener;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Poll;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, oneshot};
use tokio::task::{JoinHandle, JoinSet};

use super::registered::Registered;
use super::state::{HandedOver, ListenerState};
use super::{Arrival, Outcome, RedirectError, RedirectSource, Redirects, bind, connection};
use crate::effects::BoxFuture;
use crate::effects::clock::{Clock, within};

/// For browsers that were told where the outcome page is, to fetch it.
const FINISH_DEADLINE: Duration = Duration::from_secs(2);

/// Before accepting again when the system has no sockets left to give.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Listens on this machine's loopback addresses and nowhere else.
pub struct Loopback {
    clock: Arc<dyn Clock>,
    handed: Mutex<Vec<StdListener>>,
}

impl Loopback {
    /// Opens the registered ports itself.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self::handed(clock, Vec::new())
    }

    /// Uses each of `listeners` once, in place of opening its address; for tests, which bind their ports first.
    pub fn handed(clock: Arc<dyn Clock>, listeners: Vec<StdListener>) -> Self {
        Self { clock, handed: Mutex::new(listeners) }
    }

    fn open(&self, redirect_uris: &[String]) -> Result<Open, RedirectError> {
        let candidates = redirect_uris.iter().filter_map(|uri| Registered::read(uri)).collect();
        let (registered, listeners) = {
            let mut handed = self.handed.lock().unwrap_or_else(PoisonError::into_inner);
            bind::first_free(candidates, &mut handed)?
        };
        tracing::debug!(port = registered.address.port(), "listening for the redirect");
        let uri = registered.uri.clone();
        let (state, arrivals) = ListenerState::new(registered, Arc::clone(&self.clock));
        let accepting = Accepting(tokio::spawn(accept(listeners, Arc::clone(&state))));
        Ok(Open { uri, state, arrivals, last_settled: None, accepting })
    }
}

impl RedirectSource for Loopback {
    fn listen(
        &self,
        redirect_uris: &[String],
    ) -> BoxFuture<'_, Result<Box<dyn Redirects>, RedirectError>> {
        let opened = self.open(redirect_uris).map(|open| Box::new(open) as Box<dyn Redirects>);
        Box::pin(std::future::ready(opened))
    }
}

/// An open port of one login.
struct Open {
    uri: String,
    state: Arc<ListenerState>,
    arrivals: mpsc::Receiver<HandedOver>,
    /// Of the arrival given out last: the accepted one is always that one.
    last_settled: Option<oneshot::Receiver<()>>,
    accepting: Accepting,
}

impl Redirects for Open {
    fn redirect_uri(&self) -> &str {
        &self.uri
    }

    fn next(&mut self) -> BoxFuture<'_, Arrival> {
        Box::pin(async {
            let Some(handed_over) = self.arrivals.recv().await else {
                return pending().await;
            };
            self.last_settled = Some(handed_over.settled);
            handed_over.arrival
        })
    }

    fn finish(self: Box<Self>, outcome: Outcome) -> BoxFuture<'static, ()> {
        Box::pin(async move {
            let Self { state, arrivals, last_settled, accepting, .. } = *self;
            state.tell(&outcome);
            let all_told = async {
                // First the accepted callback is noted, so that its repeats in the queue are known as such.
                if let Some(settled) = last_settled {
                    let _ = settled.await;
                }
                drop(arrivals);
                state.connections.quiet().await;
            };
            if within(state.clock.as_ref(), FINISH_DEADLINE, all_told).await.is_err() {
                tracing::debug!("the browser did not fetch the outcome page in time");
            }
            accepting.stop().await;
        })
    }
}

/// The accepting task; dropping it closes the port and every connection.
struct Accepting(JoinHandle<()>);

impl Accepting {
    /// Closes the port and waits until it is closed.
    async fn stop(mut self) {
        self.0.abort();
        let _ = (&mut self.0).await;
    }
}

impl Drop for Accepting {
    fn drop(&mut self) {
        self.0.abort();
    }
}

async fn accept(listeners: Vec<TcpListener>, state: Arc<ListenerState>) {
    let mut connections = JoinSet::new();
    let mut turn = 0;
    loop {
        match next_stream(&listeners, turn).await {
            Ok(stream) => {
                let (seat, ended) = state.connections.take().await;
                connections.spawn(connection::serve(stream, seat, ended, Arc::clone(&state)));
            }
            Err(error) if is_of_one_peer(&error) => {}
            Err(error) => {
                tracing::warn!(%error, "no connection can be accepted for now");
                state.clock.sleep(ACCEPT_PAUSE).await;
            }
        }
        turn += 1;
        while connections.try_join_next().is_some() {}
        // Lets the new connection read what its browser sent before others can push it out.
        tokio::task::yield_now().await;
    }
}

/// The next connection of any listener; `turn` decides who is asked first, so that none is starved.
async fn next_stream(listeners: &[TcpListener], turn: usize) -> io::Result<TcpStream> {
    poll_fn(|context| {
        for offset in 0..listeners.len() {
            let listener = &listeners[(turn + offset) % listeners.len()];
            if let Poll::Ready(accepted) = listener.poll_accept(context) {
                return Poll::Ready(accepted.map(|(stream, _)| stream));
            }
        }
        Poll::Pending
    })
    .await
}

fn is_of_one_peer(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::Interrupted
    )
}
