//! A grant: the token pair of an account, as it lies in the vault.

use std::path::PathBuf;

use birdkey_foreign::Foreign;
use serde::{Deserialize, Serialize};

use crate::model::app::{Binding, Server};
use crate::protocol::profile::Profile;
use crate::protocol::provider::ProviderKind;
use crate::protocol::scope::Scopes;
use crate::protocol::secret::Secret;
use crate::protocol::token::TokenResponse;

/// The version of the item's format.
const FORMAT: u32 = 1;
/// Clocks that are set right by the network jump by less than this, in milliseconds.
const CLOCK_TOLERANCE_MS: i64 = 60_000;

/// Whether a pair came in the future, which tells that the clock was set back: its expiry then means nothing.
pub(crate) fn clock_was_set_back(obtained_at_ms: i64, now_ms: i64) -> bool {
    obtained_at_ms.saturating_sub(now_ms) > CLOCK_TOLERANCE_MS
}

/// The token pair of an account and what it is good for.
#[derive(Debug, Clone)]
pub struct Grant {
    /// Random and new with every token pair; tells pairs apart without showing them. Empty in items
    /// of the first version.
    pub serial: String,
    /// What the next pair is sealed to when the vault fails after the rotation; `None` in items of
    /// the first version.
    pub seal_key: Option<Secret>,
    /// Where it may be sent.
    pub binding: Binding,
    /// How it is revoked without its app; `None` in items of the first version.
    pub server: Option<Server>,
    /// The folders whose account it is; `None` in items of the first version.
    pub home: Option<Home>,
    /// As the provider gave it, e.g. `bearer`.
    pub token_type: String,
    /// The access token.
    pub access_token: Secret,
    /// The refresh token, when there is one.
    pub refresh_token: Option<Secret>,
    /// `scope` as the provider gave it.
    pub scope: Option<String>,
    /// The scopes asked for; none of a grant that another program asked for.
    pub scopes_requested: Scopes,
    /// `expires_in` as the provider gave it, in seconds.
    pub expires_in: Option<i64>,
    /// When the answer came, Unix milliseconds.
    pub obtained_at_ms: i64,
    /// When the access token expires, Unix milliseconds; `None` when unknown.
    pub expires_at_ms: Option<i64>,
    /// `iss` of the redirect, when sent and not checked.
    pub issuer_seen: Option<Foreign>,
    /// Whose it is, when known.
    pub profile: Option<Profile>,
}

/// The folders of the Birdkey that holds a grant: several of one user may share a keychain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Home {
    /// The data folder.
    pub data: PathBuf,
    /// The configuration folder.
    pub config: PathBuf,
}

/// Why a vault item is no grant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum GrantError {
    /// It is not what this program writes.
    #[error("the item is not a grant")]
    Unreadable,
    /// A newer version of this program wrote it.
    #[error("the item has format {found}, newer than {FORMAT}")]
    Newer {
        /// The format found.
        found: u32,
    },
}

/// What a login knows about a grant besides the answer.
#[derive(Debug, Clone)]
pub struct Circumstances {
    /// See [`Grant::serial`].
    pub serial: String,
    /// See [`Grant::seal_key`].
    pub seal_key: Secret,
    /// Where it may be sent.
    pub binding: Binding,
    /// How it is revoked without its app.
    pub server: Option<Server>,
    /// The folders whose account it is.
    pub home: Option<Home>,
    /// Which server answered.
    pub kind: ProviderKind,
    /// The scopes asked for.
    pub scopes_requested: Scopes,
    /// When the answer came, Unix milliseconds.
    pub obtained_at_ms: i64,
    /// `iss` of the redirect, when sent and not checked.
    pub issuer_seen: Option<Foreign>,
}

impl Circumstances {
    /// Those of another pair in the place of this one, under the same serial.
    pub fn again(grant: &Grant) -> Self {
        Self {
            serial: grant.serial.clone(),
            seal_key: grant.seal_key.clone().unwrap_or_else(|| Secret::new(String::new())),
            binding: grant.binding.clone(),
            server: grant.server.clone(),
            home: grant.home.clone(),
            kind: ProviderKind::Custom,
            scopes_requested: grant.scopes_requested.clone(),
            obtained_at_ms: grant.obtained_at_ms,
            issuer_seen: grant.issuer_seen.clone(),
        }
    }
}

/// The scopes granted, from those that the server named and those that it was asked for.
pub(crate) fn granted(named: Option<&str>, requested: Scopes) -> Option<Scopes> {
    named.map(Scopes::parse).or_else(|| Some(requested).filter(|scopes| !scopes.is_empty()))
}

