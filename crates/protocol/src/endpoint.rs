//! Addresses of a provider: `https`, or `http` on a loopback address, and nothing else.

use std::fmt;
use std::net::IpAddr;

use url::{Host, Url};

/// An address that may be sent codes and tokens.
#[derive(Clone, PartialEq, Eq)]
pub struct Endpoint(Url);

/// Why an address was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EndpointError {
    /// It is not a URL.
    #[error("{given:?} is not a URL")]
    NotAUrl {
        /// The text given.
        given: String,
    },
    /// It is neither `https` nor `http` on a loopback address.
    #[error("{given:?} is neither https nor http on a loopback address")]
    NotProtected {
        /// The text given.
        given: String,
    },
    /// It holds a user name, a password or a fragment.
    #[error("{given:?} holds a user name, a password or a fragment")]
    Extra {
        /// The text given, without user name and password.
        given: String,
    },
}

impl Endpoint {
    /// Reads an address.
    ///
    /// # Errors
    ///
    /// [`EndpointError`] when it is no URL, not protected on its way, or holds more than an address.
    /// The rule is that of RFC 6749 §3.1–3.2 with the loopback exception of RFC 8252 §8.3:
    /// <https://www.rfc-editor.org/rfc/rfc6749#section-3.1>.
    pub fn parse(text: &str) -> Result<Self, EndpointError> {
        let Ok(url) = Url::parse(text.trim()) else {
            return Err(EndpointError::NotAUrl { given: text.to_owned() });
        };
        if !url.username().is_empty() || url.password().is_some() || url.fragment().is_some() {
            let given = format!("{}{}", url.origin().ascii_serialization(), url.path());
            return Err(EndpointError::Extra { given });
        }
        let protected = url.scheme() == "https" || (url.scheme() == "http" && is_loopback(&url));
        if !protected {
            return Err(EndpointError::NotProtected { given: text.to_owned() });
        }
        Ok(Self(url))
    }

    /// The address with `path` in place of its own path and query.
    #[must_use]
    pub fn at(&self, path: &str) -> Self {
        let mut url = self.0.clone();
        url.set_path(path);
        url.set_query(None);
        Self(url)
    }

    /// The address as a URL.
    pub fn url(&self) -> &Url {
        &self.0
    }

    /// Scheme, host and port, e.g. `https://api.x.com`.
    pub fn origin(&self) -> String {
        self.0.origin().ascii_serialization()
    }

    /// The host, for messages.
    pub fn host(&self) -> &str {
        self.0.host_str().unwrap_or_default()
    }

    /// Whether the address is on this machine.
    pub fn is_loopback(&self) -> bool {
        is_loopback(&self.0)
    }
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}{}", self.origin(), self.0.path())
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.0.as_str())
    }
}

/// Whether the host of `url` is 127.0.0.0/8, `::1` or `localhost`.
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name.eq_ignore_ascii_case("localhost"),
        Some(Host::Ipv4(address)) => IpAddr::V4(address).is_loopback(),
        Some(Host::Ipv6(address)) => IpAddr::V6(address).is_loopback(),
        None => false,
    }
}

/// Whether a host, as it stands in an address, is one of those.
pub fn is_loopback_host(host: &str) -> bool {
    Url::parse(&format!("http://{host}/")).is_ok_and(|url| is_loopback(&url))
}

#[cfg(test)]
mod tests {
    use super::Endpoint;

    #[test]
    fn only_https_and_loopback_http_are_taken() {
        let table = [
            ("https://api.x.com/2/oauth2/token", true),
            ("http://127.0.0.1:8730/token", true),
            ("http://127.8.9.1/token", true),
            ("http://localhost:1/token", true),
            ("http://[::1]:8730/token", true),
            ("http://api.x.com/2/oauth2/token", false),
            ("http://localhost.example/token", false),
            ("http://0.0.0.0:8730/token", false),
            ("http://[::ffff:10.0.0.1]/", false),
            ("ftp://127.0.0.1/token", false),
            ("https://user@api.x.com/", false),
            ("https://api.x.com/#here", false),
            ("api.x.com", false),
            ("", false),
        ];
        for (text, expected) in table {
            assert_eq!(Endpoint::parse(text).is_ok(), expected, "{text}");
        }
    }

    #[test]
    fn an_error_does_not_repeat_a_password() {
        let error = Endpoint::parse("https://user:hunter2@api.x.com/").unwrap_err();
        assert!(!format!("{error} {error:?}").contains("hunter2"));
    }
}
