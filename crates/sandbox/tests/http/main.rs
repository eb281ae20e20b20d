//! The sandbox as an app and a browser see it, over 127.0.0.1.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "the lints leave tests alone, but not what several tests share"
)]

mod consent;
mod faults;
mod log;
mod login;
mod refresh;
mod refusals;
mod serving;
mod store;
mod support;
mod users_me;
