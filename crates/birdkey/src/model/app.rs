//! An app: a client registration at a provider, as the configuration holds it.

use birdkey_foreign::Foreign;
use birdkey_messages::{Words, words};

use crate::protocol::client::ClientType;
use crate::protocol::endpoint::{Endpoint, EndpointError};
use crate::protocol::provider::{Endpoints, ProviderKind};
use crate::protocol::scope::Scopes;

/// The scopes a new app asks for: profile, reading, and a refresh token.
pub const DEFAULT_SCOPES: &str = "tweet.read users.read offline.access";
/// The loopback ports registered by default, tried in this order.
pub const REDIRECT_PORTS: [u16; 3] = [8731, 18731, 28731];
/// Where the sandbox listens unless its port is taken.
pub const SANDBOX_ADDRESS: &str = "http://127.0.0.1:8730";

/// A client registration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct App {
    /// Short, random, never changed by a rename.
    pub id: String,
    /// The user's name for it.
    pub name: Foreign,
    /// Where its endpoints come from.
    pub provider: Provider,
    /// The OAuth 2.0 client id.
    pub client_id: String,
    /// Public or confidential.
    pub client_type: ClientType,
    /// Byte for byte as registered, tried in order.
    pub redirect_uris: Vec<String>,
    /// The scopes asked for at login.
    pub scopes: Scopes,
}

impl App {
    /// Whether another entry is the same registration, so that a login through one ends the other's.
    pub(crate) fn is_twin_of(&self, other: &Self) -> bool {
        self.id != other.id && self.client_id == other.client_id && self.provider == other.provider
    }

    /// A redirect URI that another server's app has too, unless the issuer tells both apart (RFC 9700 §4.4).
    pub(crate) fn shared_redirect(&self, other: &Self) -> Option<&str> {
        let (ours, theirs) = (self.provider.endpoints().ok()?, other.provider.endpoints().ok()?);
        let told_apart = ours.issuer.is_some() && theirs.issuer.is_some();
        let one_server = ours.authorize == theirs.authorize && ours.token == theirs.token;
        if told_apart || one_server {
            return None;
        }
        let shared = self.redirect_uris.iter().find(|uri| other.redirect_uris.contains(uri));
        shared.map(String::as_str)
    }

    /// Whether its entry could name an issuer and does not.
    pub(crate) fn lacks_issuer(&self) -> bool {
        matches!(&self.provider, Provider::Custom(endpoints) if endpoints.issuer.is_none())
    }
}

/// Where the endpoints of an app come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Provider {
    /// X's own.
    X,
    /// X's paths on the address of a sandbox.
    Sandbox(Endpoint),
    /// Given one by one.
    Custom(Box<Endpoints>),
}

impl Provider {
    /// The kind, for quirks and words.
    pub fn kind(&self) -> ProviderKind {
        match self {
            Self::X => ProviderKind::X,
            Self::Sandbox(_) => ProviderKind::Sandbox,
            Self::Custom(_) => ProviderKind::Custom,
        }
    }

    /// All addresses.
    ///
    /// # Errors
    ///
    /// None in practice; the addresses of X are constants.
    pub fn endpoints(&self) -> Result<Endpoints, EndpointError> {
        match self {
            Self::X => Endpoints::x(),
            Self::Sandbox(base) => Ok(Endpoints::sandbox(base)),
            Self::Custom(endpoints) => Ok(endpoints.as_ref().clone()),
        }
    }
}

/// What the redirect URIs of a new app are called after the port: one path a provider, because
/// several servers sharing one redirect URI is the mix-up attack (RFC 8252 §8.10).
pub fn default_redirect_uris(kind: ProviderKind, app_id: &str) -> Vec<String> {
    let path = match kind {
        ProviderKind::X => "/callback".to_owned(),
        ProviderKind::Sandbox => "/callback/sandbox".to_owned(),
        ProviderKind::Custom => format!("/callback/{app_id}"),
    };
    REDIRECT_PORTS.iter().map(|port| format!("http://127.0.0.1:{port}{path}")).collect()
}

/// What it takes to revoke a grant when its app is no longer configured; kept inside the vault item.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Server {
    /// The token endpoint.
    pub token_url: String,
    /// The revocation endpoint, when there is one.
    pub revoke_url: Option<String>,
    /// Whether requests are authenticated with the client secret of the app.
    pub confidential: bool,
}

impl Server {
    /// The server of an app as it stands in the configuration now.
    pub fn of(client_type: ClientType, endpoints: &Endpoints) -> Self {
        Self {
            token_url: endpoints.token.url().to_string(),
            revoke_url: endpoints.revoke.as_ref().map(|revoke| revoke.url().to_string()),
            confidential: client_type == ClientType::Confidential,
        }
    }
}

