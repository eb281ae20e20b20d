//! The desktop ring: the real window, the real browser, the real keychain.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::similar_names,
    clippy::unused_io_amount,
    unreachable_pub,
    reason = "tests and their harness fail by panicking; modules of one binary"
)]

mod attack;
mod command;
mod doctor;
mod doubt;
mod elsewhere;
mod inherited;
mod leaks;
mod links;
mod login;
mod outputs;
mod prompts;
mod requests;
mod root;
mod rough;
mod screens;
mod scripts;
mod second_start;
mod settings;
mod terminal;
mod tray;
mod window;
