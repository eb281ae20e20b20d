//! What a person's browser asks: the consent page, its answer and the start page.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use birdkey_messages::Language;
use http::{HeaderMap, StatusCode, Uri};

use super::page::Reader;
use super::{answer, form, page};
use crate::ledger::Received;
use crate::route::Route;
use crate::rules::{Answer, AuthorizeRequest, Decision, Fault};
use crate::sandbox::{Sandbox, Step};

pub(super) async fn authorize(
    State(sandbox): State<Arc<Sandbox>>,
    Reader(language): Reader,
    RawQuery(query): RawQuery,
) -> Response {
    let query = query.unwrap_or_default();
    let pairs = form_urlencoded::parse(query.as_bytes()).into_owned();
    let request = AuthorizeRequest::read(pairs);
    if let Some(ledger) = sandbox.ledger() {
        ledger.note_received(Received::State, request.value("state"));
        ledger.note_received(Received::Challenge, request.value("code_challenge"));
    }
    if let Some(canned) = sandbox.take_canned(Route::Authorize) {
        return answer::canned(canned).await;
    }
    match sandbox.authorize(&request) {
        Ok(Step::Redirect(target)) => answer::redirect(&target),
        Ok(Step::Page { consent_id, app_name, scopes }) => {
            answer::page(StatusCode::OK, page::consent(language, &consent_id, &app_name, &scopes))
        }
        Err(fault) => went_wrong(language, &fault),
    }
}

pub(super) async fn decide(
    State(sandbox): State<Arc<Sandbox>>,
    Reader(language): Reader,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let mut decision = Decision::default();
    let mut chosen = None;
    form::fill(
        form::pairs(&headers, &body),
        &mut [
            ("consent", &mut decision.consent_id),
            ("user", &mut decision.username),
            ("decision", &mut chosen),
        ],
    );
    decision.answer = match chosen.as_deref() {
        Some("authorize") => Some(Answer::Authorize),
        Some("cancel") => Some(Answer::Cancel),
        _ => None,
    };
    match sandbox.decide(&decision) {
        Ok(target) => answer::redirect(&target),
        Err(fault) => went_wrong(language, &fault),
    }
}

pub(super) async fn start(
    State(sandbox): State<Arc<Sandbox>>,
    Reader(language): Reader,
) -> Response {
    answer::page(StatusCode::OK, page::start(language, &sandbox.registrations(), &sandbox.knobs()))
}

/// The grants and the requests, for whoever looks why a login behaves as it does.
pub(super) async fn log(State(sandbox): State<Arc<Sandbox>>, Reader(language): Reader) -> Response {
    let (grants, entries, now) = sandbox.history();
    answer::page(StatusCode::OK, page::log(language, &grants, &entries, now))
}

/// An address of the API is asked for by a program, which gets JSON in the shape of X's problems.
pub(super) async fn not_found(Reader(language): Reader, uri: Uri) -> Response {
    if uri.path().starts_with("/2/") {
        let body = serde_json::json!({
            "title": "Not Found Error",
            "detail": "The sandbox has no posts, likes or lists: of X's API it answers /2/users/me alone.",
            "type": "about:blank",
            "status": 404,
        });
        return answer::problem(StatusCode::NOT_FOUND, body.to_string());
    }
    answer::page(StatusCode::NOT_FOUND, page::not_found(language))
}

/// X answers 200 whatever is wrong, and redirects nothing.
fn went_wrong(language: Language, fault: &Fault) -> Response {
    answer::page(StatusCode::OK, page::went_wrong(language, fault))
}
