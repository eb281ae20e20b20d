//! An account as it is shown.

use birdkey_foreign::Foreign;
use birdkey_messages::{Words, words};
use serde::Serialize;
use ts_rs::TS;

use crate::problem::Problem;
use crate::store::accounts::person;

/// An account: a user logged in through an app.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export, rename_all = "camelCase")]
#[serde(rename_all = "camelCase")]
pub struct AccountView {
    /// Short, random, never changes.
    pub id: String,
    /// Whether it is the one meant when none is named.
    pub is_default: bool,
    /// The app it was logged in through.
    pub app_id: String,
    /// That app's name.
    #[ts(type = "string")]
    pub app_name: Foreign,
    /// The user's id at the provider.
    #[ts(type = "string | null")]
    pub user_id: Option<Foreign>,
    /// The display name; `None` while it is not known yet.
    #[ts(type = "string | null")]
    pub name: Option<Foreign>,
    /// The user name without `@`; `None` while it is not known yet.
    #[ts(type = "string | null")]
    pub username: Option<Foreign>,
    /// What can be done with it now.
    pub state: AccountState,
    /// Why the state or the name is what it is, when there is something to say.
    pub problem: Option<Problem>,
    /// The token response as the provider gave it, tokens masked.
    pub token: TokenView,
    /// The scopes asked for at login; unknown where both lists are empty.
    pub scopes_requested: Vec<String>,
    /// The scopes granted.
    pub scopes_granted: Vec<String>,
}

/// What can be done with an account now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[ts(export, rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum AccountState {
    /// The access token is valid.
    Ready,
    /// The access token has expired; it is refreshed when a program asks for one.
    Refreshable,
    /// The access token has expired, and there is no refresh token.
    Expired,
    /// Only a new login helps.
    LogInAgain,
    /// The vault can't be read now.
    VaultUnavailable,
    /// The sandbox it belongs to is not running.
    SandboxOff,
    /// Something on this machine keeps it from being used; the problem says what.
    Blocked,
}

impl AccountState {
    /// The state in words, but for how long a valid token lasts.
    pub fn words(self) -> Words {
        match self {
            Self::Ready => words!("state.ready"),
            Self::Refreshable => words!("state.refreshable"),
            Self::Expired => words!("state.expired"),
            Self::LogInAgain => words!("state.log_in_again"),
            Self::VaultUnavailable => words!("state.vault_unavailable"),
            Self::SandboxOff => words!("state.sandbox_off"),
            Self::Blocked => words!("state.blocked"),
        }
    }

    /// Whether only the user can make it work again.
    pub fn needs_the_user(self) -> bool {
        match self {
            Self::Expired | Self::LogInAgain | Self::VaultUnavailable | Self::Blocked => true,
            Self::Ready | Self::Refreshable | Self::SandboxOff => false,
        }
    }
}

impl AccountView {
    /// Who it belongs to, for a person: name and @username as far as they are known.
    pub fn called(&self) -> Words {
        match (person(self.name.as_ref(), self.username.as_ref()), &self.user_id) {
            (Some(known), _) => known.into(),
            (None, Some(user_id)) => words!("account.user", id = user_id),
            (None, None) => words!("account.nameless", id = &self.id),
        }
    }
}

/// The token response, without its tokens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export, rename_all = "camelCase")]
#[serde(rename_all = "camelCase")]
pub struct TokenView {
    /// As the provider gave it, e.g. `bearer`.
    pub token_type: String,
    /// `expires_in` as the provider gave it, in seconds.
    #[ts(type = "number | null")]
    pub expires_in_seconds: Option<i64>,
    /// When the response came, Unix milliseconds.
    #[ts(type = "number")]
    pub obtained_at_ms: i64,
    /// When the access token expires, Unix milliseconds; `None` when unknown.
    #[ts(type = "number | null")]
    pub expires_at_ms: Option<i64>,
    /// `scope` as the provider gave it.
    #[ts(type = "string | null")]
    pub scope: Option<Foreign>,
    /// Tells this access token from others without showing it: the first 16 hex digits of its SHA-256.
    pub fingerprint: Option<String>,
    /// When it is refreshed by itself, Unix milliseconds; `None` when it can't or need not be.
    #[ts(type = "number | null")]
    pub next_refresh_at_ms: Option<i64>,
    /// The access token, masked.
    pub access_token: String,
    /// The refresh token, masked; `None` when there is none.
    pub refresh_token: Option<String>,
}
