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
mod ahead;
mod attacks;
mod begun;
mod causes;
mod custom;
mod deep_link;
mod doctor;
mod doubtful;
mod fresh;
mod hanging;
mod leaving;
mod login;
mod logout;
mod order;
mod other_machine;
mod record;
mod refresh;
mod refresh_faults;
mod refusals;
#[cfg(unix)]
mod root;
mod sealed;
mod secrets;
mod settling;
mod several;
mod unauthorized;
mod unnamed;
mod vault;
mod waiting;
mod window;
mod xurl;
