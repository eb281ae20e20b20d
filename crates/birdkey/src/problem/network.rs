//! Words for failures on the way to a provider.

use super::{About, Code, Problem};
use crate::effects::http::HttpError;
use crate::protocol::provider::ProviderKind;

pub(super) fn http(error: &HttpError, about: &About) -> Problem {
    match error {
        HttpError::Connect { .. } if about.provider == Some(ProviderKind::Sandbox) => {
            sandbox_not_running(about)
        }
        HttpError::Dns { host } => Problem::of(
            Code::HostNotFound,
            format!("{host} could not be found."),
            "Its name has no address: there is no network, or the name is wrong.",
            "Check the network, then try again. Nothing that was stored is lost.",
        ),
        HttpError::Connect { host, proxy, refused } => Problem::of(
            Code::NoConnection,
            format!("There is no connection to {host}."),
            connect_reason(host, proxy.as_deref(), *refused),
            "Check the network, then try again. Nothing that was stored is lost.",
        ),
        HttpError::ProxyAuthentication { proxy } => Problem::of(
            Code::ProxyAuthentication,
            "The proxy wants a user name and password.",
            format!("{proxy} answered with status 407."),
            "Put them into the proxy's address (HTTPS_PROXY=http://user:password@host:port) or into the system settings, then try again.",
        ),
        HttpError::Tls { host, proxy, subject, issuer, reason } => Problem::of(
            Code::TlsFailed,
            format!("The connection to {host} is not secure."),
            tls_reason(reason, proxy.as_deref(), subject.as_deref(), issuer.as_deref()),
            "If your network inspects connections, add its certificate to the system or name it in SSL_CERT_FILE. Nothing was sent.",
        ),
        HttpError::NotProtected { host } => Problem::of(
            Code::AddressRefused,
            format!("{host} was not asked."),
            "Its address is neither https nor http on this machine, so others could read along.",
            "Use an https address for the app. Nothing was sent.",
        ),
        HttpError::NoCertificates => Problem::of(
            Code::NoCertificates,
            "No secure connection can be made.",
            "The system's certificates could not be loaded.",
            "Install the system's certificates (ca-certificates), or name a file of them in SSL_CERT_FILE.",
        ),
        HttpError::TimedOut { host } => Problem::of(
            Code::RequestTimedOut,
            format!("{host} did not answer in time."),
            "Birdkey waits 30 seconds. The request may have arrived.",
            "Try again in a moment.",
        ),
        HttpError::BrokeOff { host } => Problem::of(
            Code::ConnectionBrokeOff,
            format!("The connection to {host} broke off."),
            "The request may have arrived, but its answer did not.",
            "Try again in a moment.",
        ),
        HttpError::TooLarge { host } => Problem::of(
            Code::AnswerTooLarge,
            format!("{host} sent too much."),
            "An answer of this kind has less than 1 MiB.",
            "Check the addresses of the app. If a proxy is in between, ask who runs it.",
        ),
        HttpError::NotText { host } => Problem::of(
            Code::AnswerNotText,
            format!("{host} sent something that is not text."),
            "An answer of this kind is JSON in UTF-8.",
            "Check the addresses of the app. If a proxy is in between, ask who runs it.",
        ),
    }
}

fn sandbox_not_running(about: &About) -> Problem {
    let address = about.sandbox_address.as_deref().unwrap_or("its address");
    Problem::of(
        Code::SandboxNotRunning,
        "The sandbox is not running.",
        format!("Nothing listens at {address}. Grants of the sandbox are kept."),
        "Select Start the sandbox in the window, or run: birdkey sandbox",
    )
}

fn connect_reason(host: &str, proxy: Option<&str>, refused: bool) -> String {
    let place = proxy.map_or_else(|| host.to_owned(), |proxy| format!("the proxy {proxy}"));
    if refused {
        format!("Nothing listens at {place}.")
    } else {
        format!("No connection to {place} within 10 seconds.")
    }
}

fn tls_reason(
    reason: &str,
    proxy: Option<&str>,
    subject: Option<&str>,
    issuer: Option<&str>,
) -> String {
    let seen = match (subject, issuer) {
        (Some(subject), Some(issuer)) => {
            format!(" The certificate shown belongs to {subject} and was issued by {issuer}.")
        }
        (Some(subject), None) => format!(" The certificate shown belongs to {subject}."),
        (None, _) => String::new(),
    };
    let way = proxy
        .map(|proxy| format!(" The connection went through the proxy {proxy}."))
        .unwrap_or_default();
    format!("{}.{seen}{way}", capitalized(reason))
}

fn capitalized(text: &str) -> String {
    let mut characters = text.chars();
    characters
        .next()
        .map(|first| first.to_uppercase().chain(characters).collect())
        .unwrap_or_default()
}
