//! Each way a request can go, against real listeners on loopback.
#![allow(
    clippy::wildcard_enum_match_arm,
    reason = "a test expects one variant; every other one fails it"
)]

mod authority;
mod proxy;
mod server;

mod environment;
mod exchange;
mod limits;
mod proxied;
mod trust;

use std::sync::Arc;

use super::{Http as _, HttpError, ProxySource, ReqwestHttp, Settings};
use crate::effects::manual_clock::ManualClock;
use crate::protocol::message::{Answer, Method, Request};
use crate::protocol::secret::Secret;
use authority::Authority;

/// A host that exists behind the proxies of these tests only.
const FAR_HOST: &str = "auth.example.test";

/// A client without a proxy, on a clock that stands still.
fn direct() -> ReqwestHttp {
    client(ProxySource::None, None)
}

/// A client that sends everything through `proxy` and trusts `authority`.
fn client(proxy: ProxySource, authority: Option<&Authority>) -> ReqwestHttp {
    let extra_roots_pem = authority.map(|each| each.pem().into_bytes()).unwrap_or_default();
    ReqwestHttp::with(Arc::new(ManualClock::at(0)), Settings { proxy, extra_roots_pem })
}

fn get(url: &str) -> Request {
    Request { url: url.parse().unwrap(), method: Method::Get, authorization: None }
}

fn post(url: &str, form: &str) -> Request {
    Request { method: Method::PostForm(Secret::new(form.into())), ..get(url) }
}

async fn ask(client: &ReqwestHttp, url: &str) -> Result<Answer, HttpError> {
    client.send(get(url)).await
}
