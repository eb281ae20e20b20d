//! What apps ask: token, revoke and `/2/users/me`.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::response::Response;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use serde::Serialize;

use super::{answer, form};
use crate::ledger::Received;
use crate::route::Route;
use crate::rules::user::User;
use crate::rules::{Profile, Refusal, RevokeRequest, Shown, TokenRequest};
use crate::sandbox::Sandbox;

pub(super) async fn token(
    State(sandbox): State<Arc<Sandbox>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let request = token_request(&headers, pairs(&sandbox, &headers, &body));
    note(&sandbox, &request);
    if let Some(canned) = sandbox.take_canned(Route::Token) {
        return answer::canned(canned).await;
    }
    let answered = on_disk(move || sandbox.token(&request)).await;
    finished(answered.map(|answer| answer.map(|answer| serde_json::to_string(&answer))))
}

pub(super) async fn revoke(
    State(sandbox): State<Arc<Sandbox>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let request = revoke_request(&headers, pairs(&sandbox, &headers, &body));
    if let (Some(ledger), Some(basic)) = (sandbox.ledger(), &request.client.basic) {
        ledger.note_received(Received::ClientSecret, Some(&basic.secret));
    }
    if let Some(canned) = sandbox.take_canned(Route::Revoke) {
        return answer::canned(canned).await;
    }
    let answered = on_disk(move || sandbox.revoke(&request)).await;
    finished(answered.map(|answer| answer.map(|()| Ok(r#"{"revoked":true}"#.to_owned()))))
}

pub(super) async fn users_me(State(sandbox): State<Arc<Sandbox>>, headers: HeaderMap) -> Response {
    if let Some(canned) = sandbox.take_canned(Route::UsersMe) {
        return answer::canned(canned).await;
    }
    match sandbox.users_me(form::bearer(&headers)) {
        Profile::User(user, shown) => limited(answer::json(StatusCode::OK, user_json(user)), shown),
        Profile::Unauthorized => problem(StatusCode::UNAUTHORIZED),
        Profile::Forbidden => problem(StatusCode::FORBIDDEN),
        Profile::TooMany(shown) => limited(problem(StatusCode::TOO_MANY_REQUESTS), shown),
    }
}

fn pairs(sandbox: &Sandbox, headers: &HeaderMap, body: &Bytes) -> Vec<(String, String)> {
    if sandbox.knobs().json_bodies {
        form::pairs_or_json(headers, body)
    } else {
        form::pairs(headers, body)
    }
}

fn token_request(headers: &HeaderMap, pairs: Vec<(String, String)>) -> TokenRequest {
    let mut request = TokenRequest::default();
    request.client.basic = form::basic(headers);
    request.repeated = form::fill(
        pairs,
        &mut [
            ("client_id", &mut request.client.client_id),
            ("grant_type", &mut request.grant_type),
            ("code", &mut request.code),
            ("redirect_uri", &mut request.redirect_uri),
            ("code_verifier", &mut request.code_verifier),
            ("refresh_token", &mut request.refresh_token),
        ],
    );
    request
}

fn revoke_request(headers: &HeaderMap, pairs: Vec<(String, String)>) -> RevokeRequest {
    let mut request = RevokeRequest::default();
    request.client.basic = form::basic(headers);
    request.repeated = form::fill(
        pairs,
        &mut [
            ("client_id", &mut request.client.client_id),
            ("token", &mut request.token),
            ("token_type_hint", &mut request.token_type_hint),
        ],
    );
    request
}

fn note(sandbox: &Sandbox, request: &TokenRequest) {
    let Some(ledger) = sandbox.ledger() else {
        return;
    };
    ledger.note_received(Received::Code, request.code.as_deref());
    ledger.note_received(Received::Verifier, request.code_verifier.as_deref());
    ledger.note_received(Received::RefreshToken, request.refresh_token.as_deref());
    let secret = request.client.basic.as_ref().map(|basic| basic.secret.as_str());
    ledger.note_received(Received::ClientSecret, secret);
}

/// Runs what may write and flush a file off the threads that serve.
async fn on_disk<T: Send + 'static>(act: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    tokio::task::spawn_blocking(act).await.ok()
}

fn finished(answered: Option<Result<serde_json::Result<String>, Refusal>>) -> Response {
    match answered {
        Some(Ok(Ok(body))) => answer::json(StatusCode::OK, body),
        Some(Err(refusal)) => refused(refusal),
        Some(Ok(Err(_))) | None => problem(StatusCode::INTERNAL_SERVER_ERROR),
    }
}

pub(super) fn refused(refusal: Refusal) -> Response {
    #[derive(Serialize)]
    struct Body {
        error: &'static str,
        error_description: String,
    }
    let body = Body { error: refusal.error(), error_description: refusal.description() };
    let status = StatusCode::from_u16(refusal.status()).unwrap_or(StatusCode::BAD_REQUEST);
    answer::json(status, serde_json::to_string(&body).unwrap_or_default())
}

fn user_json(user: &User) -> String {
    let data = serde_json::json!({ "id": user.id, "name": user.name, "username": user.username });
    serde_json::json!({ "data": data }).to_string()
}

/// A problem of X: pretty-printed, with the status's words twice.
pub(super) fn problem(status: StatusCode) -> Response {
    #[derive(Serialize)]
    struct Body {
        title: &'static str,
        r#type: &'static str,
        status: u16,
        detail: &'static str,
    }
    let words = status.canonical_reason().unwrap_or_default();
    let body = Body { title: words, r#type: "about:blank", status: status.as_u16(), detail: words };
    answer::problem(status, serde_json::to_string_pretty(&body).unwrap_or_default())
}

fn limited(mut response: Response, shown: Shown) -> Response {
    let headers = response.headers_mut();
    let figures = [
        ("x-rate-limit-limit", u64::from(shown.limit)),
        ("x-rate-limit-remaining", u64::from(shown.remaining)),
        ("x-rate-limit-reset", shown.reset),
    ];
    for (name, figure) in figures {
        headers.insert(HeaderName::from_static(name), HeaderValue::from(figure));
    }
    response
}
