//! What everything is about, as values: nothing here reads, writes, waits or asks for the time.

pub mod app;
pub(crate) mod client_secret;
pub mod elsewhere;
pub mod grant;
pub mod language;
