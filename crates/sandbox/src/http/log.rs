//! The request log: durations and statuses, never a query.

use std::sync::Arc;
use std::time::Instant;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;

use super::misbehave::{Dropped, Met};
use crate::ledger::Logged;
use crate::sandbox::Sandbox;

pub(super) async fn log(
    State(sandbox): State<Arc<Sandbox>>,
    request: Request,
    next: Next,
) -> Response {
    let started = Instant::now();
    let method = request.method().to_string();
    let path = request.uri().path().to_owned();
    let response = next.run(request).await;
    let took = started.elapsed();
    let status = response.status().as_u16();
    tracing::debug!(method, path, status, ?took, "answered");
    let dropped = response.extensions().get::<Dropped>().is_some();
    let fault = response.extensions().get::<Met>().map(|Met(fault)| fault.clone());
    sandbox.note_request(
        method.clone(),
        path.clone(),
        (!dropped).then_some(status),
        took.as_millis(),
        fault,
    );
    if let Some(ledger) = sandbox.ledger() {
        ledger.note_request(Logged { method, path, status, took });
    }
    response
}
