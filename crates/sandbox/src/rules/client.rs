//! Who sends a token or revoke request.

use super::World;
use super::refusal::Refusal;
use crate::registration::{App, ClientType};

/// A client id and secret from HTTP Basic (RFC 6749 §2.3.1), already decoded.
pub(crate) struct Credentials {
    pub(crate) client_id: String,
    pub(crate) secret: String,
}

/// What a request says about its sender.
#[derive(Default)]
pub(crate) struct Client {
    /// `client_id` of the body.
    pub(crate) client_id: Option<String>,
    pub(crate) basic: Option<Credentials>,
}

impl World {
    /// The app that sent the request: first the client id is checked, then the secret.
    pub(super) fn authenticated(&self, client: &Client) -> Result<&App, Refusal> {
        let from_basic = client.basic.as_ref().map(|basic| basic.client_id.as_str());
        let missing = Refusal::Missing("client_id");
        let client_id = client.client_id.as_deref().or(from_basic).ok_or(missing)?;
        let app = self.app(client_id).ok_or(Refusal::ClientId)?;
        match app.client_type {
            // X wants a public app's id in the body and ignores a stray header.
            ClientType::Public if client.client_id.is_none() => Err(missing),
            ClientType::Public => Ok(app),
            ClientType::Confidential if proves_itself(app, client) => Ok(app),
            ClientType::Confidential => Err(Refusal::ClientSecret),
        }
    }
}

fn proves_itself(app: &App, client: &Client) -> bool {
    let (Some(basic), Some(secret)) = (&client.basic, app.client_secret_sha256) else {
        return false;
    };
    basic.client_id == app.client_id && secret.is_of(&basic.secret)
}
