//! Answers of the API, handed on piece by piece.

use std::sync::Arc;
use std::time::Duration;

use http::header::{self, HeaderMap, HeaderName, HeaderValue};
use http_body_util::{BodyExt as _, Either};
use hyper::body::Incoming;

use super::client::{Body, HyperHttp, USER_AGENT, sensitive};
use super::errors::{Target, http_error};
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
    body: Incoming,
    target: Target,
    clock: Arc<dyn Clock>,
}

impl Pieces for Answered {
    fn next(&mut self) -> BoxFuture<'_, Result<Option<Vec<u8>>, HttpError>> {
        Box::pin(async {
            loop {
                let frame = within(&*self.clock, SILENCE_LIMIT, self.body.frame()).await;
                let Some(frame) = frame.map_err(|_| self.target.timed_out())? else {
                    return Ok(None);
                };
                let frame = frame.map_err(|_| self.target.broke_off())?;
                if let Ok(piece) = frame.into_data() {
                    return Ok(Some(piece.to_vec()));
                }
            }
        })
    }
}

impl HyperHttp {
    /// Sends a request of a user with the token of its grant.
    pub(super) async fn call_once(&self, call: Call, token: Secret) -> Result<Streamed, HttpError> {
        let target = self.target_of(&call.url)?;
        let client = self.client_for(&call.url)?;
        let (origin, path) = (call.url.origin().ascii_serialization(), call.url.path());
        tracing::debug!(authorization = "Bearer [redacted]", "{} {origin}{path}", call.method);
        let (request, taken) = self.outgoing(call, &token).map_err(|_| target.broke_off())?;
        let sent = taken.unless_silent(SILENCE_LIMIT, client.request(request)).await;
        let response =
            sent.map_err(|_| target.timed_out())?.map_err(|error| http_error(&error, &target))?;
        let (parts, body) = response.into_parts();
        let status = parts.status.as_u16();
        tracing::debug!(host = target.host, status, "answered");
        let headers = parts.headers.iter().filter_map(|(name, value)| {
            Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned()))
        });
        let headers = headers.collect();
        let clock = Arc::clone(&self.clock);
        Ok(Streamed { status, headers, body: Box::new(Answered { body, target, clock }) })
    }

    fn outgoing(
        &self,
        call: Call,
        token: &Secret,
    ) -> http::Result<(http::Request<Body>, Arc<Taken>)> {
        let bearer = Secret::new(format!("Bearer {}", token.expose()));
        let mut headers = HeaderMap::new();
        for (name, value) in &call.headers {
            headers.append(name.parse::<HeaderName>()?, value.parse()?);
        }
        // What a user says of these two counts.
        let usual = [(header::USER_AGENT, USER_AGENT), (header::ACCEPT, "*/*")];
        for (name, value) in usual {
            headers.entry(name).or_insert(HeaderValue::from_static(value));
        }
        headers.insert(header::AUTHORIZATION, sensitive(&bearer));
        let body = call.body.unwrap_or_default();
        let (upload, taken) = Upload::new(body, Arc::clone(&self.clock));
        let request = http::Request::builder().method(call.method.as_str());
        let mut request = request.uri(call.url.as_str()).body(Either::Right(upload))?;
        *request.headers_mut() = headers;
        Ok((request, taken))
    }
}
