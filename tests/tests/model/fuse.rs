//! The kill: every effect of a command, and every change of a file, is a point at which its process
//! may die.

use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};

use crate::dice::Dice;

/// Burns a little at each effect; burnt out, nothing of its command ever goes on.
pub struct Fuse {
    left: Option<AtomicUsize>,
    burnt: AtomicBool,
    /// Points reached, and pauses made there: while this rises, the command is not waiting.
    activity: AtomicU64,
    /// How long the command pauses at each point, so that two of them interleave.
    pauses: Option<Dice>,
}

impl Fuse {
    /// `points` effects come through, the next one is the death of the process.
    pub fn new(points: Option<usize>, pauses: Option<u64>) -> Self {
        Self {
            left: points.map(AtomicUsize::new),
            burnt: AtomicBool::new(false),
            activity: AtomicU64::new(0),
            pauses: pauses.map(Dice::new),
        }
    }

    /// One effect, or one side of it.
    pub async fn point(&self) {
        let pauses = self.pauses.as_ref().map_or(0, |dice| dice.roll() % 4);
        for _ in 0..pauses {
            self.activity.fetch_add(1, Ordering::SeqCst);
            tokio::task::yield_now().await;
        }
        if !self.goes_on() {
            std::future::pending::<()>().await;
        }
    }

    /// One effect without a wait: whether the process lives to see it.
    pub fn goes_on(&self) -> bool {
        self.activity.fetch_add(1, Ordering::SeqCst);
        let burn = |left: usize| left.checked_sub(1);
        if let Some(left) = &self.left
            && left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, burn).is_err()
        {
            self.burnt.store(true, Ordering::SeqCst);
        }
        !self.is_burnt()
    }

    pub fn is_burnt(&self) -> bool {
        self.burnt.load(Ordering::SeqCst)
    }

    pub fn activity(&self) -> u64 {
        self.activity.load(Ordering::SeqCst)
    }
}
