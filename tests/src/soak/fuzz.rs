//! Each reader of foreign text, given what a search makes of its corpus.

use std::thread;
use std::time::{Duration, SystemTime};

use birdkey_fuzz::{TARGETS, search};

use super::Size;

/// One line for each target. A short run searches the same each time, so that no change fails by a
/// chance that it has no part in.
pub(super) fn run(size: Size) -> Vec<String> {
    let time = Duration::from_secs(size.pick(20, 1));
    let seed = std::env::var("BIRDKEY_SOAK_SEED").ok().and_then(|seed| seed.parse().ok());
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
    let seed: u64 = seed.unwrap_or(size.pick(since.as_secs(), 1));
    let searched = TARGETS.map(|target| {
        // Apart from the runtime of the soak, as targets wait in one of their own.
        let search = thread::spawn(move || search::run(target, time, seed));
        search.join().unwrap().unwrap_or_else(|found| panic!("{found}"))
    });
    searched.into()
}
