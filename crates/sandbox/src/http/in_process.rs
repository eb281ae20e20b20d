//! The same routes without a socket, for tests that send thousands of requests.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use tower_service::Service as _;

use super::routes;
use crate::sandbox::Sandbox;

/// No answer of the sandbox is larger unless a fault asks for it.
const MAX_ANSWER_BYTES: usize = 4 * 1024 * 1024;

/// The sandbox's HTTP interface, called as a function.
pub struct InProcess(Router);

impl InProcess {
    /// Puts the routes of a sandbox together.
    pub fn new(sandbox: Arc<Sandbox>) -> Self {
        Self(routes(sandbox))
    }

    /// Answers one request; has to run inside a tokio runtime.
    pub async fn answer(&self, request: http::Request<Vec<u8>>) -> http::Response<Vec<u8>> {
        let Ok(response) = self.0.clone().call(request.map(Body::from)).await;
        let (head, body) = response.into_parts();
        let body = to_bytes(body, MAX_ANSWER_BYTES).await.map(Vec::from).unwrap_or_default();
        http::Response::from_parts(head, body)
    }
}
