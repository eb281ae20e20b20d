//! What can go wrong on the way to a server.

use crate::effects::http::{
    CertificateFault, HttpError, NamedCertificates, NamedFault, NamedFaultKind, NoConnection,
    ProxyFault, ProxyName, ProxyOrigin, Untrusted, UnusableProxy,
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
        Some(Box::new(UnusableProxy { variable: "ALL_PROXY", scheme: scheme.map(str::to_owned) }))
    };
    let mut all = vec![
        HttpError::Dns { host: host(), unusable: None },
        HttpError::Dns { host: host(), unusable: unusable(None) },
        HttpError::Dns { host: host(), unusable: unusable(Some("socks")) },
        through(variable(), NoConnection::Slow),
        HttpError::ProxyAuthentication { proxy: variable() },
        HttpError::ProxyAuthentication { proxy: proxy(ProxyOrigin::System, true) },
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
    all.extend(distrust(&host()));
    all
}

/// What can be wrong with a certificate.
fn certificate_faults() -> Vec<Vec<CertificateFault>> {
    let day = || Some("2026-11-01".to_owned());
    let of_a_self_made_one = vec![
        CertificateFault::SelfSigned,
        CertificateFault::WeakSignature("SHA-1"),
        CertificateFault::ShortKey(1024),
        CertificateFault::Authority,
    ];
    let alone = [
        CertificateFault::Expired(day()),
        CertificateFault::Expired(None),
        CertificateFault::NotYet(day()),
        CertificateFault::NotYet(None),
        CertificateFault::OtherName("other.example, www.other.example".into()),
        CertificateFault::NoNames,
        CertificateFault::Revoked,
        CertificateFault::UnknownIssuer,
        CertificateFault::SelfSigned,
        CertificateFault::WeakAbove("SHA-1"),
        CertificateFault::ShortKeyAbove(1024),
        CertificateFault::UnknownSignature,
        CertificateFault::BadSignature,
        CertificateFault::Purpose,
        CertificateFault::Invalid,
        CertificateFault::Unchecked,
        CertificateFault::NoTls,
        CertificateFault::Handshake,
    ];
    std::iter::once(of_a_self_made_one).chain(alone.map(|fault| vec![fault])).collect()
}

fn distrust(host: &str) -> Vec<HttpError> {
    let failed = |faults, named| HttpError::Tls {
        host: host.to_owned(),
        proxy: None,
        untrusted: Box::new(Untrusted {
            subject: Some(host.into()),
            issuer: Some("A firewall".into()),
            faults,
            named,
        }),
    };
    let kinds = [
        NamedFaultKind::Blank,
        NamedFaultKind::Missing,
        NamedFaultKind::Unreadable,
        NamedFaultKind::Folder,
        NamedFaultKind::NotAFolder,
        NamedFaultKind::Empty,
        NamedFaultKind::Der,
        NamedFaultKind::NoCertificate,
        NamedFaultKind::Broken,
    ];
    let fault = |kind| {
        let path = "/etc/private/ca.pem".into();
        Some(NamedFault { variable: "SSL_CERT_FILE", path, kind })
    };
    let named = |fault| NamedCertificates { variables: vec!["SSL_CERT_FILE"], fault };
    let unknown = || vec![CertificateFault::UnknownIssuer];
    let none = NamedCertificates::default;
    let mut all: Vec<_> =
        certificate_faults().into_iter().map(|faults| failed(faults, none())).collect();
    all.push(failed(unknown(), named(None)));
    all.push(failed(unknown(), named(fault(NamedFaultKind::Missing))));
    all.push(HttpError::NoCertificates { fault: None });
    all.extend(kinds.map(|kind| HttpError::NoCertificates { fault: fault(kind) }));
    all
}
