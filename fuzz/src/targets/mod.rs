//! The readers of foreign text.

pub(crate) mod callback;
pub(crate) mod paste;

pub(crate) mod deep_link;

pub(crate) mod token;
pub(crate) mod xurl;

pub(crate) mod browser;
pub(crate) mod dates;

pub(crate) mod config;
