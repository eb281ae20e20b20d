//! The apps that the sandbox knows.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::hash::Hashed;

/// The client id of the app for trying the sandbox out: it has X's shape, and
/// is base64url of `birdkey-sandbox-demo:1:na`.
pub const DEMO_CLIENT_ID: &str = "YmlyZGtleS1zYW5kYm94LWRlbW86MTpuYQ";

/// How many redirect URIs X lets an app register.
const MAX_REDIRECT_URIS: usize = 10;

/// Whether an app can keep a secret (RFC 6749 §2.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ClientType {
    /// X's "Native App" and "Single page App": sends its client id in the body.
    Public,
    /// X's "Web App" and "Automated App": logs in with HTTP Basic.
    Confidential,
}

/// An app as its developer registers it.
#[derive(Clone, PartialEq, Eq)]
pub struct Registration {
    /// The name that the consent page shows.
    pub name: String,
    /// The `OAuth` 2.0 client id.
    pub client_id: String,
    /// Whether the app has a secret.
    pub client_type: ClientType,
    /// The secret of a confidential app; the sandbox keeps its SHA-256 hash only.
    pub client_secret: Option<String>,
    /// Where redirects may go, compared byte by byte.
    pub redirect_uris: Vec<String>,
}

/// The public app for trying the sandbox out.
pub fn demo_registration(redirect_uris: Vec<String>) -> Registration {
    Registration {
        name: "Birdkey demo".to_owned(),
        client_id: DEMO_CLIENT_ID.to_owned(),
        client_type: ClientType::Public,
        client_secret: None,
        redirect_uris,
    }
}

impl fmt::Debug for Registration {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Registration")
            .field("name", &self.name)
            .field("client_id", &self.client_id)
            .field("client_type", &self.client_type)
            .field("redirect_uris", &self.redirect_uris)
            .finish_non_exhaustive()
    }
}

/// An app as the sandbox keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct App {
    pub(crate) name: String,
    pub(crate) client_id: String,
    pub(crate) client_type: ClientType,
    pub(crate) client_secret_sha256: Option<Hashed>,
    pub(crate) redirect_uris: Vec<String>,
}

impl App {
    pub(crate) fn new(registration: Registration) -> Self {
        Self {
            name: registration.name,
            client_id: registration.client_id,
            client_type: registration.client_type,
            client_secret_sha256: registration.client_secret.as_deref().map(Hashed::of),
            redirect_uris: registration.redirect_uris,
        }
    }

    /// Takes over `earlier`'s redirect URIs that this one lacks, up to X's limit.
    pub(crate) fn merge_redirect_uris(&mut self, earlier: Self) {
        for uri in earlier.redirect_uris {
            if !self.redirect_uris.contains(&uri) {
                self.redirect_uris.push(uri);
            }
        }
        self.redirect_uris.truncate(MAX_REDIRECT_URIS);
    }

    /// The registration without its secret, which nobody knows any more.
    pub(crate) fn registration(&self) -> Registration {
        Registration {
            name: self.name.clone(),
            client_id: self.client_id.clone(),
            client_type: self.client_type,
            client_secret: None,
            redirect_uris: self.redirect_uris.clone(),
        }
    }
}
