//! In-process end-to-end: the engine with a real listener and a real sandbox over loopback, a
//! browser that follows redirects, a manual clock and a vault in memory.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::similar_names,
    unreachable_pub,
    reason = "tests and their harness fail by panicking; modules of one binary"
)]

mod browser;
mod stage;

mod authority;
mod moving;
mod pasting;
mod proxy;

mod activity;
mod attacks;
mod custom;
mod deep_link;
mod doctor;
mod fresh;
mod login;
mod logout;
mod record;
mod refresh;
mod refresh_faults;
mod refusals;
mod sealed;
mod secrets;
mod settling;
mod several;
mod vault;
mod waiting;
mod window;
mod xurl;
