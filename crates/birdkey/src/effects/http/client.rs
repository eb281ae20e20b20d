//! The HTTP clients: built at their first use, one for each way out of this machine.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use bytes::Bytes;
use http::header::{self, HeaderValue};
use http::{Response, Uri};
use http_body_util::{BodyExt as _, Either, Full};
use hyper::body::Incoming;
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::Client as Pooled;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use rustls::ClientConfig;
use url::Url;
use zeroize::Zeroizing;

use super::causes::{NoConnection, ProxyFault, ProxyName, ProxyOrigin};
use super::certificates;
use super::connect::{Limited, Way};
use super::dates::Dates;
use super::errors::{Target, http_error};
use super::network;
use super::proxies::Proxies;
use super::upload::Upload;
use super::{BoxFuture, Http, HttpError, Streamed};
use crate::effects::clock::{Clock, within};
use crate::protocol::api::Call;
use crate::protocol::endpoint::is_loopback;
use crate::protocol::message::{Answer, Method, Request};
use crate::protocol::secret::Secret;

/// How long a request may take from its start to the end of its answer.
const TOTAL_LIMIT: Duration = Duration::from_secs(30);
/// The largest body that is read, in bytes.
const MAX_BODY_BYTES: usize = 1024 * 1024;
/// How long an idle connection is kept.
const IDLE_LIMIT: Duration = Duration::from_secs(90);
/// Who asks.
pub(super) const USER_AGENT: &str = concat!("Birdkey/", env!("CARGO_PKG_VERSION"));

/// Where the proxy comes from.
#[derive(Debug, Clone, Default)]
pub enum ProxySource {
    /// The environment and the settings of the system.
    #[default]
    System,
    /// No proxy at all.
    None,
    /// This one for everything but loopback: `http://`, `https://` or `socks5h://`.
    Url(String),
}

/// What a client of ours may be told.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// Where the proxy comes from.
    pub proxy: ProxySource,
    /// Certificates trusted besides the system's, as PEM.
    pub extra_roots_pem: Vec<u8>,
}

/// What is sent: a form that is zeroized afterward, or what a user sends along.
pub(super) type Body = Either<Full<Bytes>, Upload>;
/// Connections by HTTP/1.1, kept for a while.
pub(super) type Client = Pooled<Limited<HttpsConnector<Way>>, Body>;

/// Requests by hyper, with rustls and the system's certificates.
pub struct HyperHttp {
    pub(super) clock: Arc<dyn Clock>,
    settings: Settings,
    /// `http` on loopback: needs neither proxy nor certificates.
    plain: OnceLock<Client>,
    /// `https` on loopback.
    direct: OnceLock<Client>,
    /// Everything else.
    outward: OnceLock<Client>,
    /// Those of `outward`.
    proxies: OnceLock<Arc<Proxies>>,
}

