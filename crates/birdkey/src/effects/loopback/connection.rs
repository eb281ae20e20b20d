//! One connection: one request, one reply, then it is closed.
//!
//! Nothing is kept alive: a seat is given back after each reply, which is what gets the real
//! redirect through a flood of forged ones.

use std::convert::Infallible;
use std::future::{pending, poll_fn};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::AsyncWrite as _;
use tokio::net::TcpStream;
use tokio::sync::oneshot;

use super::connections::Seat;
use super::request;
use super::state::{ListenerState, Reply};
use crate::effects::clock::within;

/// For the whole head of a request, from the first moment of the connection.
pub(super) const HEAD_DEADLINE: Duration = Duration::from_secs(5);

const MAX_HEAD_BYTES: usize = 64 * 1024;

/// Cookies of everything else that ever ran on this host come along.
const MAX_HEADERS: usize = 256;

/// How long, and for how much, a refused head is read on so that its sender sees the reply.
const LINGER: Duration = Duration::from_secs(1);
const MAX_LINGER_BYTES: usize = 1024 * 1024;

/// Serves one connection until it is answered, overdue, or has to make room.
pub(super) async fn serve(
    stream: TcpStream,
    seat: Seat,
    ended: oneshot::Receiver<()>,
    state: Arc<ListenerState>,
) {
    let seat = Arc::new(seat);
    tokio::select! {
        biased;
        _ = ended => tracing::trace!("an idle connection made room"),
        () = overdue(&state, &seat) => tracing::trace!("a connection sent no complete request"),
        () = answer(stream, &seat, &state) => {}
    }
}

async fn overdue(state: &ListenerState, seat: &Seat) {
    state.clock.sleep(HEAD_DEADLINE).await;
    if seat.has_asked() {
        pending::<()>().await;
    }
}

async fn answer(mut stream: TcpStream, seat: &Arc<Seat>, state: &Arc<ListenerState>) {
    let service = service_fn(|request: Request<Incoming>| {
        // Started outside the future: hyper drops that one when the browser disconnects.
        let reply = seat.note_asked().then(|| start(request, seat, state));
        let state = Arc::clone(state);
        async move {
            let Some(reply) = reply else {
                return pending().await;
            };
            Ok::<_, Infallible>(state.end(reply).await.into_response())
        }
    });
    let served = http1::Builder::new()
        .keep_alive(false)
        .auto_date_header(false)
        .header_read_timeout(None)
        .max_header_size(MAX_HEAD_BYTES)
        .max_headers(MAX_HEADERS)
        .serve_connection(TokioIo::new(&mut stream), service)
        .await;
    if served.is_err() && !seat.has_asked() {
        let _ = within(state.clock.as_ref(), LINGER, read_on(stream)).await;
    }
}

fn start(request: Request<Incoming>, seat: &Arc<Seat>, state: &Arc<ListenerState>) -> Reply {
    let (parts, _body) = request.into_parts();
    state.start(request::read(&parts, &state.registered), seat)
}

/// Closing with unread bytes would reset the connection and take the reply with it.
async fn read_on(mut stream: TcpStream) {
    if poll_fn(|context| Pin::new(&mut stream).poll_shutdown(context)).await.is_err() {
        return;
    }
    let mut bytes = [0_u8; 4096];
    let mut left = MAX_LINGER_BYTES;
    while left > 0 && stream.readable().await.is_ok() {
        match stream.try_read(&mut bytes) {
            Ok(0) => return,
            Ok(count) => left = left.saturating_sub(count),
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {}
            Err(_) => return,
        }
    }
}
