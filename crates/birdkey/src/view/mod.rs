//! What the outside sees: one `View` with a rising revision, rendered by window, tray and command.
//!
//! No field here can hold a code, verifier, state, secret or token; masking is done before.

mod account;
mod browser;
mod desktop;
mod doctor;
mod language;
mod login;
mod logout;
pub(crate) mod present;
mod report;
mod request;

use birdkey_foreign::Foreign;
use serde::Serialize;
use ts_rs::TS;

use crate::problem::Problem;

pub use crate::model::language::LanguageSetting;
pub use crate::store::activity::{Entry, What};
pub use crate::store::settings::Theme;
pub use account::{AccountState, AccountView, TokenView};
pub use browser::BrowserView;
pub use desktop::{DeepLinkTest, DesktopView};
pub use doctor::{Check, FindingView, Level};
pub use language::LanguageView;
pub use login::{LoginStage, LoginView};
pub use logout::{LogoutView, RevocationView};
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
    #[ts(type = "string[]")]
    pub waiting_logouts: Vec<Foreign>,
    /// What else there is to say about logins: cut off, held back, kept in another folder.
    pub notices: Vec<Problem>,
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

/// An app: a client registration at a provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export, rename_all = "camelCase")]
#[serde(rename_all = "camelCase")]
pub struct AppView {
    /// Short, random, never changes.
    pub id: String,
    /// The user's name for it.
    #[ts(type = "string")]
    pub name: Foreign,
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
    #[ts(type = "string")]
    pub path: Foreign,
    /// Who is logged in there, as `@username`.
    #[ts(type = "string[]")]
    pub users: Vec<Foreign>,
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
    #[ts(type = "string[]")]
    pub known: Vec<Foreign>,
    /// Who is logged in here already, when nobody could be asked which of the two logins works.
    #[ts(type = "string[]")]
    pub unclear: Vec<Foreign>,
}
