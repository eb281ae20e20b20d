//! The rules of OAuth 2.0 as X and its relatives speak it: values in, values out.
//!
//! Nothing here waits, reads the clock, draws randomness or does I/O.

pub mod secret;

pub mod message;
