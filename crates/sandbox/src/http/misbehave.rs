//! Faults: requests that are not served as they should be.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, DATE, RETRY_AFTER};
use http::{HeaderName, HeaderValue, StatusCode};
use serde_json::Value;

use super::{answer, api};
use crate::faults::{Fault, refusal};
use crate::route::Route;
use crate::sandbox::Sandbox;

/// More than any app reads.
const OVERSIZED_BYTES: usize = 2 * 1024 * 1024;
/// The pause between two bytes of a slow answer.
const DRIP: Duration = Duration::from_secs(2);
/// No answer of the sandbox comes near this.
const MAX_ANSWER_BYTES: usize = 64 * 1024;

/// Marks an answer that is never sent: the connection is closed in its place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Dropped;

/// The planned fault that an answer met, for the log.
#[derive(Debug, Clone)]
pub(super) struct Met(pub(super) String);

pub(super) async fn misbehave(
    State(sandbox): State<Arc<Sandbox>>,
    request: Request,
    next: Next,
) -> Response {
    let fault = Route::at(request.uri().path()).and_then(|route| sandbox.take_fault(route));
    let now = sandbox.now();
    let mut response = match fault {
        None => next.run(request).await,
        Some(fault) => match instead(fault, now) {
            Some(response) => response,
            None => after(fault, next, request).await,
        },
    };
    if let Some(fault) = fault {
        response.extensions_mut().insert(Met(fault.to_string()));
    }
    // By the sandbox's clock, as all it says of time.
    let skew = match fault {
        Some(Fault::SkewedDate(seconds)) => seconds,
        Some(_) | None => 0,
    };
    response.headers_mut().insert(DATE, skewed(now, skew));
    response
}

/// The answer to a request that does not reach the rules.
fn instead(fault: Fault, now: SystemTime) -> Option<Response> {
    Some(match fault {
        Fault::DropBefore => dropped(),
        Fault::RateLimited(seconds) => limited(seconds, now),
        Fault::RateLimitedOld => answer::json(
            StatusCode::TOO_MANY_REQUESTS,
            r#"{"errors":[{"code":88,"message":"Rate limit exceeded"}]}"#.to_owned(),
        ),
        Fault::Empty(status) => bare(failing(status)),
        Fault::Html(status) => answer::page(
            failing(status),
            format!("<!DOCTYPE html><title>{status}</title><h1>The edge says {status}</h1>"),
        ),
        Fault::Outage => api::problem(StatusCode::UNAUTHORIZED),
        Fault::Refuse(row) => api::refused(refusal(row)?),
        Fault::Delay(_)
        | Fault::DropAfter
        | Fault::Truncated
        | Fault::Oversized
        | Fault::SlowDrip
        | Fault::WrongType
        | Fault::DuplicateKeys
        | Fault::NoRefreshToken
        | Fault::FewerScopes
        | Fault::SkewedDate(_) => return None,
    })
}

/// Serves the request, then spoils the answer.
async fn after(fault: Fault, next: Next, request: Request) -> Response {
    let mut response = next.run(request).await;
    match fault {
        Fault::Delay(time) => {
            tokio::time::sleep(time).await;
            response
        }
        Fault::DropAfter => dropped(),
        Fault::WrongType => {
            response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/html"));
            response
        }
        Fault::SlowDrip => with_body(response, |whole| Body::from_stream(drip(whole))).await,
        Fault::Truncated => {
            with_body(response, |whole| whole.slice(..whole.len() / 2).into()).await
        }
        Fault::Oversized => with_body(response, |whole| oversized(&whole)).await,
        Fault::DuplicateKeys => with_body(response, |whole| doubled(&whole)).await,
        Fault::NoRefreshToken | Fault::FewerScopes => {
            with_body(response, |whole| changed(&whole, fault)).await
        }
        Fault::SkewedDate(_)
        | Fault::DropBefore
        | Fault::RateLimited(_)
        | Fault::RateLimitedOld
        | Fault::Empty(_)
        | Fault::Html(_)
        | Fault::Outage
        | Fault::Refuse(_) => response,
    }
}

async fn with_body(response: Response, spoil: impl FnOnce(Bytes) -> Body) -> Response {
    let (mut parts, body) = response.into_parts();
    let whole = to_bytes(body, MAX_ANSWER_BYTES).await.unwrap_or_default();
    parts.headers.remove(CONTENT_LENGTH);
    Response::from_parts(parts, spoil(whole))
}

fn oversized(whole: &Bytes) -> Body {
    let mut large = whole.to_vec();
    large.resize(OVERSIZED_BYTES, b' ');
    large.into()
}

fn doubled(whole: &Bytes) -> Body {
    let text = String::from_utf8_lossy(whole);
    text.replacen('{', r#"{"access_token":"the-first-of-two","#, 1).into()
}

fn changed(whole: &Bytes, fault: Fault) -> Body {
    let Ok(Value::Object(mut fields)) = serde_json::from_slice(whole) else { return Body::empty() };
    if fault == Fault::NoRefreshToken {
        fields.remove("refresh_token");
    } else if let Some(Value::String(scope)) = fields.get_mut("scope") {
        // `users.read` is not what a refresh depends on.
        let fewer: Vec<_> = scope.split(' ').filter(|name| *name != "users.read").collect();
        *scope = fewer.join(" ");
    }
    Value::Object(fields).to_string().into()
}

fn drip(whole: Bytes) -> impl futures_util::Stream<Item = Result<Bytes, std::io::Error>> {
    futures_util::stream::unfold(whole, |mut left| async move {
        if left.is_empty() {
            return None;
        }
        tokio::time::sleep(DRIP).await;
        Some((Ok(left.split_to(1)), left))
    })
}

fn dropped() -> Response {
    let mut response = bare(StatusCode::OK);
    response.extensions_mut().insert(Dropped);
    response
}

fn bare(status: StatusCode) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}

fn failing(status: u16) -> StatusCode {
    StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

fn limited(seconds: u16, now: SystemTime) -> Response {
    let mut response = api::problem(StatusCode::TOO_MANY_REQUESTS);
    let reset = seconds_since_epoch(now) + u64::from(seconds);
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
    let name = HeaderName::from_static("x-rate-limit-reset");
    response.headers_mut().insert(name, HeaderValue::from(reset));
    response
}

fn seconds_since_epoch(now: SystemTime) -> u64 {
    now.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs()
}

fn skewed(now: SystemTime, seconds: i64) -> HeaderValue {
    let by = Duration::from_secs(seconds.unsigned_abs());
    let then = if seconds < 0 { now.checked_sub(by) } else { now.checked_add(by) };
    let text = httpdate::fmt_http_date(then.unwrap_or(now));
    HeaderValue::from_str(&text).unwrap_or_else(|_| HeaderValue::from_static(""))
}
