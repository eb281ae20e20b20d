//! Words for failures on the way to a provider.

use birdkey_messages::{Words, words};

use super::{About, Code, Problem, certificates, proxy};
use crate::effects::http::{HttpError, NoConnection, ProxyName, UnusableProxy};
use crate::protocol::provider::ProviderKind;

pub(super) fn http(error: &HttpError, about: &About) -> Problem {
    match error {
        HttpError::Connect { .. } if about.provider == Some(ProviderKind::Sandbox) => {
            sandbox_not_running(about)
        }
        HttpError::Dns { host, unusable } => {
            let usual = problem!(Code::HostNotFound, "host_not_found", host = host);
            without_proxy(usual, unusable.as_deref())
        }
        HttpError::Connect { host, proxy, cause, unusable } => {
            without_proxy(not_connected(host, proxy.as_ref(), *cause), unusable.as_deref())
        }
        HttpError::ProxyAuthentication { proxy } => proxy::authentication(proxy),
        HttpError::Tls { host, proxy, untrusted } => {
            certificates::untrusted(host, proxy.as_ref(), untrusted)
        }
        HttpError::NotProtected { host } => {
            problem!(Code::AddressRefused, "address_refused", host = host)
        }
        HttpError::NoCertificates { fault } => certificates::none(fault.as_ref()),
        HttpError::TimedOut { host } => {
            problem!(Code::RequestTimedOut, "request_timed_out", host = host)
        }
        HttpError::BrokeOff { host } => {
            problem!(Code::ConnectionBrokeOff, "connection_broke_off", host = host)
        }
        HttpError::TooLarge { host } => {
            problem!(Code::AnswerTooLarge, "answer_too_large", host = host; hint = unusable(about))
        }
        HttpError::NotText { host } => {
            problem!(Code::AnswerNotText, "answer_not_text", host = host; hint = unusable(about))
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
        Some(ProviderKind::X) => words!("proxy_between.hint"),
        Some(ProviderKind::Sandbox | ProviderKind::Custom) | None => words!("addresses.hint"),
    }
}

fn not_connected(host: &str, proxy: Option<&ProxyName>, cause: NoConnection) -> Problem {
    let usual = || words!("no_connection.hint");
    let (why, hint) = match (cause, proxy) {
        (NoConnection::Proxy(fault), Some(proxy)) => proxy::fault(fault, proxy, host),
        (NoConnection::Slow, Some(proxy)) => (
            words!("no_connection.slow_proxy", proxy = &proxy.address),
            words!("no_connection.slow_proxy.hint", host = host, setting = proxy::setting(proxy)),
        ),
        (NoConnection::Slow, None) => (words!("no_connection.slow", host = host), usual()),
        (NoConnection::Refused, _) => (words!("no_connection.refused", host = host), usual()),
        (NoConnection::NoRoute, _) => (words!("no_connection.no_route"), usual()),
        (NoConnection::HungUp, _) => {
            (words!("no_connection.hung_up", host = host), words!("no_connection.hung_up.hint"))
        }
        (NoConnection::Failed | NoConnection::Proxy(_), _) => {
            (words!("no_connection.failed"), usual())
        }
    };
    Problem::of(Code::NoConnection, words!("no_connection.what", host = host), why, hint)
}

/// The same, when a variable should have named a proxy and does not.
fn without_proxy(problem: Problem, unusable: Option<&UnusableProxy>) -> Problem {
    let Some(UnusableProxy { variable, scheme }) = unusable else { return problem };
    let unused = match scheme {
        Some(scheme) => words!("proxy_unusable.scheme", variable = *variable, scheme = scheme),
        None => words!("proxy_unusable.address", variable = *variable),
    };
    Problem {
        why: Words::sentences([problem.why, unused]),
        hint: words!("proxy_unusable.hint", variable = *variable),
        ..problem
    }
}
