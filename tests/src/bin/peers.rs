//! What a token costs, printed beside other ways to one; fails when a promise does not hold.
#[cfg(unix)]
#[path = "../linux/peers.rs"]
mod program;

#[cfg(unix)]
fn main() -> std::process::ExitCode {
    program::main()
}

/// The private desktop needs Linux.
#[cfg(not(unix))]
fn main() {}
