//! What the tests share: a private desktop with real window, real browser and real keychain.
#![cfg_attr(
    unix,
    expect(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::missing_panics_doc,
        reason = "a test harness fails by panicking, with the reason"
    )
)]

pub mod scan;

#[cfg(unix)]
pub mod desktop;
#[cfg(unix)]
pub mod peers;
#[cfg(unix)]
pub mod resident;
#[cfg(unix)]
pub mod soak;
