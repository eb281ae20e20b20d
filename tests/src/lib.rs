//! What the tests share: a private desktop with real window, real browser and real keychain.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::missing_panics_doc,
    reason = "a test harness fails by panicking, with the reason"
)]

pub mod desktop;
pub mod peers;
pub mod resident;
pub mod soak;
