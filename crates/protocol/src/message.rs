//! HTTP requests and answers as values: the protocol builds and reads them, an effect sends them.

use url::Url;

use super::secret::Secret;

/// What is sent to a provider.
#[derive(Debug, Clone)]
pub struct Request {
    /// Where to; `https`, or `http` on a loopback address.
    pub url: Url,
    /// How.
    pub method: Method,
    /// The value of the `Authorization` header, if any.
    pub authorization: Option<Secret>,
}

/// The method and what goes with it.
#[derive(Debug, Clone)]
pub enum Method {
    /// `GET`.
    Get,
    /// `POST` of an `application/x-www-form-urlencoded` body.
    PostForm(Secret),
}

/// What came back from a provider, whatever its status.
#[derive(Debug)]
pub struct Answer {
    /// The HTTP status, 100–599.
    pub status: u16,
    /// `Content-Type` as sent.
    pub content_type: Option<String>,
    /// `Retry-After` in seconds, from now on.
    pub retry_after_seconds: Option<u64>,
    /// `x-rate-limit-reset`, in Unix seconds by our clock, also when the server's is off.
    pub rate_limit_reset_unix: Option<u64>,
    /// Our clock ahead of the server's when the answer came, by its `Date` header.
    pub clock_ahead_seconds: Option<i64>,
    /// The names of all headers, sorted; no values.
    pub header_names: Vec<String>,
    /// The body, at most 1 MiB. Not secret by type alone, but it may hold tokens.
    pub body: Secret,
}
