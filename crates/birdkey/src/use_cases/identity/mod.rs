//! Whose a grant is: asked of the server, and settled into the account it belongs to.

mod destination;
mod names;
mod overtaken;
mod profile;
mod settle;

pub(crate) use names::update as update_names;
pub(crate) use overtaken::Login;
pub(crate) use profile::profile;
pub(crate) use settle::assign_login;
