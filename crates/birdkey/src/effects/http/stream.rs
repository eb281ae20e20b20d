//! Answers of the API, handed on piece by piece.

use std::sync::Arc;
use std::time::Duration;

use reqwest::{Body, Response};

use super::client::{ReqwestHttp, sensitive};
use super::errors::Target;
use super::upload::{Taken, Upload};
use super::{BoxFuture, HttpError};
use crate::effects::clock::{Clock, within};
use crate::protocol::api::Call;
use crate::protocol::secret::Secret;

/// How long the server may be silent: before it takes the next piece of an upload, before it begins
/// its answer, and before each piece of that.
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

struct Answered {
    response: Response,
    target: Target,
    clock: Arc<dyn Clock>,
}

impl Pieces for Answered {
    fn next(&mut self) -> BoxFuture<'_, Result<Option<Vec<u8>>, HttpError>> {
        Box::pin(async {
            let piece = within(&*self.clock, SILENCE_LIMIT, self.response.chunk()).await;
            let piece = piece.map_err(|_| self.target.timed_out())?;
            let piece = piece.map_err(|_| self.target.broke_off())?;
            Ok(piece.map(|piece| piece.to_vec()))
        })
    }
}

impl ReqwestHttp {
    /// Sends a request of a user with the token of its grant.
    pub(super) async fn call_once(&self, call: Call, token: Secret) -> Result<Streamed, HttpError> {
        let target = self.target_of(&call.url)?;
        let client = self.client_for(&call.url)?;
        let (origin, path) = (call.url.origin().ascii_serialization(), call.url.path());
        tracing::debug!(authorization = "Bearer [redacted]", "{} {origin}{path}", call.method);
        let bearer = Secret::new(format!("Bearer {}", token.expose()));
        // Only methods that were read as such come here.
        let method = call.method.parse().unwrap_or(http::Method::GET);
        let mut request = client.request(method, call.url.clone());
        for (name, value) in &call.headers {
            request = request.header(name, value);
        }
        request = request.header(http::header::AUTHORIZATION, sensitive(&bearer));
        let last_taken = Taken::by(Arc::clone(&self.clock));
        if let Some(body) = call.body {
            request = request.body(Body::wrap(Upload::new(body, Arc::clone(&last_taken))));
        }
        let sent = last_taken.unless_silent(SILENCE_LIMIT, request.send()).await;
        let response = match sent.map_err(|_| target.timed_out())? {
            Ok(response) => response,
            Err(error) => return Err(self.why_not(&error, &call.url, &target).await),
        };
        let status = response.status().as_u16();
        tracing::debug!(host = target.host, status, "answered");
        let headers = response.headers().iter().filter_map(|(name, value)| {
            Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned()))
        });
        let headers = headers.collect();
        let clock = Arc::clone(&self.clock);
        Ok(Streamed { status, headers, body: Box::new(Answered { response, target, clock }) })
    }
}
