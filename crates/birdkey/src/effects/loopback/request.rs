//! What a request asks for: the checks that need no verdict of the login.

use http::request::Parts;
use http::{Method, StatusCode, header};

use super::registered::Registered;
use crate::protocol::secret::Secret;

/// Method, target and version with their line end.
const MAX_REQUEST_LINE_BYTES: usize = 8 * 1024;

/// `" HTTP/1.1\r\n"` and the space after the method.
const LINE_FRAME_BYTES: usize = 12;

/// What a request is after.
#[derive(Debug)]
pub(super) enum Asked {
    /// The redirect: its raw query.
    Callback(Secret),
    /// The outcome page.
    Outcome,
    /// Nothing that is here; the login is not told.
    Nothing(StatusCode),
}

/// Reads the head of a request: size, then `Host`, path and method.
///
/// The `Host` is what keeps a page of the web out that had its own name resolve to this machine (DNS rebinding).
pub(super) fn read(parts: &Parts, registered: &Registered) -> Asked {
    if line_bytes(parts) > MAX_REQUEST_LINE_BYTES {
        return Asked::Nothing(StatusCode::URI_TOO_LONG);
    }
    if !is_for(parts, &registered.host) {
        return Asked::Nothing(StatusCode::NOT_FOUND);
    }
    let path = parts.uri.path();
    let is_callback = path == registered.path;
    if !is_callback && path != registered.done_path() {
        return Asked::Nothing(StatusCode::NOT_FOUND);
    }
    if parts.method != Method::GET {
        return Asked::Nothing(StatusCode::METHOD_NOT_ALLOWED);
    }
    if !is_callback {
        return Asked::Outcome;
    }
    Asked::Callback(Secret::new(parts.uri.query().unwrap_or_default().to_owned()))
}

fn line_bytes(parts: &Parts) -> usize {
    let origin =
        parts.uri.authority().map_or(0, |authority| authority.as_str().len() + "http://".len());
    let target = parts.uri.path_and_query().map_or(0, |target| target.as_str().len());
    parts.method.as_str().len() + origin + target + LINE_FRAME_BYTES
}

fn is_for(parts: &Parts, expected: &str) -> bool {
    let mut hosts = parts.headers.get_all(header::HOST).iter();
    let (Some(host), None) = (hosts.next(), hosts.next()) else {
        return false;
    };
    let is_expected = |text: &[u8]| text.eq_ignore_ascii_case(expected.as_bytes());
    let authority = parts.uri.authority();
    is_expected(host.as_bytes())
        && authority.is_none_or(|authority| is_expected(authority.as_str().as_bytes()))
}
