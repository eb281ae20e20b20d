//! Answers with the headers that every kind of them has.

use axum::body::Body;
use axum::response::Response;
use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, LOCATION, REFERRER_POLICY,
};
use http::{HeaderName, HeaderValue, StatusCode};

use crate::sandbox::Canned;

/// No `form-action`: Chromium would hold it against the redirect that follows the form.
const CONTENT_POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'";

pub(super) fn page(status: StatusCode, html: String) -> Response {
    let mut response = with_type(status, "text/html; charset=utf-8", html);
    let headers = response.headers_mut();
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(CONTENT_POLICY));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    response
}

/// A redirect; a target that no header can hold, which the rules let through never, is a 500.
pub(super) fn redirect(target: &str) -> Response {
    let mut response = with_type(StatusCode::FOUND, "text/plain", String::new());
    match HeaderValue::from_str(target) {
        Ok(target) => {
            response.headers_mut().insert(LOCATION, target);
            response.headers_mut().insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
        }
        Err(_) => *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR,
    }
    response
}

pub(super) fn text(status: StatusCode, body: String) -> Response {
    with_type(status, "text/plain; charset=utf-8", body)
}

pub(super) fn json(status: StatusCode, body: String) -> Response {
    with_type(status, "application/json;charset=utf-8", body)
}

pub(super) fn problem(status: StatusCode, body: String) -> Response {
    with_type(status, "application/problem+json", body)
}

/// Sends a prepared answer, once it is let go.
pub(super) async fn canned(canned: Canned) -> Response {
    if let Some(hold) = canned.hold {
        hold.notified().await;
    }
    let mut response = Response::new(Body::from(canned.body));
    *response.status_mut() =
        StatusCode::from_u16(canned.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in canned.headers {
        let name = HeaderName::try_from(name);
        if let (Ok(name), Ok(value)) = (name, HeaderValue::try_from(value)) {
            response.headers_mut().append(name, value);
        }
    }
    response
}

fn with_type(status: StatusCode, content_type: &'static str, body: String) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache, no-store, max-age=0"));
    response
}
