//! What the doctor finds, for the outside; no field can hold a secret, so that it can be shown to anybody.

use birdkey_foreign::Foreign;
use birdkey_messages::Words;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::problem::{Code, Problem};

/// One thing that was looked at, and how it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export, rename_all = "camelCase")]
#[serde(rename_all = "camelCase")]
pub struct FindingView {
    /// What was looked at.
    pub check: Check,
    /// How it is.
    pub level: Level,
    /// The app or account it is about; `None` for this machine as a whole.
    #[ts(type = "string | null")]
    pub about: Option<Foreign>,
    /// What was found, in a sentence or two.
    #[ts(type = "string")]
    pub what: Words,
    /// What to do about it, when there is something to do.
    #[ts(type = "string | null")]
    pub hint: Option<Words>,
    /// The name of the failure it leads to.
    pub code: Option<Code>,
    /// Whether Birdkey can fix it when told to.
    pub can_fix: bool,
}

/// What is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[ts(export, rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Check {
    /// `config.toml` and `accounts.json` can be read.
    Files,
    /// Nobody else on this machine can look into the folders.
    Access,
    /// The vault: which, whether it is open, whether it keeps what it is given.
    Vault,
    /// A browser for logins.
    Browser,
    /// The command, for scripts that call it by its name.
    Command,
    /// Who receives links to the desktop app.
    Links,
    /// This machine has a way to others.
    Network,
    /// The server knows the app's client id and secret, and its type is right.
    Registration,
    /// The clocks of server and machine agree.
    Clock,
    /// The ports that the browser comes back to are free.
    Ports,
    /// The redirect URIs that have to be registered.
    RedirectUris,
    /// Something else uses the same registration or login.
    Conflict,
    /// What can be done with an account.
    Account,
    /// The API answers the account's token.
    Api,
    /// Work that was cut off and waits to be finished.
    Leftovers,
}

/// How something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, TS)]
#[ts(export, rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// As it should be.
    Ok,
    /// Worth knowing; nothing to do.
    Note,
    /// It works, but something is better changed.
    Warning,
    /// Something does not work.
    Problem,
}

impl FindingView {
    fn of(check: Check, level: Level, what: impl Into<Words>) -> Self {
        let what = what.into();
        Self { check, level, about: None, what, hint: None, code: None, can_fix: false }
    }

    pub(crate) fn ok(check: Check, what: impl Into<Words>) -> Self {
        Self::of(check, Level::Ok, what)
    }

    pub(crate) fn note(check: Check, what: impl Into<Words>) -> Self {
        Self::of(check, Level::Note, what)
    }

    pub(crate) fn warning(check: Check, what: impl Into<Words>, hint: impl Into<Words>) -> Self {
        Self { hint: Some(hint.into()), ..Self::of(check, Level::Warning, what) }
    }

    pub(crate) fn from_problem(check: Check, level: Level, problem: &Problem) -> Self {
        let what = Words::sentences([problem.what.clone(), problem.why.clone()]);
        let hint = Some(problem.hint.clone());
        Self { hint, code: Some(problem.code), ..Self::of(check, level, what) }
    }

    pub(crate) fn about(self, about: &Foreign) -> Self {
        Self { about: Some(about.clone()), ..self }
    }

    pub(crate) fn fixable(self) -> Self {
        Self { can_fix: true, ..self }
    }
}
