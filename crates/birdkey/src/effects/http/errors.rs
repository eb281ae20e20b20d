//! What a failed request means, told by the types along its chain of causes.

use std::error::Error;
use std::io;

use birdkey_messages::words;
use hyper_util::client::legacy;
use rustls::{CertificateError, OtherError};

use super::HttpError;
use super::causes::{NoConnection, ProxyFault, ProxyName, UnusableProxy};
use super::certificates::Refused;
use super::connect::{AtProxy, ConnectTimedOut, NotResolved};

/// Whom a request is for.
pub(super) struct Target {
    /// The host asked.
    pub(super) host: String,
    /// The proxy in between.
    pub(super) proxy: Option<ProxyName>,
    /// The variable that should have named one.
    pub(super) unusable: Option<UnusableProxy>,
}

impl Target {
    fn not_connected(&self, cause: NoConnection) -> HttpError {
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
pub(super) fn http_error(error: &legacy::Error, target: &Target) -> HttpError {
    if !error.is_connect() {
        return target.broke_off();
    }
    if find::<ConnectTimedOut>(error).is_some() {
        return target.not_connected(NoConnection::Slow);
    }
    if let (Some(at), Some(proxy)) = (find::<AtProxy>(error), &target.proxy) {
        return at_proxy(at, proxy, error, target);
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

fn at_proxy(at: &AtProxy, proxy: &ProxyName, error: &legacy::Error, target: &Target) -> HttpError {
    let fault = match at {
        AtProxy::Fault(ProxyFault::Status(407)) => {
            return HttpError::ProxyAuthentication { proxy: proxy.clone() };
        }
        AtProxy::Fault(fault) => *fault,
        AtProxy::NotReached(_) => {
            if let Some(tls) = find::<rustls::Error>(error) {
                return tls_error(tls, proxy.address.clone(), None);
            }
            not_reached(error)
        }
    };
    target.not_connected(NoConnection::Proxy(fault))
}

fn not_reached(error: &legacy::Error) -> ProxyFault {
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
    let reason = match refused {
        Some(refused) => refused.reason.clone(),
        None => words!("certificate.handshake"),
    };
    HttpError::Tls {
        host,
        proxy,
        subject: refused.and_then(|refused| refused.subject.clone()),
        issuer: refused.and_then(|refused| refused.issuer.clone()),
        reason,
    }
}

/// What the system said; an error that only holds another one has no kind of its own.
fn io_kind(error: &legacy::Error) -> Option<io::ErrorKind> {
    let kinds = causes(error).filter_map(|cause| cause.downcast_ref::<io::Error>());
    kinds.map(io::Error::kind).find(|kind| *kind != io::ErrorKind::Other)
}

/// The first cause of type `T`.
fn find<T: Error + 'static>(error: &legacy::Error) -> Option<&T> {
    causes(error).find_map(|cause| cause.downcast_ref::<T>())
}

/// All causes, those included that an I/O error holds but does not name as its `source`.
fn causes(error: &legacy::Error) -> impl Iterator<Item = &(dyn Error + 'static)> {
    let first: &(dyn Error + 'static) = error;
    std::iter::successors(Some(first), |cause| beneath(*cause))
}

fn beneath<'a>(cause: &'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
    match cause.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        Some(inner) => Some(inner),
        None => cause.source(),
    }
}