impl HyperHttp {
    /// With the system's proxy and certificates.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self::with(clock, Settings::default())
    }

    /// With settings of its own.
    pub fn with(clock: Arc<dyn Clock>, settings: Settings) -> Self {
        let (plain, direct, outward, proxies) = Default::default();
        Self { clock, settings, plain, direct, outward, proxies }
    }

    async fn send_once(&self, request: Request) -> Result<Answer, HttpError> {
        let target = self.target_of(&request.url)?;
        let client = self.client_for(&request.url)?;
        let outgoing = outgoing(&request).map_err(|_| target.broke_off())?;
        tell(&request);
        let began = self.clock.elapsed();
        let exchange = async {
            let sent = client.request(outgoing).await;
            let response = sent.map_err(|error| http_error(&error, &target))?;
            read(response, &target, self.clock.now_unix_ms()).await
        };
        let answered = within(&*self.clock, TOTAL_LIMIT, exchange).await;
        let answer = answered.unwrap_or_else(|_| Err(target.timed_out()));
        let milliseconds = self.clock.elapsed().saturating_sub(began).as_millis();
        match &answer {
            Ok(answer) => {
                tracing::debug!(
                    host = target.host,
                    status = answer.status,
                    milliseconds,
                    "answered"
                );
            }
            Err(error) => tracing::debug!(host = target.host, %error, milliseconds, "not answered"),
        }
        answer
    }

    /// The client for an address; refuses one that others could read along.
    pub(super) fn client_for(&self, url: &Url) -> Result<&Client, HttpError> {
        let cell = match (url.scheme(), is_loopback(url)) {
            ("http", true) => &self.plain,
            ("https", true) => &self.direct,
            ("https", false) => &self.outward,
            _ => return Err(HttpError::NotProtected { host: host_of(url) }),
        };
        if let Some(client) = cell.get() {
            return Ok(client);
        }
        let tls = match url.scheme() {
            "http" => certificates::nobody_trusted()?,
            _ => certificates::of_the_system(&self.settings.extra_roots_pem)?,
        };
        let proxies = match is_loopback(url) {
            true => Arc::new(Proxies::none()),
            false => Arc::clone(self.proxies()?),
        };
        Ok(cell.get_or_init(|| self.client(tls, proxies)))
    }

    fn client(&self, tls: ClientConfig, proxies: Arc<Proxies>) -> Client {
        let tls = Arc::new(tls);
        let secured = HttpsConnector::from((Way::new(proxies, Arc::clone(&tls)), tls));
        Pooled::builder(TokioExecutor::new())
            .pool_idle_timeout(IDLE_LIMIT)
            .pool_timer(TokioTimer::new())
            .build(Limited::new(secured, Arc::clone(&self.clock)))
    }

    /// The proxies to everything but loopback.
    fn proxies(&self) -> Result<&Arc<Proxies>, HttpError> {
        if let Some(proxies) = self.proxies.get() {
            return Ok(proxies);
        }
        let proxies = match &self.settings.proxy {
            ProxySource::System => Proxies::of_the_system(),
            ProxySource::None => Proxies::none(),
            ProxySource::Url(url) => Proxies::given(url).ok_or_else(unusable_proxy)?,
        };
        Ok(self.proxies.get_or_init(|| Arc::new(proxies)))
    }

    /// Whom a message is to name.
    pub(super) fn target_of(&self, url: &Url) -> Result<Target, HttpError> {
        let host = host_of(url);
        let direct = |host| Target { host, proxy: None, unusable: None };
        if is_loopback(url) {
            return Ok(direct(host));
        }
        let proxies = self.proxies()?;
        let Ok(uri) = url.origin().ascii_serialization().parse::<Uri>() else {
            return Ok(direct(host));
        };
        let proxy = proxies.leading_to(&uri).map(|proxy| proxy.name);
        let unusable = proxies.unusable_for(&uri).filter(|_| proxy.is_none());
        Ok(Target { host, proxy, unusable })
    }
}

impl Http for HyperHttp {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Answer, HttpError>> {
        Box::pin(self.send_once(request))
    }

    fn call(&self, call: Call, token: Secret) -> BoxFuture<'_, Result<Streamed, HttpError>> {
        Box::pin(self.call_once(call, token))
    }

    fn has_network(&self) -> bool {
        network::has_route()
    }
}

/// What is about to be sent, for a person who looks on: names, never values.
fn tell(request: &Request) {
    let Request { url, method, authorization } = request;
    let path = format!("{}{}", url.origin().ascii_serialization(), url.path());
    let authorization = authorization.as_ref().map(|value| {
        value.expose().split(' ').next().unwrap_or_default().to_owned() + " [redacted]"
    });
    let authorization = authorization.unwrap_or_else(|| "none".to_owned());
    match method {
        Method::Get => tracing::debug!(authorization, "GET {path}"),
        Method::PostForm(form) => {
            let fields = form_urlencoded::parse(form.expose().as_bytes());
            let fields: Vec<_> = fields.map(|(name, _)| format!("{name}=[redacted]")).collect();
            let fields = fields.join(" ");
            tracing::debug!(authorization, fields, "POST {path}");
        }
    }
}

