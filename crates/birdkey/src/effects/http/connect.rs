//! Connecting: names resolved with a typed failure, the way through a proxy, and a limit by the
//! engine's clock.

use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use std::{net, vec};

use http::Uri;
use hyper_rustls::{HttpsConnector, MaybeHttpsStream};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::dns::Name;
use hyper_util::client::legacy::connect::proxy::{SocksV4, SocksV5};
use hyper_util::rt::TokioIo;
use rustls::ClientConfig;
use tokio::net::TcpStream;
use tower::{BoxError, Service};

use super::causes::ProxyFault;
use super::proxies::{Kind, Proxies, Proxy};
use super::tunnel;
use crate::effects::BoxFuture;
use crate::effects::clock::{Clock, within};

/// How long a connection may take, with its TLS handshake and the proxy in between.
const CONNECT_LIMIT: Duration = Duration::from_secs(10);
/// After how long without traffic a connection is tried for life.
const KEEPALIVE: Duration = Duration::from_secs(15);

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

/// What went wrong at a proxy.
#[derive(Debug, thiserror::Error)]
pub(super) enum AtProxy {
    /// There is no connection to it, or none that is secure.
    #[error("the proxy was not reached")]
    NotReached(#[source] BoxError),
    /// It makes none to the server.
    #[error("the proxy makes no connection: {0:?}")]
    Fault(ProxyFault),
}

/// TCP by names that the system resolves.
type Tcp = HttpConnector<SystemResolver>;
/// A connection as far as the server, with TLS to the proxy in between when that is wanted.
type Stream = MaybeHttpsStream<TokioIo<TcpStream>>;
/// Why a SOCKS proxy made no connection. The library has no public name for the type; this leads to it.
pub(super) type SocksError = <SocksV5<Tcp> as Service<Uri>>::Error;

/// The way to a server: straight, or through a proxy.
#[derive(Clone)]
pub(super) struct Way {
    tcp: Tcp,
    proxies: Arc<Proxies>,
    to_the_proxy: HttpsConnector<Tcp>,
}

impl Way {
    pub(super) fn new(proxies: Arc<Proxies>, tls: Arc<ClientConfig>) -> Self {
        let mut tcp = HttpConnector::new_with_resolver(SystemResolver);
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        tcp.set_keepalive(Some(KEEPALIVE));
        let to_the_proxy = HttpsConnector::from((tcp.clone(), tls));
        Self { tcp, proxies, to_the_proxy }
    }

    async fn connected(mut self, destination: Uri) -> Result<Stream, BoxError> {
        match self.proxies.leading_to(&destination) {
            None => Ok(MaybeHttpsStream::Http(self.tcp.call(destination).await?)),
            Some(proxy) => Ok(self.through(proxy, destination).await?),
        }
    }

    async fn through(mut self, proxy: Proxy, destination: Uri) -> Result<Stream, BoxError> {
        match proxy.kind {
            Kind::Http | Kind::Https => {
                let reached = self.to_the_proxy.call(proxy.address).await;
                let reached = reached.map_err(AtProxy::NotReached)?;
                let opened = tunnel::open(reached, &destination, proxy.basic.as_ref()).await;
                Ok(opened.map_err(AtProxy::Fault)?)
            }
            Kind::Socks4 { looks_up } => {
                let destination = match looks_up {
                    true => destination,
                    // That version knows no other addresses.
                    false => looked_up(&destination, net::SocketAddr::is_ipv4).await?,
                };
                let opened = SocksV4::new(proxy.address, self.tcp).call(destination).await;
                Ok(MaybeHttpsStream::Http(opened.map_err(at_socks_proxy)?))
            }
            Kind::Socks5 { looks_up } => {
                let destination = match looks_up {
                    true => destination,
                    false => looked_up(&destination, |_| true).await?,
                };
                let mut socks = SocksV5::new(proxy.address, self.tcp);
                if let Some((user, password)) = proxy.raw {
                    socks = socks.with_auth(user, password);
                }
                let opened = socks.call(destination).await;
                Ok(MaybeHttpsStream::Http(opened.map_err(at_socks_proxy)?))
            }
        }
    }
}

fn at_socks_proxy(error: SocksError) -> AtProxy {
    match error {
        SocksError::Inner(error) => AtProxy::NotReached(error.into()),
        SocksError::Io(error) => AtProxy::Fault(tunnel::fault_of(&error)),
        SocksError::Parsing(_) => AtProxy::Fault(ProxyFault::NotAProxy),
        SocksError::V4(_)
        | SocksError::V5(_)
        | SocksError::DnsFailure
        | SocksError::MissingHost
        | SocksError::MissingPort
        | SocksError::Serialize(_) => AtProxy::Fault(ProxyFault::Socks),
    }
}

/// The same place, named by its address.
async fn looked_up(
    destination: &Uri,
    usable: fn(&net::SocketAddr) -> bool,
) -> Result<Uri, BoxError> {
    let host = destination.host().unwrap_or_default();
    let port = destination.port_u16().unwrap_or(443);
    let mut found = resolved(host, port).await?;
    let address = found.find(usable).ok_or_else(|| NotResolved { host: host.to_owned() })?;
    Ok(format!("https://{address}/").parse()?)
}

async fn resolved(host: &str, port: u16) -> Result<vec::IntoIter<net::SocketAddr>, NotResolved> {
    // Brackets around an address of IPv6 belong to the URL.
    let name = host.trim_start_matches('[').trim_end_matches(']');
    let found = tokio::net::lookup_host((name, port)).await;
    match found.map(Iterator::collect::<Vec<_>>) {
        Ok(addresses) if !addresses.is_empty() => Ok(addresses.into_iter()),
        Ok(_) | Err(_) => Err(NotResolved { host: host.to_owned() }),
    }
}

impl Service<Uri> for Way {
    type Response = Stream;
    type Error = BoxError;
    type Future = BoxFuture<'static, Result<Stream, BoxError>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, destination: Uri) -> Self::Future {
        Box::pin(self.clone().connected(destination))
    }
}

/// A connector with a limit; the library's own would go by another clock than the engine's.
#[derive(Clone)]
pub(super) struct Limited<S> {
    inner: S,
    clock: Arc<dyn Clock>,
}

impl<S> Limited<S> {
    pub(super) fn new(inner: S, clock: Arc<dyn Clock>) -> Self {
        Self { inner, clock }
    }
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
#[derive(Debug, Clone, Copy)]
pub(super) struct SystemResolver;

impl Service<Name> for SystemResolver {
    type Response = vec::IntoIter<net::SocketAddr>;
    type Error = NotResolved;
    type Future = BoxFuture<'static, Result<Self::Response, NotResolved>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), NotResolved>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, name: Name) -> Self::Future {
        Box::pin(async move { resolved(name.as_str(), 0).await })
    }
}
