//! The desktop shell of Birdkey: a window over the engine, too thin to hide logic.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod clipboard;
mod commands;
mod embedded_sandbox;
mod links;
mod log;
mod notices;
mod quit;
mod settings;
mod shell;
mod start;
mod tray;
mod upgrade;
mod watch;
mod window;

use std::process::ExitCode;

fn main() -> ExitCode {
    upgrade::remember();
    match start::checks() {
        Ok(()) => shell::run(start::Arguments::read(arguments())),
        Err(stop) => stop,
    }
}

/// Without the program's name; what is no text means nothing here.
fn arguments() -> impl Iterator<Item = String> {
    std::env::args_os().skip(1).filter_map(|argument| argument.into_string().ok())
}
