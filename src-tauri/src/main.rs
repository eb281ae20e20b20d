//! The desktop shell of Birdkey: a window over the engine, too thin to hide logic.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod clipboard;
mod commands;
mod embedded_sandbox;
mod log;
mod shell;
mod start;
mod watch;
mod window;

use std::process::ExitCode;

fn main() -> ExitCode {
    match start::checks() {
        Ok(()) => shell::run(),
        Err(stop) => stop,
    }
}
