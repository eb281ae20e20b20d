//! One `[apps.<id>]` section of `config.toml`.

use serde::Deserialize;
use toml_edit::{Array, Table, value};

use crate::model::app::{App, Provider, SANDBOX_ADDRESS};
use crate::protocol::client::{AtX, ClientIdError, ClientType, parse_client_id};
use crate::protocol::endpoint::{Endpoint, EndpointError};
use crate::protocol::provider::Endpoints;
use crate::protocol::scope::Scopes;

/// An app as it is written down.
#[derive(Deserialize)]
pub(super) struct AppEntry {
    name: String,
    provider: ProviderName,
    client_id: String,
    client_type: ClientTypeName,
    redirect_uris: Vec<String>,
    #[serde(default)]
    scopes: Vec<String>,
    address: Option<String>,
    authorize_url: Option<String>,
    token_url: Option<String>,
    revoke_url: Option<String>,
    profile_url: Option<String>,
    issuer: Option<String>,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "lowercase")]
enum ProviderName {
    X,
    Sandbox,
    Custom,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "lowercase")]
enum ClientTypeName {
    Public,
    Confidential,
}

/// What is wrong with a section.
#[derive(Debug, thiserror::Error)]
pub(super) enum EntryError {
    /// An address is missing or not allowed.
    #[error(transparent)]
    Endpoint(#[from] EndpointError),
    /// A custom provider lacks an address it can't do without.
    #[error("a custom provider needs {key}")]
    Missing {
        /// The key.
        key: &'static str,
    },
    /// The client id is something else.
    #[error(transparent)]
    ClientId(#[from] ClientIdError),
}

impl AppEntry {
    pub(super) fn into_app(self, id: &str) -> Result<App, EntryError> {
        let provider = self.provider()?;
        let at_x = if matches!(self.provider, ProviderName::X) { AtX::Yes } else { AtX::No };
        Ok(App {
            id: id.to_owned(),
            provider,
            client_id: parse_client_id(&self.client_id, at_x)?,
            client_type: match self.client_type {
                ClientTypeName::Public => ClientType::Public,
                ClientTypeName::Confidential => ClientType::Confidential,
            },
            name: self.name.into(),
            redirect_uris: self.redirect_uris,
            scopes: Scopes::from_names(self.scopes.iter().map(String::as_str)),
        })
    }

    fn provider(&self) -> Result<Provider, EntryError> {
        match self.provider {
            ProviderName::X => Ok(Provider::X),
            ProviderName::Sandbox => {
                let address = self.address.as_deref().unwrap_or(SANDBOX_ADDRESS);
                Ok(Provider::Sandbox(Endpoint::parse(address)?))
            }
            ProviderName::Custom => Ok(Provider::Custom(Box::new(self.custom()?))),
        }
    }

    fn custom(&self) -> Result<Endpoints, EntryError> {
        let needed = |url: &Option<String>, key| {
            let url = url.as_deref().ok_or(EntryError::Missing { key })?;
            Ok::<_, EntryError>(Endpoint::parse(url)?)
        };
        let optional = |url: &Option<String>| url.as_deref().map(Endpoint::parse).transpose();
        Ok(Endpoints {
            authorize: needed(&self.authorize_url, "authorize_url")?,
            token: needed(&self.token_url, "token_url")?,
            revoke: optional(&self.revoke_url)?,
            profile: optional(&self.profile_url)?,
            issuer: self.issuer.clone(),
        })
    }

    /// Writes an app down.
    pub(super) fn table(app: &App) -> Table {
        let mut table = Table::new();
        let mut put = |key: &str, text: &str| table.insert(key, value(text));
        put("name", app.name.raw());
        match &app.provider {
            Provider::X => {
                put("provider", "x");
            }
            Provider::Sandbox(address) => {
                put("provider", "sandbox");
                put("address", &address.origin());
            }
            Provider::Custom(endpoints) => {
                put("provider", "custom");
                put("authorize_url", &endpoints.authorize.to_string());
                put("token_url", &endpoints.token.to_string());
                for (key, url) in
                    [("revoke_url", &endpoints.revoke), ("profile_url", &endpoints.profile)]
                {
                    url.as_ref().map(|url| put(key, &url.to_string()));
                }
                endpoints.issuer.as_ref().map(|issuer| put("issuer", issuer));
            }
        }
        put("client_id", &app.client_id);
        put(
            "client_type",
            match app.client_type {
                ClientType::Public => "public",
                ClientType::Confidential => "confidential",
            },
        );
        table.insert("redirect_uris", value(app.redirect_uris.iter().collect::<Array>()));
        table.insert("scopes", value(app.scopes.names().iter().collect::<Array>()));
        table
    }
}
