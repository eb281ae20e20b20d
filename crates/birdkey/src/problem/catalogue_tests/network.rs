//! What can go wrong on the way to a server.

use super::REASON;
use crate::effects::http::{
    HttpError, NoConnection, ProxyFault, ProxyName, ProxyOrigin, UnusableProxy,
};

fn proxy(origin: ProxyOrigin, with_login: bool) -> ProxyName {
    ProxyName { address: "http://proxy.example:3128".into(), origin, with_login }
}

fn not_connected(host: &str, cause: NoConnection) -> HttpError {
    HttpError::Connect { host: host.into(), proxy: None, cause, unusable: None }
}

/// Nothing listens at an address.
pub(super) fn refused(host: &str) -> HttpError {
    not_connected(host, NoConnection::Refused)
}

pub(super) fn failures(host: &str) -> Vec<HttpError> {
    let host = || host.to_owned();
    let through = |proxy, cause| HttpError::Connect {
        host: host(),
        proxy: Some(proxy),
        cause,
        unusable: None,
    };
    let variable = || proxy(ProxyOrigin::Variable("HTTPS_PROXY"), false);
    let unusable = |scheme: Option<&str>| {
        Some(UnusableProxy { variable: "ALL_PROXY", scheme: scheme.map(str::to_owned) })
    };
    let mut all = vec![
        HttpError::Dns { host: host(), unusable: None },
        HttpError::Dns { host: host(), unusable: unusable(None) },
        HttpError::Dns { host: host(), unusable: unusable(Some("socks")) },
        through(variable(), NoConnection::Slow),
        HttpError::ProxyAuthentication { proxy: variable() },
        HttpError::ProxyAuthentication { proxy: proxy(ProxyOrigin::System, true) },
        HttpError::Tls {
            host: host(),
            proxy: None,
            subject: Some(host().into()),
            issuer: Some("A firewall".into()),
            reason: REASON.into(),
        },
        HttpError::NoCertificates,
        HttpError::TimedOut { host: host() },
        HttpError::BrokeOff { host: host() },
        HttpError::TooLarge { host: host() },
        HttpError::NotText { host: host() },
        HttpError::NotProtected { host: host() },
    ];
    let causes = [
        NoConnection::Refused,
        NoConnection::Slow,
        NoConnection::NoRoute,
        NoConnection::HungUp,
        NoConnection::Failed,
    ];
    all.extend(causes.map(|cause| not_connected(&host(), cause)));
    let faults = [
        ProxyFault::NotFound,
        ProxyFault::Refused,
        ProxyFault::NoRoute,
        ProxyFault::Unreached,
        ProxyFault::Status(403),
        ProxyFault::Status(502),
        ProxyFault::Status(404),
        ProxyFault::HungUp,
        ProxyFault::NotAProxy,
        ProxyFault::Socks,
    ];
    all.extend(faults.map(|fault| through(variable(), NoConnection::Proxy(fault))));
    let system = proxy(ProxyOrigin::System, false);
    all.push(through(system, NoConnection::Proxy(ProxyFault::Refused)));
    let given = proxy(ProxyOrigin::Given, false);
    all.push(through(given, NoConnection::Proxy(ProxyFault::Unusable)));
    all
}
