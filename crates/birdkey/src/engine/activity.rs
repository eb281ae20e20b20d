//! Noting what happened, and telling it.

use super::Engine;
use crate::effects::process::Caller;
use crate::problem::{Code, Problem};
use crate::store::accounts::{self, Account};
use crate::store::activity::{self, Counted, Entry, What, Whose};
use crate::use_cases::refresh;

impl Engine {
    /// Everything noted and counted, oldest first; without secrets.
    pub fn activity(&self) -> Vec<Entry> {
        activity::read(&self.context.folders.data)
    }

    /// The folder that changes with the activity.
    pub fn activity_folder(&self) -> std::path::PathBuf {
        activity::folder(&self.context.folders.data)
    }

    pub(super) fn note(&self, what: What, account: &Account, code: Option<Code>) {
        self.context.note(what, whose(account), code);
    }

    /// What ends a login is noted where that happens.
    pub(super) fn note_failure(&self, account: &Account, code: Code) {
        if !refresh::NOTED.contains(&code) {
            self.note(What::Failure, account, Some(code));
        }
    }

    pub(super) fn note_login(&self, done: &Result<String, Problem>) {
        match done {
            Ok(id) => {
                let list = accounts::read(&self.context.folders.data).unwrap_or_default();
                if let Some(account) = list.find(id) {
                    self.note(What::Login, account, None);
                }
            }
            Err(problem) if problem.code == Code::LoginCancelled => {}
            Err(problem) => {
                self.context.note(What::Failure, Whose::default(), Some(problem.code));
            }
        }
    }

    pub(super) fn count_hand_out(&self, account: &Account, problem: Option<&Problem>) {
        self.count_use_by(&self.context.effects.caller, account, problem);
    }

    pub(super) fn count_use_by(
        &self,
        caller: &Caller,
        account: &Account,
        problem: Option<&Problem>,
    ) {
        let counted = match problem {
            None => Counted::Token,
            Some(problem) => Counted::Failure(problem.code.as_str()),
        };
        let now_ms = self.now_unix_ms();
        activity::count(&self.context.folders.data, now_ms, counted, &whose(account), caller);
    }
}

fn whose(account: &Account) -> Whose {
    Whose { id: Some(account.id.clone()), called: Some(account.called()) }
}
