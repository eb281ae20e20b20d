//! The figures of the documents, each beside something known, in one run.
#[cfg(unix)]
#[path = "../linux/bench.rs"]
mod program;

#[cfg(unix)]
fn main() {
    program::main();
}

/// The private desktop needs Linux.
#[cfg(not(unix))]
fn main() {}
