//! Each target, by the name of the program that this is built into.
#![no_main]

use std::sync::LazyLock;

use birdkey_fuzz::{Target, target};
use libfuzzer_sys::fuzz_target;

static TARGET: LazyLock<Target> = LazyLock::new(|| target(env!("CARGO_BIN_NAME")));

fuzz_target!(|text: &str| {
    (TARGET.run)(text);
});
