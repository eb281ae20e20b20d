//! Which account or app a command means: an argument, else the environment, else what is set.

use clap::Args;
use clap_complete::engine::ArgValueCandidates;

use crate::candidates::{accounts, apps};

/// Names the account that a command means when none is given.
pub(crate) const ACCOUNT_VARIABLE: &str = "BIRDKEY_ACCOUNT";
/// The same for the app.
pub(crate) const APP_VARIABLE: &str = "BIRDKEY_APP";

const ACCOUNT_HELP: &str = "The account: @username, an id, or app/@username [default: BIRDKEY_ACCOUNT, the default account, or the only one]";

const APP_HELP: &str = "The account of this app, by id or name [default: BIRDKEY_APP]";

/// The account meant.
#[derive(Debug, Args)]
pub(crate) struct Chosen {
    /// The account: @username, an id, or app/@username
    #[arg(long, help = ACCOUNT_HELP, add = ArgValueCandidates::new(accounts))]
    pub(crate) account: Option<String>,
    /// The account of this app, by id or name
    #[arg(long, help = APP_HELP, add = ArgValueCandidates::new(apps))]
    pub(crate) app: Option<String>,
}

impl Chosen {
    /// The account as given or as the environment has it. An argument leaves the environment's
    /// account aside when it names an app, which that account need not belong to.
    pub(crate) fn account(&self) -> Option<String> {
        let variable = || variable(ACCOUNT_VARIABLE).filter(|_| self.app.is_none());
        self.account.clone().or_else(variable)
    }

    /// The app that narrows the choice; one of the environment only where no account is named.
    pub(crate) fn app(&self) -> Option<String> {
        let variable = || variable(APP_VARIABLE).filter(|_| self.account().is_none());
        self.app.clone().or_else(variable)
    }
}

/// A variable that is set to something.
pub(crate) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
