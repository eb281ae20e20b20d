//! What a failed request means, told by the types along its chain of causes.

use std::error::Error;
use std::io;

use rustls::{CertificateError, OtherError};

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

/// Reads the chain of causes of a failed request.
pub(super) fn http_error(error: &reqwest::Error, target: &Target) -> HttpError {
    let host = target.host.clone();
    if let Some(missing) = find::<NotResolved>(error) {
        return HttpError::Dns { host: missing.host.clone() };
    }
    if let Some(tls) = find::<rustls::Error>(error) {
        return tls_error(tls, target);
    }
    if let (Some(proxy), true) = (&target.proxy, wants_authentication(error)) {
        return HttpError::ProxyAuthentication { proxy: proxy.clone() };
    }
    if !error.is_connect() && find::<ConnectTimedOut>(error).is_none() {
        return HttpError::BrokeOff { host };
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
    let reason = refused.map_or("the secure handshake failed", |refused| refused.reason);
    HttpError::Tls {
        host: target.host.clone(),
        proxy: target.proxy.clone(),
        subject: refused.and_then(|refused| refused.subject.clone()),
        issuer: refused.and_then(|refused| refused.issuer.clone()),
        reason: reason.to_owned(),
    }
}

/// Whether a proxy answered 407 to CONNECT. The library's error type for that is not public, so
/// this one place goes by its text; a test with a real proxy goes red when it changes.
fn wants_authentication(error: &reqwest::Error) -> bool {
    causes(error).any(|cause| cause.to_string() == "proxy authorization required")
}

/// The first cause of type `T`.
fn find<T: Error + 'static>(error: &reqwest::Error) -> Option<&T> {
    causes(error).find_map(|cause| cause.downcast_ref::<T>())
}

/// All causes, those inside an `io::Error` included, whose own `source` skips them.
fn causes(error: &reqwest::Error) -> impl Iterator<Item = &(dyn Error + 'static)> {
    let first: &(dyn Error + 'static) = error;
    std::iter::successors(Some(first), |cause| beneath(*cause))
}

fn beneath<'a>(cause: &'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
    let inner = cause.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
    match inner {
        Some(inner) => Some(inner),
        None => cause.source(),
    }
}
