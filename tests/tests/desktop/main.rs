//! The desktop ring: the real window, the real browser, the real keychain.

mod attack;
mod command;
mod login;
mod screens;
