//! Looking for an input that a target does not hold for.

use std::collections::BTreeSet;
use std::panic;
use std::time::{Duration, Instant};

use crate::dice::Dice;
use crate::{Target, corpus, mutation};

/// How many inputs are changed further at most, and of what length, so that the search stays quick.
const POOL: usize = 2_000;
const MAX_KEPT_BYTES: usize = 4 * 1024;

/// Searches for so long and says how far it came; `Err` is the input that was found, as its literal.
///
/// # Errors
///
/// The first input that the target panicked at.
pub fn run(target: Target, time: Duration, seed: u64) -> Result<String, String> {
    let mut dice = Dice::new(seed);
    let mut pool: Vec<String> = corpus::of(target.name).into_iter().map(|(_, text)| text).collect();
    let mut readings = BTreeSet::new();
    let began = Instant::now();
    let mut tried = 0_u64;
    while began.elapsed() < time {
        let text = mutation::of(&mut dice, &pool, target.words);
        let reading = panic::catch_unwind(|| (target.run)(&text))
            .map_err(|_| format!("fuzz {}, seed {seed}: {text:?}", target.name))?;
        // What was read in a new way is changed further.
        let is_new = readings.insert(reading);
        if is_new && pool.len() < POOL && text.len() <= MAX_KEPT_BYTES {
            pool.push(text);
        }
        tried += 1;
    }
    let seconds = began.elapsed().as_secs();
    let (name, kinds) = (target.name, readings.len());
    Ok(format!("fuzz {name}, seed {seed}: {tried} inputs, {kinds} readings in {seconds} s"))
}
