//! Text that others wrote, and how it is shown.
//!
//! What a server, a certificate, another program or a user of the provider wrote could move the
//! cursor of a terminal, turn a line around or put a link into a notification. It travels as
//! [`Foreign`], which has no `Display`; each place that shows it has a function of its own:
//!
//! | where | how |
//! |---|---|
//! | terminal, one line | [`Foreign::terminal`] |
//! | label of a keychain item | [`Foreign::label`] |
//! | window and terminal, the body of an answer | [`json::shown`], [`lines::Lines`], [`sink::TerminalText`] |
//! | browser page | [`sink::html`] |
//! | notification | [`sink::markup`] |
//! | menu | [`sink::menu`] |
//! | JSON and our own files | `Serialize` |
//! | log | `Debug` |
//!
//! Inside a sentence it is put in by `birdkey_messages::Words`, whose text each of these takes too.

mod characters;
mod foreign;
pub mod json;
pub mod lines;
pub mod sink;

pub use foreign::{Foreign, Part};
