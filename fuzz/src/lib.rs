//! What must hold of text that others wrote, whatever it is.
//!
//! Each target takes bytes and panics when something does not hold. They run in three ways:
//!
//! - the corpus (`fuzz/corpus/`) as plain tests, with every `cargo test`;
//! - a search without knowledge of the code: `cargo xtask soak fuzz`, 20 seconds for each target, or
//!   `cargo run --release -p birdkey-fuzz -- TARGET SECONDS`;
//! - by libFuzzer, which follows the code: `cargo fuzz run --fuzz-dir fuzz/libfuzzer TARGET
//!   fuzz/corpus/TARGET`, with `--sanitizer none` where there is no nightly.
//!
//! What a search finds is printed with the line that runs it again; it belongs into the corpus.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::missing_panics_doc,
    reason = "a target fails by panicking, with the reason"
)]

pub mod corpus;
pub mod dice;
mod expect;
mod mutation;
pub mod search;
mod targets;

/// One reader of foreign text, and what must hold of it.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// Also the name of its folder in the corpus.
    pub name: &'static str,
    /// Words that an input is made of.
    pub words: &'static [&'static str],
    /// Panics when something does not hold; returns how the input was read, in a few words, so that a
    /// search can tell inputs apart.
    pub run: fn(&str) -> String,
}

/// All of them.
pub const TARGETS: [Target; 8] = [
    targets::callback::TARGET,
    targets::paste::TARGET,
    targets::deep_link::TARGET,
    targets::token::TARGET,
    targets::xurl::TARGET,
    targets::browser::TARGET,
    targets::dates::TARGET,
    targets::config::TARGET,
];

/// The target of a name.
pub fn target(name: &str) -> Target {
    let found = TARGETS.into_iter().find(|target| target.name == name);
    found.unwrap_or_else(|| panic!("there is no target called {name}"))
}
