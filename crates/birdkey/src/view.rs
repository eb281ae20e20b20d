//! What the outside sees: one `View` with a rising revision, rendered by window, tray and command.
//!
//! No field here can hold a code, verifier, state, secret or token; masking is done before.

mod browser;
mod doctor;
mod language;
mod report;
mod request;

use birdkey_messages::{Words, words};
use serde::Serialize;
use ts_rs::TS;

use crate::problem::Problem;

pub use crate::activity::{Entry, What};
pub use crate::store::settings::Theme;
pub use browser::BrowserView;
pub use doctor::{Check, FindingView, Level};
pub use language::{LanguageSetting, LanguageView};
pub use report::{report, system};
pub use request::{AnswerView, RateLimitView};

/// Everything that is shown, at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export, rename_all = "camelCase")]
#[serde(rename_all = "camelCase")]
pub struct View {
    /// Rises with every change.
    #[ts(type = "number")]
    pub revision: u64,
    /// The apps of the configuration, in its order.
    pub apps: Vec<AppView>,
    /// The accounts, oldest first.
    pub accounts: Vec<AccountView>,
    /// Logouts that their servers have not heard of yet: what the accounts were called.
    pub waiting_logouts: Vec<String>,
    /// The login in progress, or the one that just ended and was not dismissed.
    pub login: Option<LoginView>,
    /// The sandbox.
    pub sandbox: SandboxView,
    /// Logins of xurl that could be taken over.
    pub xurl: Option<XurlView>,
    /// The desktop app itself; only in it.
    pub desktop: Option<DesktopView>,
    /// Whether accounts in use are refreshed ahead of their expiry while the app runs.
    pub keeps_fresh: bool,
    /// Whether the app notifies of what happens while its window is closed.
    pub notifies: bool,
    /// Whether the window is light or dark.
    pub theme: Theme,
    /// How long a copied token stays in the clipboard, in seconds.
    #[ts(type = "number")]
    pub clipboard_seconds: u64,
    /// Whether this machine has no way to any other.
    pub offline: bool,
    /// What is wrong with the whole: a broken configuration or account list.
    pub problem: Option<Problem>,
    /// Where grants are kept, in words.
    pub vault: String,
    /// What a new app at X has to register, byte for byte.
    pub x_redirect_uris: Vec<String>,
    /// The scopes a new app asks for.
    pub default_scopes: Vec<String>,
}

/// The desktop app: what it can do on this machine.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, TS)]
#[ts(export, rename_all = "camelCase")]
#[serde(rename_all = "camelCase")]
pub struct DesktopView {
    /// Its version.
    pub version: String,
    /// What it speaks now.
    pub language: LanguageView,
    /// What it is set to speak.
    pub language_setting: LanguageSetting,
    /// The redirect URI by deep link, as it has to be registered.
    pub deep_link_uri: String,
    /// What the self-test of links said.
    pub deep_link: DeepLinkTest,
    /// Why links don't work, after the test said so.
    pub deep_link_problem: Option<Problem>,
    /// Whether it starts with the session; unknown where the system does not tell.
    pub starts_at_login: Option<bool>,
    /// Whether a newer version was installed over the running one.
    pub newer_installed: bool,
}

/// What is known about links on this machine.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, TS)]
#[ts(export, rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum DeepLinkTest {
    /// Not tried since the app started.
    #[default]
    Untested,
    /// The test page is open.
    Waiting,
    /// A link came back.
    Works,
    /// None came back in time.
    Failed,
}

/// An app: a client registration at a provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export, rename_all = "camelCase")]
#[serde(rename_all = "camelCase")]
pub struct AppView {
    /// Short, random, never changes.
    pub id: String,
    /// The user's name for it.
    pub name: String,
    /// Where its endpoints come from.
    pub provider: ProviderView,
    /// The OAuth 2.0 client id; not a secret.
    pub client_id: String,
    /// Public or confidential.
    pub client_type: ClientTypeView,
    /// The redirect URIs, byte for byte as registered.
    pub redirect_uris: Vec<String>,
    /// Whether the browser comes back by a link to the desktop app.
    pub takes_links: bool,
    /// The scopes it asks for.
    pub scopes: Vec<String>,
    /// The host of its authorize page.
    pub host: String,
    /// What is wrong with its registration, when there is something to say.
    pub problem: Option<Problem>,
}

/// Where the endpoints of an app come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[ts(export, rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum ProviderView {
    /// X.
    X,
    /// The simulator of X.
    Sandbox,
    /// Any other server.
    Custom,
}

