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

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Setting {
    pub kind: Kind,
    pub offered: Offered,
    pub knobs: Knobs,
}
