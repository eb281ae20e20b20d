//! The HTTP clients: built at their first use, one for each way out of this machine.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use bytes::Bytes;
use http::Uri;
use http::header::{self, HeaderValue};
use reqwest::redirect::Policy;
use reqwest::{Client, Proxy, RequestBuilder, Response};
use rustls::ClientConfig;
use url::Url;
use zeroize::Zeroizing;

use super::causes::{NoConnection, ProxyFault, ProxyName, ProxyOrigin};
use super::certificates;
use super::connect::{CONNECT_LIMIT, ConnectLimit, SystemResolver};
use super::dates::Dates;
use super::errors::{Target, http_error, tunnel_was_refused};
use super::network;
use super::proxies::Proxies;
use super::tunnel;
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
/// What of a form is secret.
const SECRET_FIELDS: [&str; 5] =
    ["code", "code_verifier", "refresh_token", "token", "client_secret"];
/// Anything shorter may stand in an answer for a reason of its own.
const SHORTEST_ECHO: usize = 16;
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

/// Requests by reqwest, with rustls and the system's certificates.
pub struct ReqwestHttp {
    pub(super) clock: Arc<dyn Clock>,
    pub(super) settings: Settings,
    /// `http` on loopback: needs neither proxy nor certificates.
    plain: OnceLock<Client>,
    /// `https` on loopback.
    direct: OnceLock<Client>,
    /// Everything else.
    outward: OnceLock<Client>,
    /// Those of `outward`.
    proxies: OnceLock<Arc<Proxies>>,
}

impl ReqwestHttp {
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
        tell(&request);
        let began = self.clock.elapsed();
        let exchange = async {
            let response = match outgoing(client, &request).send().await {
                Ok(response) => response,
                Err(error) => {
                    return Err(Box::pin(self.why_not(&error, &request.url, &target)).await);
                }
            };
            let answer = read(response, &target, self.clock.now_unix_ms()).await?;
            Ok(without_echoes(answer, &request))
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

    /// Reads why a request was not answered.
    pub(super) async fn why_not(
        &self,
        error: &reqwest::Error,
        url: &Url,
        target: &Target,
    ) -> HttpError {
        if !tunnel_was_refused(error) {
            return http_error(error, target);
        }
        match within(&*self.clock, CONNECT_LIMIT, self.refusal(url)).await {
            Ok(Ok(Some(fault))) => target.at_proxy(fault),
            Ok(Ok(None)) => target.not_connected(NoConnection::Failed),
            Ok(Err(_)) | Err(_) => http_error(error, target),
        }
    }

    /// Why the proxy that leads to an address opens no tunnel.
    async fn refusal(&self, url: &Url) -> Result<Option<ProxyFault>, HttpError> {
        let Ok(destination) = url.origin().ascii_serialization().parse::<Uri>() else {
            return Ok(None);
        };
        let Some(proxy) = self.proxies()?.leading_to(&destination) else { return Ok(None) };
        let tls = certificates::of_the_system(&self.settings.extra_roots_pem)?;
        Ok(tunnel::refusal(&proxy, &destination, tls).await)
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
            "http" => certificates::trusting_no_certificate()?,
            _ => certificates::of_the_system(&self.settings.extra_roots_pem)?,
        };
        let proxies = if is_loopback(url) { None } else { Some(self.proxies()?) };
        let client = self.client(tls, proxies)?;
        Ok(cell.get_or_init(|| client))
    }

    fn client(
        &self,
        tls: ClientConfig,
        proxies: Option<&Arc<Proxies>>,
    ) -> Result<Client, HttpError> {
        let builder = Client::builder()
            .redirect(Policy::none())
            .referer(false)
            .user_agent(USER_AGENT)
            .dns_resolver(Arc::new(SystemResolver))
            .connector_layer(ConnectLimit::new(Arc::clone(&self.clock)))
            .tls_backend_preconfigured(tls)
            .no_proxy();
        let builder = match proxies.map(Arc::clone) {
            Some(proxies) => builder.proxy(Proxy::custom(move |url| proxies.address_for(url))),
            None => builder,
        };
        // What can fail here is the TLS set-up, which was made before.
        builder.build().map_err(|_| HttpError::NoCertificates { fault: None })
    }

    /// The proxies to everything but loopback.
    pub(super) fn proxies(&self) -> Result<&Arc<Proxies>, HttpError> {
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
        let unusable = proxies.unusable_for(&uri).filter(|_| proxy.is_none()).map(Box::new);
        Ok(Target { host, proxy, unusable })
    }
}

impl Http for ReqwestHttp {
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

fn outgoing(client: &Client, request: &Request) -> RequestBuilder {
    let outgoing = match &request.method {
        Method::Get => client.get(request.url.clone()),
        Method::PostForm(form) => client
            .post(request.url.clone())
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(zeroized_later(form)),
    };
    let outgoing = outgoing.header(header::ACCEPT, "application/json");
    match &request.authorization {
        Some(authorization) => outgoing.header(header::AUTHORIZATION, sensitive(authorization)),
        None => outgoing,
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

async fn read(mut response: Response, target: &Target, now_ms: i64) -> Result<Answer, HttpError> {
    let status = response.status().as_u16();
    let headers = response.headers().clone();
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let mut body = Zeroizing::new(Vec::new());
    while let Some(chunk) = response.chunk().await.map_err(|_| target.broke_off())? {
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

/// Takes out of a refusal what was sent in secret, should the server repeat it: words of a refusal are
/// shown and logged.
fn without_echoes(answer: Answer, request: &Request) -> Answer {
    if answer.status < 400 {
        return answer;
    }
    let mut body = Zeroizing::new(answer.body.expose().to_owned());
    for secret in secrets_of(request) {
        if secret.len() >= SHORTEST_ECHO && body.contains(secret.as_str()) {
            body = Zeroizing::new(body.replace(secret.as_str(), "[redacted]"));
        }
    }
    Answer { body: Secret::new(std::mem::take(&mut *body)), ..answer }
}

fn secrets_of(request: &Request) -> Vec<Zeroizing<String>> {
    let mut secrets = Vec::new();
    if let Some(authorization) = &request.authorization {
        let value = authorization.expose().split(' ').next_back().unwrap_or_default();
        secrets.push(Zeroizing::new(value.to_owned()));
    }
    if let Method::PostForm(form) = &request.method {
        let fields = form_urlencoded::parse(form.expose().as_bytes());
        let secret = fields.filter(|(name, _)| SECRET_FIELDS.contains(&&**name));
        secrets.extend(secret.map(|(_, value)| Zeroizing::new(value.into_owned())));
    }
    secrets
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
