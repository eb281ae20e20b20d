//! The world a sequence begins in.

use crate::server::Knobs;

/// Which server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Sandbox,
    Plain,
}

/// What the plain server offers besides tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Offered {
    All,
    NoProfile,
    NoRevocation,
}

/// Whether the app has a secret that it shows with every request of its own (RFC 6749 §2.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Client {
    Public,
    Confidential,
}

/// The secret of a confidential app, at either server.
pub const SECRET: &str = "kept-in-the-keychain";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Setting {
    pub kind: Kind,
    pub offered: Offered,
    pub client: Client,
    pub knobs: Knobs,
}