impl Grant {
    /// Takes an answer of the token endpoint over; the lifetime becomes an instant here.
    pub fn new(response: TokenResponse, circumstances: Circumstances) -> Self {
        let lifetime = match response.expires_in {
            None => circumstances.kind.assumed_lifetime_seconds(),
            Some(seconds) => Some(seconds).filter(|seconds| *seconds >= 0),
        };
        let obtained_at_ms = circumstances.obtained_at_ms;
        let expires_at_ms =
            lifetime.map(|seconds| obtained_at_ms.saturating_add(seconds.saturating_mul(1_000)));
        Self {
            serial: circumstances.serial,
            seal_key: Some(circumstances.seal_key),
            binding: circumstances.binding,
            server: circumstances.server,
            home: circumstances.home,
            token_type: response.token_type,
            access_token: response.access_token,
            refresh_token: response.refresh_token,
            scope: response.scope,
            scopes_requested: circumstances.scopes_requested,
            expires_in: response.expires_in,
            obtained_at_ms,
            expires_at_ms,
            issuer_seen: circumstances.issuer_seen,
            profile: None,
        }
    }

    /// The grant that a refresh gave: what the answer leaves out stays as it was (RFC 6749 §6).
    #[must_use]
    pub fn refreshed(&self, response: TokenResponse, circumstances: Circumstances) -> Self {
        let mut next = Self::new(response, circumstances);
        next.refresh_token = next.refresh_token.or_else(|| self.refresh_token.clone());
        next.scope = next.scope.or_else(|| self.scope.clone());
        next.issuer_seen.clone_from(&self.issuer_seen);
        next.profile.clone_from(&self.profile);
        next
    }

    /// Whether the token can't be told to be valid for `at_least_ms` from `now_ms` on.
    pub fn expires_within(&self, now_ms: i64, at_least_ms: i64) -> bool {
        let set_back = clock_was_set_back(self.obtained_at_ms, now_ms);
        let remaining = self.remaining_ms(now_ms);
        remaining.is_some_and(|left| left == 0 || left < at_least_ms || set_back)
    }

    /// Whether the pair came less than `within_ms` ago.
    pub fn is_newer_than(&self, now_ms: i64, within_ms: i64) -> bool {
        (0..within_ms).contains(&now_ms.saturating_sub(self.obtained_at_ms))
    }

    /// The scopes granted: as sent, or those asked for when nothing was sent (RFC 6749 §5.1); `None`
    /// when they are unknown, as nothing was sent and nothing asked for.
    pub fn scopes_granted(&self) -> Option<Scopes> {
        granted(self.scope.as_deref(), self.scopes_requested.clone())
    }

    /// Milliseconds the access token is valid from `now_ms` on; `None` when unknown.
    pub fn remaining_ms(&self, now_ms: i64) -> Option<i64> {
        self.expires_at_ms.map(|at| at.saturating_sub(now_ms).max(0))
    }

    /// The text of the vault item.
    pub fn to_item(&self) -> Secret {
        let record = Record {
            format: FORMAT,
            serial: &self.serial,
            seal_key: self.seal_key.as_ref().map(Secret::expose),
            binding: self.binding.clone(),
            server: self.server.clone(),
            home: self.home.clone(),
            token_type: self.token_type.clone(),
            access_token: self.access_token.expose(),
            refresh_token: self.refresh_token.as_ref().map(Secret::expose),
            scope: self.scope.clone(),
            scopes_requested: self.scopes_requested.to_string(),
            expires_in: self.expires_in,
            obtained_at_ms: self.obtained_at_ms,
            expires_at_ms: self.expires_at_ms,
            issuer_seen: self.issuer_seen.clone(),
            user_id: self.profile.as_ref().map(|profile| profile.user_id.clone()),
            username: self.profile.as_ref().and_then(|profile| profile.username.clone()),
            name: self.profile.as_ref().and_then(|profile| profile.name.clone()),
        };
        // A record of texts and numbers always serializes.
        Secret::new(serde_json::to_string(&record).unwrap_or_default())
    }

    /// Reads the text of a vault item.
    ///
    /// # Errors
    ///
    /// [`GrantError`] when it is something else; the item stays as it is.
    pub fn from_item(item: &Secret) -> Result<Self, GrantError> {
        let format: Format =
            serde_json::from_str(item.expose()).map_err(|_| GrantError::Unreadable)?;
        if format.format > FORMAT {
            return Err(GrantError::Newer { found: format.format });
        }
        let stored: Stored =
            serde_json::from_str(item.expose()).map_err(|_| GrantError::Unreadable)?;
        let tokens = [Some(&stored.access_token), stored.refresh_token.as_ref()];
        if !tokens.into_iter().flatten().all(Secret::is_token) {
            return Err(GrantError::Unreadable);
        }
        let (username, name) = (stored.username, stored.name);
        Ok(Self {
            serial: stored.serial,
            seal_key: stored.seal_key,
            binding: stored.binding,
            server: stored.server,
            home: stored.home,
            token_type: stored.token_type,
            access_token: stored.access_token,
            refresh_token: stored.refresh_token,
            scope: stored.scope,
            scopes_requested: Scopes::parse(&stored.scopes_requested),
            expires_in: stored.expires_in,
            obtained_at_ms: stored.obtained_at_ms,
            expires_at_ms: stored.expires_at_ms,
            issuer_seen: stored.issuer_seen,
            profile: stored.user_id.map(|user_id| Profile { user_id, username, name }),
        })
    }
}

