//! Which proxy leads to a server: the environment's, or the system's.
//!
//! An empty variable counts as unset, as for curl and Python.

use std::env;

use http::{HeaderValue, Uri};
use hyper_util::client::proxy::matcher::{Intercept, Matcher};
use url::Url;

use super::causes::{ProxyName, ProxyOrigin, UnusableProxy};

/// The kinds of proxies that can be used.
const SCHEMES: [&str; 6] = ["http", "https", "socks4", "socks4a", "socks5", "socks5h"];

/// The proxies to use.
pub(super) struct Proxies {
    matcher: Matcher,
    origin: ProxyOrigin,
    /// Set, but not used.
    unusable: Option<UnusableProxy>,
    /// Takes every address that no exception (`NO_PROXY`) names.
    not_excepted: Matcher,
    /// The address as it was spelled, with its credentials; the system's settings have none.
    spelled: Option<Url>,
}

/// How a proxy is talked to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// CONNECT.
    Http,
    /// CONNECT, over TLS.
    Https,
    /// SOCKS, of any version.
    Socks,
}

/// One proxy.
pub(super) struct Proxy {
    pub(super) name: ProxyName,
    pub(super) kind: Kind,
    /// Host and port, with the scheme `http` or `https`.
    pub(super) address: Uri,
    /// `Proxy-Authorization`.
    pub(super) basic: Option<HeaderValue>,
}

impl Proxies {
    /// No proxy at all.
    pub(super) fn none() -> Self {
        Self::of(Matcher::builder().build(), ProxyOrigin::Given, None, "", None)
    }

    /// This one for everything; `None` when it can't be used.
    pub(super) fn given(address: &str) -> Option<Self> {
        if fault_of(address).is_some() {
            return None;
        }
        let matcher = Matcher::builder().all(address.to_owned()).build();
        Some(Self::of(matcher, ProxyOrigin::Given, None, "", spelled(address)))
    }

    /// Those of the environment, else of the system's settings.
    pub(super) fn of_the_system() -> Self {
        let exceptions = first_set(["NO_PROXY", "no_proxy"]).map(|(_, value)| value);
        let exceptions = exceptions.unwrap_or_default();
        let mut unusable = None;
        for names in [["HTTPS_PROXY", "https_proxy"], ["ALL_PROXY", "all_proxy"]] {
            let Some((variable, value)) = first_set(names) else { continue };
            match fault_of(&value) {
                None => {
                    let spelled = spelled(&value);
                    let matcher = Matcher::builder().https(value).no(exceptions.clone()).build();
                    let origin = ProxyOrigin::Variable(variable);
                    return Self::of(matcher, origin, unusable, &exceptions, spelled);
                }
                Some(Fault { scheme }) => {
                    tracing::warn!(variable, "names no proxy that can be used");
                    unusable = unusable.or(Some(UnusableProxy { variable, scheme }));
                }
            }
        }
        let matcher = match unusable {
            // That one is meant, and not what the system says.
            Some(_) => Matcher::builder().build(),
            None => Matcher::from_system(),
        };
        Self::of(matcher, ProxyOrigin::System, unusable, &exceptions, None)
    }

    fn of(
        matcher: Matcher,
        origin: ProxyOrigin,
        unusable: Option<UnusableProxy>,
        exceptions: &str,
        spelled: Option<Url>,
    ) -> Self {
        let not_excepted = Matcher::builder().all("http://any:1").no(exceptions.to_owned()).build();
        Self { matcher, origin, unusable, not_excepted, spelled }
    }

    /// The proxy that leads to an address.
    pub(super) fn leading_to(&self, destination: &Uri) -> Option<Proxy> {
        let intercept = self.matcher.intercept(destination)?;
        proxy(&intercept, self.origin)
    }

    /// The address of the proxy that leads to a server, with its credentials.
    pub(super) fn address_for(&self, url: &Url) -> Option<Url> {
        let destination = url.origin().ascii_serialization().parse::<Uri>().ok()?;
        let intercept = self.matcher.intercept(&destination)?;
        self.spelled.clone().or_else(|| Url::parse(&intercept.uri().to_string()).ok())
    }

    /// The variable that should have named a proxy for this address, but does not.
    pub(super) fn unusable_for(&self, destination: &Uri) -> Option<UnusableProxy> {
        self.not_excepted.intercept(destination)?;
        self.unusable.clone()
    }
}

fn proxy(intercept: &Intercept, origin: ProxyOrigin) -> Option<Proxy> {
    let uri = intercept.uri();
    let (scheme, host) = (uri.scheme_str()?, uri.host()?);
    let (kind, usual_port) = match scheme {
        "https" => (Kind::Https, 443),
        "socks4" | "socks4a" | "socks5" | "socks5h" => (Kind::Socks, 1080),
        _ => (Kind::Http, 80),
    };
    let port = uri.port_u16().unwrap_or(usual_port);
    let reached_by = if kind == Kind::Https { "https" } else { "http" };
    let with_login = intercept.basic_auth().is_some() || intercept.raw_auth().is_some();
    Some(Proxy {
        name: ProxyName { address: format!("{scheme}://{host}:{port}"), origin, with_login },
        kind,
        address: format!("{reached_by}://{host}:{port}/").parse().ok()?,
        basic: intercept.basic_auth().cloned(),
    })
}

/// The address that a value spells; without a scheme it is an HTTP proxy.
fn spelled(value: &str) -> Option<Url> {
    let full = if value.contains("://") { value.to_owned() } else { format!("http://{value}") };
    Url::parse(&full).ok().filter(|url| url.host_str().is_some_and(|host| !host.is_empty()))
}

/// Why a value can't be used as a proxy.
struct Fault {
    /// The scheme, when that is the reason.
    scheme: Option<String>,
}

fn fault_of(value: &str) -> Option<Fault> {
    let Some(url) = spelled(value) else { return Some(Fault { scheme: None }) };
    if !SCHEMES.contains(&url.scheme()) {
        return Some(Fault { scheme: Some(url.scheme().to_owned()) });
    }
    let any = Uri::from_static("https://any/");
    let usable = Matcher::builder().all(value.to_owned()).build().intercept(&any);
    usable.is_none().then_some(Fault { scheme: None })
}

/// The first of these variables that is set to something.
fn first_set(names: [&'static str; 2]) -> Option<(&'static str, String)> {
    names.into_iter().find_map(|name| {
        let value = env::var(name).ok()?.trim().to_owned();
        (!value.is_empty()).then_some((name, value))
    })
}
