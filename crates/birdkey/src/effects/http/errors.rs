//! What a failed request means, told by the types along its chain of causes.

use std::error::Error;
use std::io;

use birdkey_messages::words;
use http::Uri;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::proxy::{SocksV5, Tunnel};
use rustls::{CertificateError, OtherError};
use tower::Service;

use super::HttpError;
use super::certificates::Refused;
use super::connect::{ConnectTimedOut, NotResolved};

/// Whom a request is for.
pub(super) struct Target {
    /// The host asked.
    pub(super) host: String,
    /// The proxy in between, without credentials.
    pub(super) proxy: Option<String>,
}

/// Why a proxy made no tunnel. The library has no public name for the type; this leads to it.
type TunnelError = <Tunnel<HttpConnector> as Service<Uri>>::Error;
/// Why a SOCKS proxy made no connection, likewise.
type SocksError = <SocksV5<HttpConnector> as Service<Uri>>::Error;

/// Reads the chain of causes of a failed request.
///
/// Only a failure to connect tells that nothing was sent; a TLS error later on does not.
pub(super) fn http_error(error: &reqwest::Error, target: &Target) -> HttpError {
    let host = target.host.clone();
    if !error.is_connect() && find::<ConnectTimedOut>(error).is_none() {
        return HttpError::BrokeOff { host };
    }
    if let Some(missing) = find::<NotResolved>(error) {
        return HttpError::Dns { host: missing.host.clone() };
    }
    if let Some(tls) = find::<rustls::Error>(error) {
        return tls_error(tls, target);
    }
    if let (Some(proxy), true) = (&target.proxy, wants_authentication(error)) {
        return HttpError::ProxyAuthentication { proxy: proxy.clone() };
    }
    let refused = find::<io::Error>(error)
        .is_some_and(|error| error.kind() == io::ErrorKind::ConnectionRefused);
    HttpError::Connect { host, proxy: target.proxy.clone(), refused }
}

fn tls_error(error: &rustls::Error, target: &Target) -> HttpError {
    let refused = if let rustls::Error::InvalidCertificate(CertificateError::Other(other)) = error {
        let OtherError(other) = other;
        other.downcast_ref::<Refused>()
    } else {
        None
    };
    let reason = match refused {
        Some(refused) => refused.reason.clone(),
        None => words!("certificate.handshake"),
    };
    HttpError::Tls {
        host: target.host.clone(),
        proxy: target.proxy.clone(),
        subject: refused.and_then(|refused| refused.subject.clone()),
        issuer: refused.and_then(|refused| refused.issuer.clone()),
        reason,
    }
}

/// Whether a proxy answered 407 to CONNECT.
fn wants_authentication(error: &reqwest::Error) -> bool {
    matches!(find::<TunnelError>(error), Some(TunnelError::ProxyAuthRequired))
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
