//! What a token costs, printed beside other ways to one; fails when a promise does not hold.
#![expect(clippy::print_stdout, reason = "a program for a terminal")]

use std::process::ExitCode;

use birdkey_tests::peers;

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
pub(super) async fn main() -> ExitCode {
    if !peers::is_built() {
        println!("error: the command is not built; run: cargo xtask bench");
        return ExitCode::FAILURE;
    }
    let (lines, broken) = peers::run().await;
    for line in &lines {
        println!("{line}");
    }
    for promise in &broken {
        println!("error: {promise}");
    }
    if broken.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
