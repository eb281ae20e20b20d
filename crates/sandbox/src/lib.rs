//! A pretend X: an authorization server for trying out logins on this machine.
//!
//! It has X's paths, error bodies, token shapes and quirks, two demo users and a consent
//! page, and listens wherever [`serve`] is given a listener.

mod clock;
mod faults;
mod hash;
mod http;
mod journal;
mod knobs;
mod ledger;
mod registration;
mod route;
mod rules;
mod sandbox;
mod settings;
mod store;
mod whole_file;

pub use clock::{Clock, OsRandom, Random, SystemClock};
pub use faults::{Fault, KnobPlan, NoPlan, Plan};
pub use http::{InProcess, serve};
pub use knobs::Knobs;
pub use ledger::{Ledger, Logged, Received};
pub use registration::{ClientType, DEMO_CLIENT_ID, Registration, demo_registration};
pub use route::Route;
pub use sandbox::{Canned, Sandbox};
pub use settings::{Approve, Settings};
pub use store::{Store, StoreError};

/// The port that the sandbox prefers.
pub const DEFAULT_PORT: u16 = 8730;
