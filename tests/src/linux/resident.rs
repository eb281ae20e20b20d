//! What the app costs while it waits, printed beside a bare Tauri app; with `start`, its start alone.
#![expect(clippy::print_stdout, reason = "a program for a terminal")]

use std::process::ExitCode;

use birdkey_tests::resident;

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
pub(super) async fn main() -> ExitCode {
    if !resident::is_built() {
        println!("error: the programs are not built; run: cargo xtask bench");
        return ExitCode::FAILURE;
    }
    let start_alone = std::env::args().nth(1).is_some_and(|part| part == "start");
    let lines = if start_alone { resident::start().await } else { resident::run().await };
    for line in lines {
        println!("{line}");
    }
    ExitCode::SUCCESS
}
