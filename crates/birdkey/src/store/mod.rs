//! The two files of ours: `config.toml`, made to be edited by hand, and `accounts.json`, an index.

#![cfg_attr(
    test,
    expect(
        clippy::disallowed_methods,
        clippy::disallowed_types,
        reason = "tests write files as people and other programs do"
    )
)]

pub mod accounts;
pub mod activity;
pub mod config;
mod config_app;
mod config_comments;
mod config_merge;
mod config_values;
pub mod link_check;
pub mod login_notes;
pub mod settings;
pub(crate) mod vaults;
pub(crate) mod xurl;
