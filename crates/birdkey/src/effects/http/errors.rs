//! What a failed request means, told by the types along its chain of causes.

use std::error::Error;
use std::io;

use http::Uri;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::proxy::{SocksV5, Tunnel};
use rustls::{CertificateError, OtherError};
use tower::Service;

use super::HttpError;
use super::causes::{NoConnection, ProxyFault, ProxyName, UnusableProxy};
use super::certificates::Refused;
use super::connect::{ConnectTimedOut, NotResolved};
use super::distrust::{CertificateFault, Untrusted};
use super::tunnel::fault_of;

/// Whom a request is for.
pub(super) struct Target {
    /// The host asked.
    pub(super) host: String,
    /// The proxy in between.
    pub(super) proxy: Option<ProxyName>,
    /// The variable that should have named one.
    pub(super) unusable: Option<Box<UnusableProxy>>,
}

/// Why a proxy made no tunnel. The library has no public name for the type; this leads to it.
type TunnelError = <Tunnel<HttpConnector> as Service<Uri>>::Error;
/// Why a SOCKS proxy made no connection, likewise.
type SocksError = <SocksV5<HttpConnector> as Service<Uri>>::Error;

impl Target {
    /// What went wrong at the proxy in between.
    pub(super) fn at_proxy(&self, fault: ProxyFault) -> HttpError {
        match (fault, &self.proxy) {
            (ProxyFault::Status(407), Some(proxy)) => {
                HttpError::ProxyAuthentication { proxy: proxy.clone() }
            }
            _ => self.not_connected(NoConnection::Proxy(fault)),
        }
    }

    pub(super) fn not_connected(&self, cause: NoConnection) -> HttpError {
        HttpError::Connect {
            host: self.host.clone(),
            proxy: self.proxy.clone(),
            cause,
            unusable: self.unusable.clone(),
        }
    }

    pub(super) fn broke_off(&self) -> HttpError {
        HttpError::BrokeOff { host: self.host.clone() }
    }

    pub(super) fn timed_out(&self) -> HttpError {
        HttpError::TimedOut { host: self.host.clone() }
    }
}

/// Reads the chain of causes of a failed request.
///
/// Only a failure to connect tells that nothing was sent; a TLS error later on does not.
pub(super) fn http_error(error: &reqwest::Error, target: &Target) -> HttpError {
    let timed_out = find::<ConnectTimedOut>(error).is_some();
    if !error.is_connect() && !timed_out {
        return target.broke_off();
    }
    if timed_out {
        return target.not_connected(NoConnection::Slow);
    }
    if let Some(proxy) = &target.proxy
        && let Some(at_proxy) = at_proxy(error, proxy, target)
    {
        return at_proxy;
    }
    if let Some(missing) = find::<NotResolved>(error) {
        let unusable = target.unusable.clone();
        return HttpError::Dns { host: missing.host.clone(), unusable };
    }
    if let Some(tls) = find::<rustls::Error>(error) {
        return tls_error(tls, target.host.clone(), target.proxy.clone());
    }
    target.not_connected(match io_kind(error) {
        Some(io::ErrorKind::ConnectionRefused) => NoConnection::Refused,
        Some(io::ErrorKind::TimedOut) => NoConnection::Slow,
        Some(io::ErrorKind::NetworkUnreachable | io::ErrorKind::HostUnreachable) => {
            NoConnection::NoRoute
        }
        Some(
            io::ErrorKind::UnexpectedEof
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::BrokenPipe,
        ) => NoConnection::HungUp,
        Some(_) | None => NoConnection::Failed,
    })
}

/// Whether a proxy answered otherwise than by opening a tunnel; the library does not keep how.
pub(super) fn tunnel_was_refused(error: &reqwest::Error) -> bool {
    matches!(find::<TunnelError>(error), Some(TunnelError::TunnelUnsuccessful))
}

