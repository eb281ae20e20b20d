//! Words for failures on the way to a provider.

use birdkey_messages::{Words, words};

use super::{About, Code, Problem};
use crate::effects::http::HttpError;
use crate::protocol::provider::ProviderKind;

pub(super) fn http(error: &HttpError, about: &About) -> Problem {
    match error {
        HttpError::Connect { .. } if about.provider == Some(ProviderKind::Sandbox) => {
            sandbox_not_running(about)
        }
        HttpError::Dns { host } => problem!(Code::HostNotFound, "host_not_found", host = host),
        HttpError::Connect { host, proxy, refused } => Problem::of(
            Code::NoConnection,
            words!("no_connection.what", host = host),
            connect_reason(host, proxy.as_deref(), *refused),
            words!("no_connection.fix"),
        ),
        HttpError::ProxyAuthentication { proxy } => {
            problem!(Code::ProxyAuthentication, "proxy_authentication", proxy = proxy)
        }
        HttpError::Tls { host, proxy, subject, issuer, reason } => Problem::of(
            Code::TlsFailed,
            words!("tls_failed.what", host = host),
            tls_reason(reason, proxy.as_deref(), subject.as_deref(), issuer.as_deref()),
            words!("tls_failed.fix"),
        ),
        HttpError::NotProtected { host } => {
            problem!(Code::AddressRefused, "address_refused", host = host)
        }
        HttpError::NoCertificates => problem!(Code::NoCertificates, "no_certificates"),
        HttpError::TimedOut { host } => {
            problem!(Code::RequestTimedOut, "request_timed_out", host = host)
        }
        HttpError::BrokeOff { host } => {
            problem!(Code::ConnectionBrokeOff, "connection_broke_off", host = host)
        }
        HttpError::TooLarge { host } => {
            problem!(Code::AnswerTooLarge, "answer_too_large", host = host; fix = unusable(about))
        }
        HttpError::NotText { host } => {
            problem!(Code::AnswerNotText, "answer_not_text", host = host; fix = unusable(about))
        }
    }
}

fn sandbox_not_running(about: &About) -> Problem {
    let address = match &about.sandbox_address {
        Some(address) => address.into(),
        None => words!("sandbox_not_running.its_address"),
    };
    problem!(Code::SandboxNotRunning, "sandbox_not_running", address = address)
}

/// What to do about an answer that no such server sends; the addresses of X are not the user's.
fn unusable(about: &About) -> Words {
    match about.provider {
        Some(ProviderKind::X) => words!("proxy_between.fix"),
        Some(ProviderKind::Sandbox | ProviderKind::Custom) | None => words!("addresses.fix"),
    }
}

fn connect_reason(host: &str, proxy: Option<&str>, refused: bool) -> Words {
    let place = match proxy {
        Some(proxy) => words!("no_connection.proxy", proxy = proxy),
        None => host.into(),
    };
    if refused {
        words!("no_connection.refused", place = place)
    } else {
        words!("no_connection.slow", place = place)
    }
}

fn tls_reason(
    reason: &Words,
    proxy: Option<&str>,
    subject: Option<&str>,
    issuer: Option<&str>,
) -> Words {
    let seen = match (subject, issuer) {
        (Some(subject), Some(issuer)) => {
            Some(words!("tls_failed.issued", subject = subject, issuer = issuer))
        }
        (Some(subject), None) => Some(words!("tls_failed.shown", subject = subject)),
        (None, _) => None,
    };
    let way = proxy.map(|proxy| words!("tls_failed.proxy", proxy = proxy));
    Words::sentences([Some(reason.clone()), seen, way].into_iter().flatten())
}
