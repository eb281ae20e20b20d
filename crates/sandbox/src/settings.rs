//! How a sandbox starts.

use std::sync::Arc;

use crate::clock::{Clock, OsRandom, Random, SystemClock};
use crate::knobs::Knobs;
use crate::ledger::Ledger;
use crate::store::Store;

/// Who answers the consent page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Approve {
    /// A person at the browser.
    Ask,
    /// The sandbox at once, for the user of [`Sandbox::set_auto_user`](crate::Sandbox::set_auto_user).
    Auto,
}

/// What a sandbox starts with; the default asks, keeps nothing on disk and behaves like X.
pub struct Settings {
    /// Who answers the consent page.
    pub approve: Approve,
    /// Where the time comes from.
    pub clock: Arc<dyn Clock>,
    /// Where the bytes of codes and tokens come from.
    pub random: Arc<dyn Random>,
    /// How the sandbox behaves where X is unclear.
    pub knobs: Knobs,
    /// Keeps every secret in plain; for tests only.
    pub ledger: Option<Arc<Ledger>>,
    /// Where apps and grants outlive the sandbox.
    pub store: Option<Store>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            approve: Approve::Ask,
            clock: Arc::new(SystemClock),
            random: Arc::new(OsRandom),
            knobs: Knobs::default(),
            ledger: None,
            store: None,
        }
    }
}
