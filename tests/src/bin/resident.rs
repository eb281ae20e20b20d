//! What the app costs while it waits, printed beside a bare Tauri app; with `start`, its start alone.
#[cfg(unix)]
#[path = "../linux/resident.rs"]
mod program;

#[cfg(unix)]
fn main() -> std::process::ExitCode {
    program::main()
}

/// The private desktop needs Linux.
#[cfg(not(unix))]
fn main() {}
