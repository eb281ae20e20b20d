//! The sandbox, once it listens.

use serde::Serialize;

use super::Revealed;

/// What `birdkey sandbox` prints.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Sandbox<'a> {
    /// Where it listens: scheme, host and port.
    pub(crate) address: &'a str,
    /// The client id of its demo app.
    pub(crate) client_id: &'a str,
    /// The command line that adds this app.
    pub(crate) add: &'a str,
    /// The confidential demo app; null: not asked for.
    pub(crate) confidential: Option<ConfidentialApp<'a>>,
}

/// The demo app that has a secret.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ConfidentialApp<'a> {
    /// Its client id.
    pub(crate) client_id: &'a str,
    /// Its client secret, which the line reads from stdin: a secret.
    pub(crate) client_secret: Revealed<'a>,
    /// The command line that adds this app.
    pub(crate) add: &'a str,
}
