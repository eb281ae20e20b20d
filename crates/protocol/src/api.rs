//! Requests of users to the API that a grant is for: where they may go and what they may carry.

use std::borrow::Cow;

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
    /// Token and revocation are for Birdkey alone: a refresh beside it would lose the login, and its
    /// answer would show tokens.
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

/// The address of a path, or of a full address, at the API with this origin, with a query added.
///
/// # Errors
///
/// [`ApiRefusal`]; nothing but the grant's own origin may get its token, and none of the app's `own`
/// endpoints for tokens may be asked.
pub fn target(
    origin: &str,
    own: &[&Url],
    given: &str,
    query: &[(String, String)],
) -> Result<Url, ApiRefusal> {
    let not_a_path = || ApiRefusal::NotAPath { given: given.to_owned() };
    let base = Url::parse(origin).map_err(|_| ApiRefusal::NoApi)?;
    let url = if given.starts_with('/') && !given.starts_with("//") {
        // By concatenation: joining would take "/\host" for another host.
        Url::parse(&format!("{}{given}", base.origin().ascii_serialization()))
    } else {
        Url::parse(given)
    };
    let mut url = url.map_err(|_| not_a_path())?;
    if url.origin() != base.origin() || !url.username().is_empty() || url.password().is_some() {
        let host = url.host_str().unwrap_or_default().to_owned();
        return Err(ApiRefusal::Elsewhere { host, origin: base.origin().ascii_serialization() });
    }
    if !query.is_empty() {
        url.query_pairs_mut().extend_pairs(query);
    }
    let is_own = own.iter().any(|endpoint| means(&url, endpoint));
    if is_own { Err(ApiRefusal::TokenEndpoint) } else { Ok(url) }
}

/// Whether an address leads to an endpoint, however it is written: servers decode, join slashes,
/// ignore case and take what stands behind the path in ways of their own.
fn means(url: &Url, endpoint: &Url) -> bool {
    let (asked, meant) = (segments(url.path()), segments(endpoint.path()));
    let same = asked == meant;
    // Servers hand `/token/more` and `/token.json` to the program at `/token`. Behind another name
    // of the server this would be too much: that of an API may well have a `/token/more`.
    let below = url.host() == endpoint.host()
        && meant.last().is_some_and(|last| {
            let (before, here) = (meant.len() - 1, format!("{last}."));
            asked.len() >= meant.len()
                && asked[..before] == meant[..before]
                && (asked[before] == *last || asked[before].starts_with(&here))
        });
    (same || below) && has_pairs_of(url, endpoint)
}

/// An endpoint told from others by its query is meant by an address that has all of it.
fn has_pairs_of(url: &Url, endpoint: &Url) -> bool {
    let asked: Vec<_> = url.query_pairs().map(lowercase).collect();
    endpoint.query_pairs().map(lowercase).all(|pair| asked.contains(&pair))
}

fn lowercase((name, value): (Cow<'_, str>, Cow<'_, str>)) -> (String, String) {
    (name.to_lowercase(), value.to_lowercase())
}

/// The parts of a path as the most forgiving server reads it.
fn segments(path: &str) -> Vec<String> {
    let mut path = path.to_owned();
    // Until nothing changes, as each proxy in between may decode once more.
    loop {
        let decoded = percent_decode_str(&path).decode_utf8_lossy().into_owned();
        if decoded == path {
            break;
        }
        path = decoded;
    }
    let path = path.to_lowercase().replace('\\', "/");
    let mut segments = Vec::new();
    for part in path.split('/') {
        // Parameters of a segment (RFC 3986 §3.3) are cut off by some servers.
        let part = part.split(';').next().unwrap_or_default();
        let part: String = part.chars().filter(|c| !c.is_control() && !c.is_whitespace()).collect();
        match part.as_str() {
            "" | "." => {}
            ".." => {
                segments.pop();
            }
            _ => segments.push(part.trim_end_matches('.').to_owned()),
        }
    }
    segments
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

    /// The address at a server with these endpoints for tokens.
    fn with_own(origin: &str, own: &[&str], given: &str) -> Result<Url, ApiRefusal> {
        let own: Vec<Url> = own.iter().map(|one| one.parse().unwrap()).collect();
        super::target(origin, &own.iter().collect::<Vec<_>>(), given, &[])
    }

    fn target(origin: &str, given: &str) -> Result<Url, ApiRefusal> {
        let own = ["https://api.x.com/2/oauth2/token", "https://api.x.com/2/oauth2/revoke"];
        with_own(origin, &own, given)
    }

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
            "https://API.X.COM:443/2/oauth2/token",
            "/2/oauth2/token/",
            "/2/oauth2/token/.",
            "/2/oauth2/x/../token",
            "/2/oauth2/token;jsessionid=1",
            "/2/oauth2/token.json",
            "/2/oauth2/token/more",
            "/2/oauth2/token%20",
            "/2/oauth2/token%00",
            "/2/oauth2/token%2f",
            "/2/oauth2/token?a=b#c",
            "/2/oauth2%252ftoken",
            "/2/oauth2%2525252ftoken",
        ] {
            assert_eq!(target(X, given), Err(ApiRefusal::TokenEndpoint), "{given}");
        }
    }

    #[test]
    fn other_paths_are_not_refused_whatever_they_are_called() {
        for given in
            ["/2/oauth2/userinfo", "/2/oauth2", "/2/oauth2/tokens", "/token", "/2/users/.."]
        {
            assert!(target(X, given).is_ok(), "{given}");
        }
        let custom = ["https://id.example.com/token", "https://id.example.com/oauth2/revoke"];
        let at = |given: &str| with_own("https://id.example.com", &custom, given);
        assert!(at("/oauth2/v1/userinfo").is_ok());
        assert_eq!(at("/TOKEN"), Err(ApiRefusal::TokenEndpoint));
        assert_eq!(at("/oauth2//revoke"), Err(ApiRefusal::TokenEndpoint));
    }

    #[test]
    fn an_endpoint_is_known_behind_another_name_and_by_its_query() {
        let at_api = |given: &str| {
            with_own("https://api.example.com", &["https://id.example.com/token"], given)
        };
        assert_eq!(at_api("/token"), Err(ApiRefusal::TokenEndpoint), "one server has many names");
        assert!(at_api("/token/balance").is_ok());

        let by_query = "https://example.com/index.php?r=oauth/token";
        let at = |given: &str| with_own("https://example.com", &[by_query], given);
        assert_eq!(at("/index.php?a=1&r=oauth%2FToken"), Err(ApiRefusal::TokenEndpoint));
        assert!(at("/index.php?r=user/me").is_ok());
        let query = [("r".to_owned(), "oauth/token".to_owned())];
        let own: Url = by_query.parse().unwrap();
        let added = super::target("https://example.com", &[&own], "/index.php", &query);
        assert_eq!(
            added,
            Err(ApiRefusal::TokenEndpoint),
            "a query is looked at wherever it stands"
        );
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
