//! The desktop shell of Birdkey: a window over the engine, too thin to hide logic.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod clipboard;
mod commands;
mod embedded_sandbox;
mod log;
mod notices;
mod quit;
mod shell;
mod start;
mod tray;
mod watch;
mod window;

use std::process::ExitCode;

fn main() -> ExitCode {
    match start::checks() {
        Ok(()) => shell::run(start::Arguments::read(std::env::args_os().skip(1))),
        Err(stop) => stop,
    }
}
