//! The sandbox as an app and a browser see it, over 127.0.0.1.

mod consent;
mod login;
mod refresh;
mod refusals;
mod serving;
mod store;
mod support;
mod users_me;
