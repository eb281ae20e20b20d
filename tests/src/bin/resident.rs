//! What the app costs while it waits, printed beside a bare Tauri app.
#![expect(clippy::print_stdout, reason = "a program for a terminal")]

use std::process::ExitCode;

use birdkey_tests::resident;

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> ExitCode {
    if !resident::is_built() {
        println!("error: the programs are not built; run: cargo xtask bench");
        return ExitCode::FAILURE;
    }
    for line in resident::run().await {
        println!("{line}");
    }
    ExitCode::SUCCESS
}
