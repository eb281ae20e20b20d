//! Connecting: a limit by the engine's clock, and names resolved with a typed failure.

use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tower::{BoxError, Layer, Service};

use crate::effects::BoxFuture;
use crate::effects::clock::{Clock, within};

/// How long a connection may take, with its TLS handshake and the proxy in between.
pub(super) const CONNECT_LIMIT: Duration = Duration::from_secs(10);

/// The connection took longer than its limit.
#[derive(Debug, Clone, Copy, thiserror::Error)]
#[error("no connection within 10 seconds")]
pub(super) struct ConnectTimedOut;

/// A host name has no address.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{host} has no address")]
pub(super) struct NotResolved {
    pub(super) host: String,
}

/// Limits each connect; reqwest's own limit would go by another clock than the engine's.
#[derive(Clone)]
pub(super) struct ConnectLimit {
    clock: Arc<dyn Clock>,
}

impl ConnectLimit {
    pub(super) fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock }
    }
}

impl<S> Layer<S> for ConnectLimit {
    type Service = Limited<S>;

    fn layer(&self, inner: S) -> Limited<S> {
        Limited { inner, clock: Arc::clone(&self.clock) }
    }
}

/// A connector with a limit.
#[derive(Clone)]
pub(super) struct Limited<S> {
    inner: S,
    clock: Arc<dyn Clock>,
}

impl<S, R> Service<R> for Limited<S>
where
    S: Service<R, Error = BoxError>,
    S::Response: Send + 'static,
    S::Future: Send + 'static,
{
    type Response = S::Response;
    type Error = BoxError;
    type Future = BoxFuture<'static, Result<S::Response, BoxError>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, destination: R) -> Self::Future {
        let (connecting, clock) = (self.inner.call(destination), Arc::clone(&self.clock));
        Box::pin(async move {
            let connected = within(&*clock, CONNECT_LIMIT, connecting).await;
            connected.unwrap_or_else(|_| Err(ConnectTimedOut.into()))
        })
    }
}

/// The system's resolver, whose failures can be told from those of connecting.
#[derive(Debug)]
pub(super) struct SystemResolver;

impl Resolve for SystemResolver {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let host = name.as_str().to_owned();
            let found = tokio::net::lookup_host((host.as_str(), 0)).await;
            match found.map(Iterator::collect::<Vec<_>>) {
                Ok(addresses) if !addresses.is_empty() => {
                    Ok(Box::new(addresses.into_iter()) as Addrs)
                }
                Ok(_) | Err(_) => Err(NotResolved { host }.into()),
            }
        })
    }
}