/// What went wrong at the proxy, if it was there.
fn at_proxy(error: &reqwest::Error, proxy: &ProxyName, target: &Target) -> Option<HttpError> {
    let fault = match (find::<TunnelError>(error), find::<SocksError>(error)) {
        (Some(tunnel), _) => match tunnel {
            TunnelError::ConnectFailed(_) => None,
            TunnelError::Io(error) => Some(fault_of(error)),
            TunnelError::ProxyAuthRequired => Some(ProxyFault::Status(407)),
            TunnelError::TunnelUnexpectedEof => Some(ProxyFault::HungUp),
            TunnelError::ProxyHeadersTooLong
            | TunnelError::TunnelUnsuccessful
            | TunnelError::MissingHost => Some(ProxyFault::NotAProxy),
        },
        (None, Some(socks)) => match socks {
            SocksError::Inner(_) => None,
            SocksError::Io(error) => Some(fault_of(error)),
            SocksError::Parsing(_) => Some(ProxyFault::NotAProxy),
            SocksError::V4(_)
            | SocksError::V5(_)
            | SocksError::DnsFailure
            | SocksError::MissingHost
            | SocksError::MissingPort
            | SocksError::Serialize(_) => Some(ProxyFault::Socks),
        },
        (None, None) => return None,
    };
    Some(match (fault, find::<rustls::Error>(error)) {
        (Some(fault), _) => target.at_proxy(fault),
        (None, Some(tls)) => tls_error(tls, proxy.address.clone(), None),
        (None, None) => target.at_proxy(not_reached(error)),
    })
}

fn not_reached(error: &reqwest::Error) -> ProxyFault {
    if find::<NotResolved>(error).is_some() {
        return ProxyFault::NotFound;
    }
    match io_kind(error) {
        Some(io::ErrorKind::ConnectionRefused) => ProxyFault::Refused,
        Some(io::ErrorKind::NetworkUnreachable | io::ErrorKind::HostUnreachable) => {
            ProxyFault::NoRoute
        }
        Some(io::ErrorKind::UnexpectedEof | io::ErrorKind::ConnectionReset) => ProxyFault::HungUp,
        Some(_) | None => ProxyFault::Unreached,
    }
}

fn tls_error(error: &rustls::Error, host: String, proxy: Option<ProxyName>) -> HttpError {
    let refused = if let rustls::Error::InvalidCertificate(CertificateError::Other(other)) = error {
        let OtherError(other) = other;
        other.downcast_ref::<Refused>()
    } else {
        None
    };
    let untrusted = match (refused, error) {
        (Some(Refused(untrusted)), _) => untrusted.clone(),
        (None, rustls::Error::InvalidMessage(_)) => {
            Untrusted { faults: vec![CertificateFault::NoTls], ..Untrusted::default() }
        }
        (None, _) => {
            Untrusted { faults: vec![CertificateFault::Handshake], ..Untrusted::default() }
        }
    };
    HttpError::Tls { host, proxy, untrusted: Box::new(untrusted) }
}

/// What the system said; an error that only holds another one has no kind of its own.
fn io_kind(error: &reqwest::Error) -> Option<io::ErrorKind> {
    let kinds = causes(error).filter_map(|cause| cause.downcast_ref::<io::Error>());
    kinds.map(io::Error::kind).find(|kind| *kind != io::ErrorKind::Other)
}

/// The first cause of type `T`.
fn find<T: Error + 'static>(error: &reqwest::Error) -> Option<&T> {
    causes(error).find_map(|cause| cause.downcast_ref::<T>())
}

/// All causes, those included that a cause holds but does not name as its `source`.
fn causes(error: &reqwest::Error) -> impl Iterator<Item = &(dyn Error + 'static)> {
    let first: &(dyn Error + 'static) = error;
    std::iter::successors(Some(first), |cause| beneath(*cause))
}

fn beneath<'a>(cause: &'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
    if let Some(inner) = cause.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        return Some(inner);
    }
    if let Some(SocksError::Inner(inner)) = cause.downcast_ref::<SocksError>() {
        return Some(inner);
    }
    cause.source()
}
