//! One login against the sandbox on a private desktop: what `cargo xtask run` shows without a display.
#[cfg(unix)]
#[path = "../linux/desktop-demo.rs"]
mod program;

#[cfg(unix)]
fn main() {
    program::main();
}

/// The private desktop needs Linux.
#[cfg(not(unix))]
fn main() {}
