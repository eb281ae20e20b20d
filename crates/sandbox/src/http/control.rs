//! The control endpoint: faults planned and called off while the sandbox runs.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use http::{HeaderMap, StatusCode};

use super::answer;
use crate::faults::Plan;
use crate::sandbox::Sandbox;

/// A header that no page of a browser can send here unasked, so that only programs plan faults.
const REQUIRED_HEADER: &str = "x-birdkey-sandbox";

/// Adds the plans of the body, one a line.
pub(super) async fn plan(
    State(sandbox): State<Arc<Sandbox>>,
    headers: HeaderMap,
    body: String,
) -> Response {
    if !headers.contains_key(REQUIRED_HEADER) {
        return forbidden();
    }
    let lines = body.lines().filter(|line| !line.trim().is_empty());
    match lines.map(str::parse::<Plan>).collect::<Result<Vec<_>, _>>() {
        Err(error) => answer::text(StatusCode::BAD_REQUEST, format!("{error}\n")),
        Ok(plans) => {
            let count = plans.len();
            for plan in plans {
                sandbox.plan(plan);
            }
            answer::text(StatusCode::OK, format!("planned: {count}\n"))
        }
    }
}

/// Calls all planned faults off; knobs stay as they are.
pub(super) async fn call_off(State(sandbox): State<Arc<Sandbox>>, headers: HeaderMap) -> Response {
    if !headers.contains_key(REQUIRED_HEADER) {
        return forbidden();
    }
    sandbox.call_off();
    answer::text(StatusCode::OK, "called off\n".to_owned())
}

fn forbidden() -> Response {
    answer::text(StatusCode::FORBIDDEN, format!("send the header {REQUIRED_HEADER}: 1\n"))
}