/// What a grant or a client secret was made for; kept inside the vault item.
///
/// # Security
///
/// Used elsewhere, nothing is sent: an edited line of the configuration must not send a refresh
/// token to a stranger.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Binding {
    /// The client id.
    pub client_id: String,
    /// Scheme, host and port of the token endpoint.
    pub token_origin: String,
    /// Scheme, host and port of the revocation endpoint.
    pub revoke_origin: Option<String>,
    /// Scheme, host and port of the profile, and with it of the API.
    pub api_origin: Option<String>,
}

impl Binding {
    /// What is bound to an app as it stands in the configuration now.
    pub fn of(client_id: &str, endpoints: &Endpoints) -> Self {
        Self {
            client_id: client_id.to_owned(),
            token_origin: endpoints.token.origin(),
            revoke_origin: endpoints.revoke.as_ref().map(Endpoint::origin),
            api_origin: endpoints.profile.as_ref().map(Endpoint::origin),
        }
    }

    /// The first place where `self`, what was bound, differs from `now`: (name, bound, now).
    pub fn difference(&self, now: &Self) -> Option<(Words, Words, Words)> {
        let (of, to) = (self, now);
        let optional = |bound: &Option<String>, now: &Option<String>| {
            let shown = |origin: &Option<String>| match origin {
                Some(origin) => origin.into(),
                None => words!("binding.none"),
            };
            (shown(bound), shown(now))
        };
        let fixed = |bound: &str, now: &str| (Words::from(bound), Words::from(now));
        let pairs = [
            (words!("binding.client_id"), fixed(&of.client_id, &to.client_id)),
            (words!("binding.token"), fixed(&of.token_origin, &to.token_origin)),
            (words!("binding.revocation"), optional(&of.revoke_origin, &to.revoke_origin)),
            (words!("binding.api"), optional(&of.api_origin, &to.api_origin)),
        ];
        let changed = pairs.into_iter().find(|(_, (bound, now))| bound != now);
        changed.map(|(what, (bound, now))| (what, bound, now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_provider_has_a_redirect_path_of_its_own() {
        assert_eq!(
            default_redirect_uris(ProviderKind::X, "a")[0],
            "http://127.0.0.1:8731/callback"
        );
        let sandbox = default_redirect_uris(ProviderKind::Sandbox, "a");
        assert_eq!(sandbox[2], "http://127.0.0.1:28731/callback/sandbox");
        let custom = default_redirect_uris(ProviderKind::Custom, "k3v9");
        assert_eq!(custom[1], "http://127.0.0.1:18731/callback/k3v9");
    }

    #[test]
    fn a_redirect_uri_of_two_servers_is_found_unless_both_have_an_issuer() {
        let custom = |host: &str, issuer: Option<&str>| {
            let at = |path: &str| Endpoint::parse(&format!("https://{host}{path}")).unwrap();
            let issuer = issuer.map(str::to_owned);
            let (authorize, token) = (at("/authorize"), at("/token"));
            Box::new(Endpoints { authorize, token, revoke: None, profile: None, issuer })
        };
        let app = |provider: Provider| App {
            id: "a".into(),
            name: "A".into(),
            provider,
            client_id: "c".into(),
            client_type: ClientType::Public,
            redirect_uris: vec!["http://127.0.0.1:8731/callback".into()],
            scopes: Scopes::parse(""),
        };
        let with = |host, issuer| app(Provider::Custom(custom(host, issuer)));
        let at_x = app(Provider::X);

        assert_eq!(at_x.shared_redirect(&app(Provider::X)), None, "one server");
        let shared = Some("http://127.0.0.1:8731/callback");
        assert_eq!(at_x.shared_redirect(&with("b.example", Some("https://b.example"))), shared);
        let (a, b) = (with("a.example", Some("i-a")), with("b.example", Some("i-b")));
        assert_eq!(a.shared_redirect(&b), None, "the issuer tells them apart");
        assert_eq!(a.shared_redirect(&with("b.example", None)), shared);
        let mut tenant = custom("a.example", None);
        tenant.token = Endpoint::parse("https://a.example/other/token").unwrap();
        assert_eq!(a.shared_redirect(&app(Provider::Custom(tenant))), shared, "one host, two");
        let mut elsewhere = with("b.example", None);
        elsewhere.redirect_uris = vec!["http://127.0.0.1:8731/callback/b".into()];
        assert_eq!(a.shared_redirect(&elsewhere), None);
    }

    #[test]
    fn a_changed_address_is_named() {
        let endpoints = Endpoints::x().unwrap();
        let bound = Binding::of("id", &endpoints);
        let mut other = endpoints;
        other.token = Endpoint::parse("https://evil.example/token").unwrap();
        let now = Binding::of("id", &other);
        assert_eq!(
            bound.difference(&now),
            Some((
                words!("binding.token"),
                "https://api.x.com".into(),
                "https://evil.example".into()
            ))
        );
        assert_eq!(bound.difference(&bound), None);
    }
}
