//! Answers of the API, handed on piece by piece.

use std::time::Duration;

use reqwest::Response;

use super::client::{ReqwestHttp, sensitive};
use super::errors::{Target, http_error};
use super::{BoxFuture, HttpError};
use crate::effects::clock::within;
use crate::protocol::api::Call;
use crate::protocol::secret::Secret;

/// How long the server may take to begin its answer, and for each piece of it.
const SILENCE_LIMIT: Duration = Duration::from_secs(30);

/// An answer whose body is still on its way.
pub struct Streamed {
    /// The HTTP status.
    pub status: u16,
    /// The headers, names in small letters.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Box<dyn Pieces>,
}

impl Streamed {
    /// A header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// A body, piece by piece.
pub trait Pieces: Send {
    /// The next piece; `None` at the end.
    fn next(&mut self) -> BoxFuture<'_, Result<Option<Vec<u8>>, HttpError>>;
}

struct Body {
    response: Response,
    target: Target,
    clock: std::sync::Arc<dyn crate::effects::clock::Clock>,
}

impl Pieces for Body {
    fn next(&mut self) -> BoxFuture<'_, Result<Option<Vec<u8>>, HttpError>> {
        Box::pin(async {
            let piece = within(&*self.clock, SILENCE_LIMIT, self.response.chunk()).await;
            let piece = piece
                .map_err(|_| HttpError::TimedOut { host: self.target.host.clone() })?
                .map_err(|error| http_error(&error, &self.target))?;
            Ok(piece.map(|piece| piece.to_vec()))
        })
    }
}

impl ReqwestHttp {
    /// Sends a request of a user with the token of its grant.
    pub(super) async fn call_once(&self, call: Call, token: Secret) -> Result<Streamed, HttpError> {
        let target = self.target_of(&call.url);
        let client = self.client_for(&call.url)?;
        let (origin, path) = (call.url.origin().ascii_serialization(), call.url.path());
        tracing::debug!(authorization = "Bearer [redacted]", "{} {origin}{path}", call.method);
        let bearer = Secret::new(format!("Bearer {}", token.expose()));
        // Only methods that were read as such come here.
        let method = call.method.parse().unwrap_or(http::Method::GET);
        let mut request = client.request(method, call.url);
        for (name, value) in &call.headers {
            request = request.header(name, value);
        }
        request = request.header(http::header::AUTHORIZATION, sensitive(&bearer));
        if let Some(body) = call.body {
            request = request.body(body);
        }
        let sent = within(&*self.clock, SILENCE_LIMIT, request.send()).await;
        let response = sent
            .map_err(|_| HttpError::TimedOut { host: target.host.clone() })?
            .map_err(|error| http_error(&error, &target))?;
        let status = response.status().as_u16();
        tracing::debug!(host = target.host, status, "answered");
        let headers = response.headers().iter().filter_map(|(name, value)| {
            Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned()))
        });
        let headers = headers.collect();
        let clock = std::sync::Arc::clone(&self.clock);
        Ok(Streamed { status, headers, body: Box::new(Body { response, target, clock }) })
    }
}