#[derive(Deserialize)]
struct Format {
    format: u32,
}

/// The storage record; the only place where tokens are serialized.
#[derive(Serialize)]
struct Record<'a> {
    format: u32,
    serial: &'a str,
    seal_key: Option<&'a str>,
    binding: Binding,
    server: Option<Server>,
    home: Option<Home>,
    token_type: String,
    access_token: &'a str,
    refresh_token: Option<&'a str>,
    scope: Option<String>,
    scopes_requested: String,
    expires_in: Option<i64>,
    obtained_at_ms: i64,
    expires_at_ms: Option<i64>,
    issuer_seen: Option<Foreign>,
    user_id: Option<Foreign>,
    username: Option<Foreign>,
    name: Option<Foreign>,
}

#[derive(Deserialize)]
struct Stored {
    #[serde(default)]
    serial: String,
    seal_key: Option<Secret>,
    binding: Binding,
    server: Option<Server>,
    home: Option<Home>,
    token_type: String,
    access_token: Secret,
    refresh_token: Option<Secret>,
    scope: Option<String>,
    scopes_requested: String,
    expires_in: Option<i64>,
    obtained_at_ms: i64,
    expires_at_ms: Option<i64>,
    issuer_seen: Option<Foreign>,
    user_id: Option<Foreign>,
    username: Option<Foreign>,
    name: Option<Foreign>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::client::ClientType;
    use crate::protocol::provider::Endpoints;

    fn grant(expires_in: Option<i64>, kind: ProviderKind) -> Grant {
        let response = TokenResponse {
            token_type: "bearer".into(),
            access_token: Secret::new("AT".into()),
            refresh_token: Some(Secret::new("RT".into())),
            expires_in,
            scope: Some("users.read tweet.read".into()),
        };
        let circumstances = Circumstances {
            serial: "s1".into(),
            seal_key: Secret::new("key".into()),
            binding: Binding::of("id", &Endpoints::x().unwrap()),
            server: Some(Server::of(ClientType::Public, &Endpoints::x().unwrap())),
            home: Some(Home { data: "/d".into(), config: "/c".into() }),
            kind,
            scopes_requested: Scopes::parse("tweet.read users.read offline.access"),
            obtained_at_ms: 1_000,
            issuer_seen: None,
        };
        Grant::new(response, circumstances)
    }

    #[test]
    fn an_item_is_read_back_as_it_was_written() {
        let mut written = grant(Some(7_200), ProviderKind::X);
        written.profile = Some(Profile {
            user_id: "1".into(),
            username: Some("ada".into()),
            name: Some("Ada \u{1f511}".into()),
        });
        let read = Grant::from_item(&written.to_item()).unwrap();
        assert_eq!(read.access_token.expose(), "AT");
        assert_eq!(read.refresh_token.as_ref().unwrap().expose(), "RT");
        assert_eq!(read.profile, written.profile);
        assert_eq!(read.binding, written.binding);
        assert_eq!((read.server, read.home), (written.server, written.home));
        assert_eq!(read.expires_at_ms, Some(7_201_000));
        assert_eq!(read.scopes_requested, written.scopes_requested);
    }

    #[test]
    fn a_missing_lifetime_is_assumed_for_x_only_and_a_senseless_one_is_unknown() {
        let table = [
            (None, ProviderKind::X, Some(7_201_000)),
            (None, ProviderKind::Custom, None),
            (Some(-1), ProviderKind::X, None),
            (Some(0), ProviderKind::X, Some(1_000)),
            (Some(i64::MAX), ProviderKind::Custom, Some(i64::MAX)),
        ];
        for (expires_in, kind, expected) in table {
            assert_eq!(grant(expires_in, kind).expires_at_ms, expected, "{expires_in:?} {kind:?}");
        }
    }

    #[test]
    fn an_item_whose_token_is_none_is_refused() {
        for (token, other) in [("AT", "A\\nT"), ("RT", "R\\u009bT"), ("AT", "")] {
            let item = grant(None, ProviderKind::X).to_item();
            let item = item.expose().replace(&format!("\"{token}\""), &format!("\"{other}\""));
            let read = Grant::from_item(&Secret::new(item)).map(drop);
            assert_eq!(read, Err(GrantError::Unreadable), "{other}");
        }
    }

    #[test]
    fn foreign_and_newer_items_are_refused() {
        let read = |text: &str| Grant::from_item(&Secret::new(text.into())).map(|_| ());
        assert_eq!(read("{}"), Err(GrantError::Unreadable));
        assert_eq!(read("hello"), Err(GrantError::Unreadable));
        assert_eq!(read(r#"{"format":9}"#), Err(GrantError::Newer { found: 9 }));
    }
}
