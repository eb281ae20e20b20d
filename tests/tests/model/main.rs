//! The model test: random sequences of steps by two processes and a second machine, against two
//! servers, checked against what has to hold whatever happens.
//!
//! `BIRDKEY_MODEL_SECONDS` lengthens it, `BIRDKEY_MODEL_SEED` repeats a run, `BIRDKEY_MODEL_IGNORE`
//! names rules to leave out, `BIRDKEY_MODEL_SURVEY` goes on after failures and lists them all.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::explicit_write,
    clippy::wildcard_enum_match_arm,
    unreachable_pub,
    reason = "tests and their harness fail by panicking; modules of one binary"
)]

mod clock;
mod dice;
mod fuse;
mod pump;

mod book;
mod desk;
mod faults;
mod keychain;
mod plain_server;
mod server;
mod setting;
mod wire;

mod config_file;
mod machine;
mod process;

mod invariants;
mod steps;
mod told;
mod world;

mod drive;
mod known;
mod scripted;