fn outgoing(request: &Request) -> http::Result<http::Request<Body>> {
    let outgoing = http::Request::builder()
        .uri(request.url.as_str())
        .header(header::USER_AGENT, USER_AGENT)
        .header(header::ACCEPT, "application/json");
    let outgoing = match &request.authorization {
        Some(authorization) => outgoing.header(header::AUTHORIZATION, sensitive(authorization)),
        None => outgoing,
    };
    match &request.method {
        Method::Get => outgoing.method(http::Method::GET).body(Either::Left(Full::default())),
        Method::PostForm(form) => outgoing
            .method(http::Method::POST)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Either::Left(Full::new(zeroized_later(form)))),
    }
}

/// A body whose bytes are zeroized when the request is done.
fn zeroized_later(form: &Secret) -> Bytes {
    Bytes::from_owner(Zeroizing::new(form.expose().as_bytes().to_vec()))
}

/// A header value that no debug output shows; one that can't be a header is sent empty and refused.
pub(super) fn sensitive(secret: &Secret) -> HeaderValue {
    let mut value =
        HeaderValue::from_str(secret.expose()).unwrap_or_else(|_| HeaderValue::from_static(""));
    value.set_sensitive(true);
    value
}

async fn read(
    response: Response<Incoming>,
    target: &Target,
    now_ms: i64,
) -> Result<Answer, HttpError> {
    let (parts, mut arriving) = response.into_parts();
    let (status, headers) = (parts.status.as_u16(), parts.headers);
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let mut body = Zeroizing::new(Vec::new());
    while let Some(frame) = arriving.frame().await {
        let frame = frame.map_err(|_| target.broke_off())?;
        let Ok(chunk) = frame.into_data() else { continue };
        if body.len() + chunk.len() > MAX_BODY_BYTES {
            return Err(HttpError::TooLarge { host: target.host.clone() });
        }
        append(&mut body, &chunk);
    }
    let body = Secret::from_utf8(std::mem::take(&mut *body))
        .ok_or_else(|| HttpError::NotText { host: target.host.clone() })?;
    let dates = Dates::new(text("date"), now_ms);
    Ok(Answer {
        status,
        content_type: text("content-type").map(str::to_owned),
        retry_after_seconds: text("retry-after").and_then(|value| dates.seconds_until(value)),
        rate_limit_reset_unix: text("x-rate-limit-reset")
            .and_then(|value| dates.by_our_clock(value)),
        clock_ahead_seconds: dates.ahead_seconds(),
        header_names: names(&headers),
        body,
    })
}

/// Each once, sorted.
fn names(headers: &http::HeaderMap) -> Vec<String> {
    let mut names: Vec<_> = headers.keys().map(|name| name.as_str().to_owned()).collect();
    names.sort();
    names
}

/// Appends without leaving a copy behind, as growing in place would.
fn append(body: &mut Zeroizing<Vec<u8>>, chunk: &[u8]) {
    let needed = body.len() + chunk.len();
    if body.capacity() < needed {
        let mut larger = Zeroizing::new(Vec::with_capacity(needed.next_power_of_two()));
        larger.extend_from_slice(body);
        *body = larger;
    }
    body.extend_from_slice(chunk);
}

fn host_of(url: &Url) -> String {
    url.host_str().unwrap_or_default().to_owned()
}

fn unusable_proxy() -> HttpError {
    let address = String::new();
    let name = ProxyName { address, origin: ProxyOrigin::Given, with_login: false };
    HttpError::Connect {
        host: String::new(),
        proxy: Some(name),
        cause: NoConnection::Proxy(ProxyFault::Unusable),
        unusable: None,
    }
}
