//! The desktop shell of Birdkey: a window over the engine, too thin to hide logic.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod autostart;
mod clipboard;
mod commands;
mod doctor;
mod embedded_sandbox;
#[cfg(target_os = "linux")]
mod entry;
mod language;
mod links;
mod log;
mod logins;
mod notices;
mod quit;
mod request;
mod run;
#[cfg(target_os = "linux")]
mod second_start;
mod settings;
mod shell;
mod start;
mod tray;
mod upgrade;
mod watch;
mod window;

use std::process::ExitCode;

fn main() -> ExitCode {
    #[cfg(target_os = "macos")]
    if is_command(&std::env::args_os().collect::<Vec<_>>()) {
        return birdkey_cli::run(std::env::args_os());
    }
    #[cfg(target_os = "linux")]
    window::draw_without_gpu();
    upgrade::remember();
    match start::checks() {
        Ok(()) => run::run(start::Arguments::read(arguments())),
        Err(stop) => stop,
    }
}

/// Without the program's name; what is no text means nothing here.
fn arguments() -> impl Iterator<Item = String> {
    std::env::args_os().skip(1).filter_map(|argument| argument.into_string().ok())
}

/// Whether this is the command: the keychain of macOS asks once for each program, so both are one.
/// Untested on macOS.
#[cfg(any(target_os = "macos", test))]
fn is_command(arguments: &[std::ffi::OsString]) -> bool {
    let called = arguments.first().map(std::path::Path::new).and_then(std::path::Path::file_stem);
    let first = arguments.get(1).and_then(|first| first.to_str()).unwrap_or_default();
    let subcommand = first.starts_with(|letter: char| letter.is_ascii_lowercase());
    called == Some("birdkey".as_ref()) || subcommand && !first.contains(':')
}

#[cfg(test)]
mod tests {
    use super::is_command;

    #[test]
    fn one_program_is_app_or_command_by_how_it_is_called() {
        let table: [(&[&str], bool); 8] = [
            (&["/usr/local/bin/birdkey"], true),
            (&["birdkey", "--help"], true),
            (&["/Applications/Birdkey.app/Contents/MacOS/birdkey-desktop"], false),
            (&["birdkey-desktop", "--hidden"], false),
            (&["birdkey-desktop", "-psn_0_12345"], false),
            (&["birdkey-desktop", "token"], true),
            (&["birdkey-desktop", "app.birdkey:/callback?code=a"], false),
            (&[], false),
        ];
        for (arguments, expected) in table {
            let given: Vec<_> = arguments.iter().map(Into::into).collect();
            assert_eq!(is_command(&given), expected, "{arguments:?}");
        }
    }
}
