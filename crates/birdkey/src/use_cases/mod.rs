//! What a user asks for, each in a module of its own.
//!
//! They stand in this order, and one may use only those above it; a tidy test holds them to it. So a
//! login, a refresh and a logout know nothing of each other: what they share lies above them.

pub(crate) mod choose;
pub mod context;
pub(crate) mod elsewhere;
pub(crate) mod grants;
pub(crate) mod identity;
pub(crate) mod import;
pub(crate) mod locks;
pub mod login;
pub(crate) mod logout;
pub(crate) mod move_vault;
pub mod record;
pub(crate) mod refresh;
pub(crate) mod revocation;
pub mod token;
pub(crate) mod unfinished;
