//! What `--json` prints: the contract with scripts, as `docs/json.md` describes it.
//!
//! These types are apart from those that the window and the tray show, so that a new field there is
//! no promise here. Each is made from them by `From`. The tests in `contract/` compare every field,
//! its type and its values with the document.
//!
//! In the documentation of a field, `null` says what `None` means. Numbers that end in `Ms` are
//! milliseconds since 1970-01-01 UTC.

mod account;
mod activity;
mod app;
#[cfg(test)]
mod contract;
mod doctor;
mod logout;
mod problem;
mod revealed;
mod sandbox;
mod status;
mod token;
mod vault;
mod words;

pub(crate) use account::{Imported, LoggedIn, Refreshed, Switched};
pub(crate) use activity::{Activity, Entry};
pub(crate) use app::{AppList, CheckedApp, OneApp, RemovedApp};
pub(crate) use doctor::Report;
pub(crate) use logout::LoggedOut;
pub(crate) use problem::Failure;
pub(crate) use revealed::Revealed;
pub(crate) use sandbox::{ConfidentialApp, Sandbox};
pub(crate) use status::Status;
pub(crate) use token::FreshToken;
pub(crate) use vault::{Identity, Vault, VaultShown, VaultUsed};

use serde::Serialize;

/// The version of all that is printed as JSON: fields may be added without a new one, and neither go
/// away nor change their meaning.
const VERSION: u32 = 2;

/// What may be printed as JSON: the objects of the table below, and nothing else.
pub(crate) trait Object: Serialize {}

/// Says which command prints which object, or what else the document calls it.
macro_rules! objects {
    ($($object:ty: $name:literal;)+) => {
        $(impl Object for $object {})+

        #[cfg(test)]
        const PRINTED: &[&str] = &[$($name),+];
    };
}

objects! {
    FreshToken<'_>: "token";
    Status<'_>: "status";
    LoggedIn<'_>: "login";
    Refreshed<'_>: "refresh";
    LoggedOut<'_>: "logout";
    OneApp<'_>: "app add, app show";
    AppList<'_>: "app list";
    CheckedApp<'_>: "app check";
    RemovedApp<'_>: "app remove";
    Switched<'_>: "switch";
    Imported<'_>: "import xurl";
    Sandbox<'_>: "sandbox";
    VaultShown<'_>: "vault show";
    VaultUsed<'_>: "vault use";
    Identity<'_>: "vault identity";
    Activity<'_>: "activity";
    Entry<'_>: "Entry";
    Report<'_>: "doctor";
    Failure: "Failure";
}

/// What every object is printed in.
#[derive(Serialize)]
struct Envelope<'a, T> {
    version: u32,
    #[serde(flatten)]
    object: &'a T,
}

impl<'a, T: Object> Envelope<'a, T> {
    fn of(object: &'a T) -> Self {
        Self { version: VERSION, object }
    }
}

/// The object in several indented lines.
///
/// # Errors
///
/// None of our types fails; serde has to be asked all the same.
pub(crate) fn indented(object: &impl Object) -> serde_json::Result<String> {
    serde_json::to_string_pretty(&Envelope::of(object))
}

/// The object in one line.
///
/// # Errors
///
/// As [`indented`].
pub(crate) fn line(object: &impl Object) -> serde_json::Result<String> {
    serde_json::to_string(&Envelope::of(object))
}

/// Each of several as JSON.
fn each<'a, V, J: From<&'a V>>(several: &'a [V]) -> Vec<J> {
    several.iter().map(J::from).collect()
}
