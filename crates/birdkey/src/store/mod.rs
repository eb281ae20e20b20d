//! The two files of ours: `config.toml`, made to be edited by hand, and `accounts.json`, an index.

pub mod accounts;
pub mod config;
mod config_app;
