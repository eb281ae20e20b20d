//! Requests of users to the API that a grant is for: where they may go and what they may carry.

use percent_encoding::percent_decode_str;
use url::Url;

/// A request as the user wants it; the token is added when it is sent.
#[derive(Debug, Clone)]
pub struct Call {
    /// The method, in capitals.
    pub method: String,
    /// Where to.
    pub url: Url,
    /// Names and values besides the token.
    pub headers: Vec<(String, String)>,
    /// What is sent along.
    pub body: Option<Vec<u8>>,
}

/// Why a request is not sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ApiRefusal {
    /// Neither a path nor an address.
    #[error("{given:?} is no path of the API")]
    NotAPath {
        /// As given.
        given: String,
    },
    /// An address of another server than the grant's.
    #[error("{host} is not {origin}")]
    Elsewhere {
        /// The host meant.
        host: String,
        /// The only origin that may get the token.
        origin: String,
    },
    /// Token and revocation are for Birdkey alone: a refresh beside it would lose the login.
    #[error("the token endpoints are not for requests of users")]
    TokenEndpoint,
    /// A header that Birdkey or HTTP itself sets, or none at all.
    #[error("the header {name:?} can't be set")]
    Header {
        /// Its name.
        name: String,
    },
    /// Not a method.
    #[error("{given:?} is no HTTP method")]
    Method {
        /// As given.
        given: String,
    },
    /// The app names no API.
    #[error("the app has no API address")]
    NoApi,
}

/// Headers that say who asks, or how the message is framed.
const OURS: [&str; 8] = [
    "authorization",
    "proxy-authorization",
    "host",
    "content-length",
    "transfer-encoding",
    "connection",
    "te",
    "upgrade",
];

/// The address of a path, or of a full address, at the API with this origin.
///
/// # Errors
///
/// [`ApiRefusal`]; nothing but the grant's own origin may get its token.
pub fn target(origin: &str, given: &str) -> Result<Url, ApiRefusal> {
    let not_a_path = || ApiRefusal::NotAPath { given: given.to_owned() };
    let base = Url::parse(origin).map_err(|_| ApiRefusal::NoApi)?;
    let url = if given.starts_with('/') && !given.starts_with("//") {
        // By concatenation: joining would take "/\host" for another host.
        Url::parse(&format!("{}{given}", base.origin().ascii_serialization()))
    } else {
        Url::parse(given)
    };
    let url = url.map_err(|_| not_a_path())?;
    if url.origin() != base.origin() || !url.username().is_empty() || url.password().is_some() {
        let host = url.host_str().unwrap_or_default().to_owned();
        return Err(ApiRefusal::Elsewhere { host, origin: base.origin().ascii_serialization() });
    }
    if is_token_endpoint(url.path()) { Err(ApiRefusal::TokenEndpoint) } else { Ok(url) }
}

/// However it is written: servers decode, join slashes and ignore case in ways of their own.
fn is_token_endpoint(path: &str) -> bool {
    let mut path = path.to_owned();
    // Twice, as a proxy in between may decode once more.
    for _ in 0..2 {
        path = percent_decode_str(&path).decode_utf8_lossy().into_owned();
    }
    let path = path.to_ascii_lowercase().replace('\\', "/");
    let parts: Vec<&str> =
        path.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
    parts.contains(&"oauth2") || parts.contains(&"..")
}

/// A header as `Name: value`.
///
/// # Errors
///
/// [`ApiRefusal::Header`]: not of that form, or not the user's to set.
pub fn header(line: &str) -> Result<(String, String), ApiRefusal> {
    let (name, value) = line.split_once(':').unwrap_or((line, "\0"));
    let (name, value) = (name.trim(), value.trim());
    let token = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
    let printable = |c: char| c == '\t' || (' '..='~').contains(&c);
    let allowed = !name.is_empty()
        && name.chars().all(token)
        && value.chars().all(printable)
        && !OURS.contains(&name.to_ascii_lowercase().as_str());
    if allowed {
        Ok((name.to_owned(), value.to_owned()))
    } else {
        Err(ApiRefusal::Header { name: name.to_owned() })
    }
}

/// A method in capitals.
///
/// # Errors
///
/// [`ApiRefusal::Method`].
pub fn method(given: &str) -> Result<String, ApiRefusal> {
    let method = given.to_ascii_uppercase();
    match method.as_str() {
        "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "HEAD" => Ok(method),
        _ => Err(ApiRefusal::Method { given: given.to_owned() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const X: &str = "https://api.x.com";

    #[test]
    fn a_token_goes_to_its_own_api_and_nowhere_else() {
        for (given, expected) in [
            ("/2/users/me", "https://api.x.com/2/users/me"),
            ("/2/tweets?ids=1,2", "https://api.x.com/2/tweets?ids=1,2"),
            ("https://api.x.com/2/users/me", "https://api.x.com/2/users/me"),
            ("https://API.X.com:443/2/users/me", "https://api.x.com/2/users/me"),
        ] {
            assert_eq!(target(X, given).unwrap().as_str(), expected, "{given}");
        }
        for given in [
            "//evil.example/2/users/me",
            "/\\evil.example/",
            "https://evil.example/2/users/me",
            "https://api.x.com.evil.example/",
            "https://api.x.com@evil.example/",
            "https://user@api.x.com/2/users/me",
            "http://api.x.com/2/users/me",
            "https://api.x.com:8443/",
            "file:///etc/passwd",
            "2/users/me",
            "",
        ] {
            if let Ok(url) = target(X, given) {
                assert_eq!(url.origin().ascii_serialization(), X, "{given}");
                assert_eq!(
                    given, "/\\evil.example/",
                    "{given}: a strange path of the right server"
                );
            }
        }
    }

    #[test]
    fn the_token_endpoints_are_refused_however_they_are_written() {
        for given in [
            "/2/oauth2/token",
            "/2/oauth2/revoke?x",
            "/2//oauth2/token",
            "/2/OAuth2/token",
            "/2/%6fauth2/token",
            "/2/%256fauth2/token",
            "/2/users/../oauth2/token",
            "/2/x/%2e%2e/oauth2/token",
            "/2\\oauth2\\token",
            "https://api.x.com/2/oauth2/token",
        ] {
            assert_eq!(target(X, given), Err(ApiRefusal::TokenEndpoint), "{given}");
        }
    }

    #[test]
    fn headers_that_are_not_the_users_are_refused() {
        assert_eq!(header("Accept: text/plain").unwrap(), ("Accept".into(), "text/plain".into()));
        for line in [
            "Authorization: Bearer x",
            "AUTHORIZATION : Bearer x",
            "Host: evil.example",
            "Content-Length: 1",
            "No colon",
            ": x",
            "X: a\r\nAuthorization: b",
        ] {
            assert!(header(line).is_err(), "{line}");
        }
        assert_eq!(method("post").unwrap(), "POST");
        assert!(method("CONNECT").is_err());
    }
}
