//! Accounts, and what the commands print that make, refresh or choose one.

use birdkey::engine::Imported as EngineImported;
use birdkey::problem::Problem as EngineProblem;
use birdkey::view::{AccountView, TokenView};
use birdkey_foreign::Foreign;
use serde::Serialize;

use super::problem::Problem;
use super::{each, words};

/// An account: a user logged in through an app.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Account<'a> {
    /// Short, random; never changes.
    id: &'a str,
    /// The app it was logged in through.
    app_id: &'a str,
    /// That app's name.
    app_name: &'a Foreign,
    /// The user's id at the server; null: unknown.
    user_id: Option<&'a Foreign>,
    /// The user name without `@`; null: unknown.
    username: Option<&'a Foreign>,
    /// The display name; null: unknown.
    name: Option<&'a Foreign>,
    /// What can be done with it now.
    state: &'static str,
    /// Why the state is what it is, or what else there is to know; null: nothing.
    problem: Option<Problem>,
    /// Its access token.
    token: CurrentToken<'a>,
    /// Whether it can be refreshed; else the login ends when the access token expires.
    has_refresh_token: bool,
    /// The scopes granted; null: unknown.
    scopes_granted: Option<&'a [String]>,
    /// The scopes asked for at login; null: unknown.
    scopes_requested: Option<&'a [String]>,
}

impl<'a> From<&'a AccountView> for Account<'a> {
    fn from(account: &'a AccountView) -> Self {
        let (granted, requested) = (&account.scopes_granted, &account.scopes_requested);
        let known = !(granted.is_empty() && requested.is_empty());
        Self {
            id: &account.id,
            app_id: &account.app_id,
            app_name: &account.app_name,
            user_id: account.user_id.as_ref(),
            username: account.username.as_ref(),
            name: account.name.as_ref(),
            state: words::account_state(account.state),
            problem: account.problem.as_ref().map(Problem::from),
            token: (&account.token).into(),
            has_refresh_token: account.token.refresh_token.is_some(),
            scopes_granted: known.then_some(granted),
            scopes_requested: known.then_some(requested),
        }
    }
}

/// What there is to know of an access token without the token.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CurrentToken<'a> {
    /// When it was issued.
    obtained_at_ms: i64,
    /// When it expires; null: unknown.
    expires_at_ms: Option<i64>,
    /// The first 16 hex digits of its SHA-256; null: unknown.
    fingerprint: Option<&'a str>,
}

impl<'a> From<&'a TokenView> for CurrentToken<'a> {
    fn from(token: &'a TokenView) -> Self {
        Self {
            obtained_at_ms: token.obtained_at_ms,
            expires_at_ms: token.expires_at_ms,
            fingerprint: token.fingerprint.as_deref(),
        }
    }
}

/// What `birdkey login` prints.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LoggedIn<'a> {
    /// Who is logged in; null: logged out again meanwhile.
    account: Option<Account<'a>>,
    /// What else there is to know.
    notices: Vec<Problem>,
}

impl<'a> LoggedIn<'a> {
    pub(crate) fn new(account: Option<&'a AccountView>, notices: &[EngineProblem]) -> Self {
        Self { account: account.map(Account::from), notices: each(notices) }
    }
}

/// What `birdkey refresh` prints.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Refreshed<'a> {
    /// The account with its new token; null: logged out meanwhile.
    account: Option<Account<'a>>,
}

impl<'a> From<Option<&'a AccountView>> for Refreshed<'a> {
    fn from(account: Option<&'a AccountView>) -> Self {
        Self { account: account.map(Account::from) }
    }
}

/// What `birdkey switch` prints.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Switched<'a> {
    /// The account that is the default now; null: an app was chosen.
    pub(crate) account_id: Option<&'a str>,
    /// The app that is the default now; null: an account was chosen.
    pub(crate) app_id: Option<&'a str>,
}

/// What `birdkey import xurl` prints.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Imported<'a> {
    /// The new accounts.
    accounts: Vec<Account<'a>>,
    /// Whose login here works already, as `@username`.
    already_logged_in: &'a [Foreign],
    /// Who is logged in here already by a login that could not be tried; nothing was imported.
    unclear: &'a [Foreign],
    /// Whether the logins are out of xurl's file.
    removed_from_xurl: bool,
}

impl<'a> Imported<'a> {
    pub(crate) fn new(imported: &'a EngineImported, accounts: &'a [AccountView]) -> Self {
        Self {
            accounts: each(accounts),
            already_logged_in: &imported.known,
            unclear: &imported.unclear,
            removed_from_xurl: imported.removed,
        }
    }
}
