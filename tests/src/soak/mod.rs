//! Long runs of what must never be lost: the real command, keychain and files, many times.
//!
//! `cargo xtask soak` runs all of it, `cargo xtask test` a short version of each.

mod books;
mod crash;
mod disk;
mod faults;
mod fuzz;
mod ground;
mod idle;
mod keychain;
mod kills;
mod promises;
mod race;
mod scale;
mod sequences;

pub use idle::be_idle;

use birdkey::effects::vault::VaultKind;

use ground::Ground;

/// How long each run is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// Minutes in all.
    Full,
    /// Seconds in all.
    Short,
}

impl Size {
    fn pick<T>(self, full: T, short: T) -> T {
        match self {
            Self::Full => full,
            Self::Short => short,
        }
    }
}

/// The runs by name, in their order; each prints what it found and fails by panicking.
///
/// `promises` is the row of issue 17: an answer that is slow after a failure, and commands killed at any
/// instant; no dead token is handed out and no living pair forgotten. `sequences` are random ones of
/// commands, faults and kills, with the same two promises. `fuzz` gives each reader of foreign text
/// what none of them has seen yet.
pub const RUNS: [&str; 9] =
    ["race", "crash", "promises", "sequences", "faults", "keychain", "disk", "scale", "fuzz"];

/// How many random sequences of real commands a full run takes.
const SEQUENCES: usize = 300;

/// The run that only sleeps.
pub const IDLE: &str = "idle";

/// Runs one of [`RUNS`], or [`IDLE`]; the lines to print.
pub async fn run(name: &str, size: Size) -> Vec<String> {
    match name {
        "race" => {
            let mut lines = Vec::new();
            for kind in [VaultKind::Keychain, VaultKind::File] {
                lines.push(race::run(Ground::new(kind).await, size.pick(20, 3)).await);
            }
            lines
        }
        "crash" => {
            let mut lines = Vec::new();
            for (kind, grace) in [
                (VaultKind::Keychain, false),
                (VaultKind::Keychain, true),
                (VaultKind::File, false),
            ] {
                lines.extend(crash::run(Ground::new(kind).await, size.pick(500, 40), grace).await);
            }
            lines
        }
        // Its kills fall at random instants, so a short run proves little and repeats nothing.
        "sequences" if size == Size::Short => {
            vec!["sequences: skipped, in the full run only (cargo xtask soak sequences)".to_owned()]
        }
        "sequences" => vec![sequences::run(SEQUENCES).await],
        "promises" => promises::run(size).await,
        "faults" => {
            let mut lines = Vec::new();
            for kind in [VaultKind::Keychain, VaultKind::File] {
                lines.push(faults::of_the_server(Ground::new(kind).await, size).await);
            }
            lines.push(faults::of_the_network().await);
            lines
        }
        "keychain" => keychain::run(Ground::new(VaultKind::Keychain).await).await,
        "disk" => {
            let mut lines = Vec::new();
            for kind in [VaultKind::Keychain, VaultKind::File] {
                lines.push(disk::run(&Ground::new(kind).await).await);
            }
            lines
        }
        "scale" => vec![scale::run(size.pick(60, 15)).await],
        "fuzz" => fuzz::run(size),
        IDLE => vec![idle::watched(size).await],
        other => panic!("there is no run called {other}"),
    }
}
