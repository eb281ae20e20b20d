//! Writes the manual pages of the command `birdkey` into a folder; for packages.
#![expect(clippy::print_stderr, reason = "a program for a terminal")]

use std::path::PathBuf;
use std::process::ExitCode;

fn main() -> ExitCode {
    let Some(folder) = std::env::args_os().nth(1).map(PathBuf::from) else {
        eprintln!("error: no folder was named\n\nhint: manual FOLDER");
        return ExitCode::from(2);
    };
    let command = birdkey_cli::command();
    let written =
        std::fs::create_dir_all(&folder).and_then(|()| clap_mangen::generate_to(command, &folder));
    match written {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}\n\nhint: name a folder that can be written");
            ExitCode::FAILURE
        }
    }
}
