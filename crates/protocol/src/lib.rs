//! The rules of OAuth 2.0 as X and its relatives speak it: values in, values out.
//!
//! Nothing here waits, reads the clock, draws randomness or does I/O, and nothing here imports another
//! part of Birdkey, other than the type of foreign text. Requests are built by functions named for them
//! ([`token::code_request`], [`revoke::revocation_request`]), answers are read by `read_*`.

pub mod secret;

pub mod message;

pub mod endpoint;

pub mod client;

pub mod scope;

pub mod provider;

pub mod pkce;

pub mod api;
pub mod authorize;

pub mod callback;

pub mod token;

pub mod failure;
mod meaning;

pub mod revoke;

pub mod profile;

pub mod experiment;

mod form;
mod object;
