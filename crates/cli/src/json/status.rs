//! Everything at one moment.

use birdkey::view::View;
use birdkey_foreign::Foreign;
use serde::Serialize;

use super::account::Account;
use super::app::App;
use super::each;
use super::problem::Problem;
use super::vault::Vault;

/// What `birdkey status` prints.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Status<'a> {
    /// The id of the account that commands use when none is named; null: there is none, or several.
    default: Option<&'a str>,
    /// The accounts, oldest first.
    accounts: Vec<Account<'a>>,
    /// The apps, in the order of the configuration.
    apps: Vec<App<'a>>,
    /// Where the sandbox listens; null: it is not running.
    sandbox: Option<&'a str>,
    /// Where grants are kept.
    vault: Vault<'a>,
    /// Names of accounts whose logout the server has not confirmed yet.
    waiting_logouts: &'a [Foreign],
    /// What else there is to know about logins.
    notices: Vec<Problem>,
}

impl<'a> Status<'a> {
    pub(crate) fn new(view: &'a View, vault: Vault<'a>, default: Option<&'a str>) -> Self {
        Self {
            default,
            accounts: each(&view.accounts),
            apps: each(&view.apps),
            sandbox: view.sandbox.address.as_deref(),
            vault,
            waiting_logouts: &view.waiting_logouts,
            notices: each(&view.notices),
        }
    }
}
