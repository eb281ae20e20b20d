//! The secret of a confidential app, as it lies in the vault.

use serde::{Deserialize, Serialize};

use crate::model::app::Binding;
use crate::protocol::secret::Secret;

/// A client secret and where it may be sent.
#[derive(Debug, Clone)]
pub(crate) struct ClientSecret {
    /// Where it may be sent.
    pub(crate) binding: Binding,
    /// The secret.
    pub(crate) secret: Secret,
}

#[derive(Serialize)]
struct Record<'a> {
    format: u32,
    binding: &'a Binding,
    client_secret: &'a str,
}

#[derive(Deserialize)]
struct Stored {
    binding: Binding,
    client_secret: Secret,
}

impl ClientSecret {
    /// The text of the vault item.
    pub(crate) fn to_item(&self) -> Secret {
        let record =
            Record { format: 1, binding: &self.binding, client_secret: self.secret.expose() };
        // A record of texts and numbers always serializes.
        Secret::new(serde_json::to_string(&record).unwrap_or_default())
    }

    /// Reads the text of a vault item; `None` when it is something else.
    pub(crate) fn from_item(item: &Secret) -> Option<Self> {
        let stored: Stored = serde_json::from_str(item.expose()).ok()?;
        Some(Self { binding: stored.binding, secret: stored.client_secret })
    }
}
