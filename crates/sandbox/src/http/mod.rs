//! The pretend X over HTTP/1.1.

mod answer;
mod api;
mod browser;
mod control;
mod form;
mod host;
mod in_process;
mod log;
mod misbehave;
mod page;
mod serve;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware;
use axum::routing::{get, post};

use crate::sandbox::Sandbox;

pub use in_process::InProcess;
pub use serve::serve;

/// No request of an app or a browser comes near this.
const MAX_BODY_BYTES: usize = 64 * 1024;

fn routes(sandbox: Arc<Sandbox>) -> Router {
    Router::new()
        .route("/", get(browser::start))
        .route("/i/oauth2/authorize", get(browser::authorize))
        .route("/i/oauth2/authorize/decision", post(browser::decide))
        .route("/2/oauth2/token", post(api::token))
        .route("/2/oauth2/revoke", post(api::revoke))
        .route("/2/users/me", get(api::users_me))
        .route("/sandbox/log", get(browser::log))
        .route("/sandbox/faults", post(control::plan).delete(control::call_off))
        .fallback(browser::not_found)
        .layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
        .layer(middleware::from_fn_with_state(Arc::clone(&sandbox), misbehave::misbehave))
        .layer(middleware::from_fn(host::check))
        .layer(middleware::from_fn_with_state(Arc::clone(&sandbox), log::log))
        .with_state(sandbox)
}
