//! Long runs of what must never be lost; prints the figures. `--short` for seconds instead of minutes.
#[cfg(unix)]
#[path = "../linux/soak.rs"]
mod program;

#[cfg(unix)]
fn main() -> std::process::ExitCode {
    program::main()
}

/// The private desktop needs Linux.
#[cfg(not(unix))]
fn main() {}
