//! Numbers that look random and are the same in every run of one case.

use std::sync::Mutex;

use birdkey::effects::random::{NoRandomness, Random};

/// `SplitMix64` by Sebastiano Vigna, public domain.
pub struct Dice(Mutex<u64>);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(Mutex::new(seed))
    }

    pub fn roll(&self) -> u64 {
        let mut state = self.0.lock().unwrap();
        *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = *state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn pour(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            chunk.copy_from_slice(&self.roll().to_le_bytes()[..chunk.len()]);
        }
    }
}

impl Random for Dice {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), NoRandomness> {
        self.pour(bytes);
        Ok(())
    }
}

impl birdkey_sandbox::Random for Dice {
    fn fill(&self, bytes: &mut [u8]) {
        self.pour(bytes);
    }
}
