//! The command `birdkey`; all of it is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    birdkey_cli::run(std::env::args_os())
}
