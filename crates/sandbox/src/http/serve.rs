//! Connections: accepted until the shutdown, then closed at once.

use std::future::Future;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::response::Response;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::timeout;
use tower_service::Service as _;

use super::misbehave::Dropped;
use super::routes;
use crate::sandbox::Sandbox;

/// How long an answer under way may take at the end.
const LAST_ANSWERS: Duration = Duration::from_millis(500);
/// A client that opens a connection has to send its request's head within this time.
const HEAD_DEADLINE: Duration = Duration::from_secs(30);
/// The pause after a failed accept, such as with no file descriptors left.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Serves the sandbox until `shutdown` ends.
///
/// Idle connections are dropped at once; answers under way get half a second.
///
/// # Errors
///
/// When the listener has no address any more.
pub async fn serve(
    sandbox: Arc<Sandbox>,
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    tracing::info!(address = %listener.local_addr()?, "the sandbox listens");
    let routes = routes(sandbox);
    let (stop, stopped) = watch::channel(());
    let mut connections = JoinSet::new();
    tokio::pin!(shutdown);
    loop {
        tokio::select! {
            () = &mut shutdown => break,
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(connection(stream, routes.clone(), stopped.clone()));
                }
                Err(cause) => {
                    tracing::debug!(%cause, "no connection accepted");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
            },
            Some(_ended) = connections.join_next() => {}
        }
    }
    drop(listener);
    drop(stop);
    let all_ended = async { while connections.join_next().await.is_some() {} };
    if timeout(LAST_ANSWERS, all_ended).await.is_err() {
        connections.shutdown().await;
    }
    tracing::info!("the sandbox has stopped");
    Ok(())
}

async fn connection(stream: TcpStream, routes: Router, mut stopped: watch::Receiver<()>) {
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_DEADLINE)
        .serve_connection(
            TokioIo::new(stream),
            service_fn(|request| respond(routes.clone(), request)),
        );
    tokio::pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        _sender_gone = stopped.changed() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(cause) = ended {
        tracing::debug!(%cause, "a connection broke off");
    }
}

/// Why a connection is closed in place of an answer.
#[derive(Debug, thiserror::Error)]
#[error("a planned fault")]
struct PlannedDrop;

async fn respond(
    mut routes: Router,
    request: http::Request<Incoming>,
) -> Result<Response, PlannedDrop> {
    let Ok(response) = routes.call(request.map(Body::new)).await;
    match response.extensions().get::<Dropped>() {
        Some(Dropped) => Err(PlannedDrop),
        None => Ok(response),
    }
}
