//! The world outside: each effect is a small trait with its real implementation beside it.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "the effects are where the engine touches clock, files, processes, sockets and keychain"
)]

pub mod browser;
pub mod clock;
pub mod deep_link;
pub mod files;
pub mod folders;
pub mod host;
pub mod http;
pub mod link_handler;
pub(crate) mod local_locks;
pub mod lock;
pub mod loopback;
pub mod manual_clock;
pub mod paste;
pub mod ports;
pub mod process;
pub mod random;
pub mod resume;
pub mod seal;
pub mod underway;
pub mod vault;

use std::future::Future;
use std::pin::Pin;

/// A future behind a pointer, so that effect traits can be used as `dyn`.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;
