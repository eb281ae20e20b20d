//! Where a redirect may go.

use crate::registration::App;

/// Schemes that X refuses to redirect to.
///
/// Source: <https://docs.x.com/fundamentals/developer-apps>.
const DENIED_SCHEMES: [&str; 36] = [
    "vbscript",
    "javascript",
    "vbs",
    "data",
    "mocha",
    "keyword",
    "livescript",
    "ftp",
    "file",
    "gopher",
    "acrobat",
    "callto",
    "daap",
    "itpc",
    "itms",
    "firefoxurl",
    "hcp",
    "ldap",
    "mailto",
    "mmst",
    "mmsu",
    "msbd",
    "rtsp",
    "mso-offdap",
    "snews",
    "news",
    "nntp",
    "outlook",
    "stssync",
    "rlogin",
    "telnet",
    "tn3270",
    "shell",
    "sip",
    "about",
    "blob",
];

/// How loopback ports count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ports {
    Exact,
    AnyLoopback,
}

/// Whether `app` registered `uri`, byte by byte.
pub(super) fn is_registered(app: &App, uri: &str, ports: Ports) -> bool {
    app.redirect_uris
        .iter()
        .any(|known| known == uri || ports == Ports::AnyLoopback && same_but_for_port(known, uri))
}

/// Whether a browser may be sent there at all.
pub(super) fn is_allowed(uri: &str) -> bool {
    let Some((scheme, _)) = uri.split_once(':') else {
        return false;
    };
    let plain = uri.bytes().all(|byte| byte.is_ascii_graphic());
    plain && !DENIED_SCHEMES.iter().any(|denied| scheme.eq_ignore_ascii_case(denied))
}

/// `uri` with `query` added to the query it may have already.
pub(super) fn with_query(uri: &str, query: &str) -> String {
    let (base, fragment) = match uri.split_once('#') {
        Some((base, fragment)) => (base, format!("#{fragment}")),
        None => (uri, String::new()),
    };
    let separator = if base.contains('?') { '&' } else { '?' };
    format!("{base}{separator}{query}{fragment}")
}

fn same_but_for_port(known: &str, uri: &str) -> bool {
    without_loopback_port(known).is_some_and(|known| without_loopback_port(uri) == Some(known))
}

/// Host and path of a loopback URI (RFC 8252 §7.3).
fn without_loopback_port(uri: &str) -> Option<(&str, &str)> {
    ["127.0.0.1", "[::1]"].into_iter().find_map(|host| {
        let rest = uri.strip_prefix("http://")?.strip_prefix(host)?;
        let after_port = rest
            .strip_prefix(':')
            .map_or(rest, |rest| rest.trim_start_matches(|digit: char| digit.is_ascii_digit()));
        (after_port.is_empty() || after_port.starts_with(['/', '?'])).then_some((host, after_port))
    })
}

#[cfg(test)]
mod tests {
    use super::{Ports, is_allowed, is_registered, with_query};
    use crate::registration::{App, demo_registration};

    #[test]
    fn redirect_uris_match_byte_by_byte() {
        let app = App::new(demo_registration(vec!["http://127.0.0.1:8720/callback".to_owned()]));
        let cases = [
            ("http://127.0.0.1:8720/callback", true, true),
            ("http://127.0.0.1:9999/callback", false, true),
            ("http://127.0.0.1/callback", false, true),
            ("http://127.0.0.1:8720/callback/", false, false),
            ("http://127.0.0.1:8720@evil.example/callback", false, false),
            ("http://127.0.0.1.evil.example/callback", false, false),
            ("http://localhost:8720/callback", false, false),
            ("https://127.0.0.1:8720/callback", false, false),
        ];
        for (uri, exact, any_port) in cases {
            assert_eq!(is_registered(&app, uri, Ports::Exact), exact, "{uri}");
            assert_eq!(is_registered(&app, uri, Ports::AnyLoopback), any_port, "{uri}");
        }
    }

    #[test]
    fn scripts_and_line_breaks_are_no_place_to_redirect_to() {
        for uri in ["JavaScript:alert(1)", "data:text/html,x", "no-scheme", "http://a/\r\nb: c"] {
            assert!(!is_allowed(uri), "{uri}");
        }
        assert!(is_allowed("birdkey://callback"));
    }

    #[test]
    fn a_query_is_added_to_the_query_that_is_there() {
        assert_eq!(with_query("http://a/b", "c=1"), "http://a/b?c=1");
        assert_eq!(with_query("http://a/b?d=2", "c=1"), "http://a/b?d=2&c=1");
    }
}