/// Whether an app has a client secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[ts(export, rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum ClientTypeView {
    /// No secret ("Native App" at X).
    Public,
    /// With a secret, kept in the vault ("Web App, Automated App or Bot" at X).
    Confidential,
}

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
    pub app_name: String,
    /// The user's id at the provider.
    pub user_id: Option<String>,
    /// The display name; `None` while it is not known yet.
    pub name: Option<String>,
    /// The user name without `@`; `None` while it is not known yet.
    pub username: Option<String>,
    /// What can be done with it now.
    pub state: AccountState,
    /// Why the state or the name is what it is, when there is something to say.
    pub problem: Option<Problem>,
    /// The token response as the provider gave it, tokens masked.
    pub token: TokenView,
    /// The scopes asked for at login.
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
        }
    }

    /// Whether only the user can make it work again.
    pub fn needs_the_user(self) -> bool {
        match self {
            Self::Expired | Self::LogInAgain | Self::VaultUnavailable => true,
            Self::Ready | Self::Refreshable | Self::SandboxOff => false,
        }
    }
}

impl AccountView {
    /// Who it belongs to, for a person: name and @username as far as they are known.
    pub fn called(&self) -> Words {
        match (&self.name, &self.username) {
            (Some(name), Some(username)) => format!("{name} (@{username})").into(),
            (None, Some(username)) => format!("@{username}").into(),
            (Some(name), None) => name.into(),
            (None, None) => match &self.user_id {
                Some(user_id) => words!("account.user", id = user_id),
                None => words!("account.nameless", id = &self.id),
            },
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
    pub scope: Option<String>,
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

/// A login in progress or just ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export, rename_all = "camelCase")]
#[serde(rename_all = "camelCase")]
pub struct LoginView {
    /// The app logged in through.
    pub app_id: String,
    /// That app's name.
    pub app_name: String,
    /// How far it is.
    pub stage: LoginStage,
    /// The redirect URI sent, byte for byte.
    pub redirect_uri: String,
    /// The client id sent.
    pub client_id: String,
    /// When it is given up, Unix milliseconds.
    #[ts(type = "number")]
    pub deadline_ms: i64,
    /// Whether 20 s passed and nothing came back, so that the likely causes should be shown.
    pub nothing_came_back: bool,
    /// Why no browser was opened, when none was.
    pub browser_problem: Option<Problem>,
    /// Why it failed, in stage `failed`.
    pub problem: Option<Problem>,
    /// The account, in stage `done`.
    pub account_id: Option<String>,
    /// The account that is to be renewed, when one is.
    pub wanted_account_id: Option<String>,
    /// That it is another account than the one asked for, in stage `done`.
    pub other_user: Option<Problem>,
}

/// How far a login is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[ts(export, rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum LoginStage {
    /// The browser is open; waiting for the user.
    Waiting,
    /// The redirect came; the code is being exchanged.
    Exchanging,
    /// The grant is in the vault.
    Done,
    /// It failed.
    Failed,
}

/// The sandbox, as far as this machine knows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, TS)]
#[ts(export, rename_all = "camelCase")]
#[serde(rename_all = "camelCase")]
pub struct SandboxView {
    /// Whether an app of the sandbox is set up.
    pub set_up: bool,
    /// Where it listens, e.g. `http://127.0.0.1:8730`; `None` when it is not running.
    pub address: Option<String>,
    /// Why it is not running although it should be.
    pub problem: Option<Problem>,
}

/// What another program, xurl, holds on this machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export, rename_all = "camelCase")]
#[serde(rename_all = "camelCase")]
pub struct XurlView {
    /// Its file.
    pub path: String,
    /// Who is logged in there, as `@username`.
    pub users: Vec<String>,
    /// The client ids of its apps; not secret.
    pub client_ids: Vec<String>,
}

/// What an import did: who was logged in there, as `@username`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export, rename_all = "camelCase")]
#[serde(rename_all = "camelCase")]
pub struct ImportView {
    /// The ids of the accounts that have their login now.
    pub taken: Vec<String>,
    /// Who is logged in here already, by a login that works.
    pub known: Vec<String>,
    /// Who is logged in here already, when nobody could be asked which of the two logins works.
    pub unclear: Vec<String>,
}

/// How a logout ended, half by half.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export, rename_all = "camelCase")]
#[serde(rename_all = "camelCase")]
pub struct LogoutView {
    /// Who was logged out, in words.
    pub account: String,
    /// The refresh token at the provider.
    pub refresh_token: RevocationView,
    /// The access token at the provider.
    pub access_token: RevocationView,
}

/// What became of one token at the provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export, rename_all = "snake_case", tag = "state")]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum RevocationView {
    /// The provider revoked it or no longer knew it.
    Revoked,
    /// There was no such token.
    None,
    /// The provider offers no revocation.
    Unsupported,
    /// The provider was not reached; it is told later, by itself.
    Waiting {
        /// Why not now.
        problem: Problem,
    },
    /// It may still work at the provider until it expires.
    Failed {
        /// Why.
        problem: Problem,
    },
}
