//! Work that was cut off: by a crash, a power loss, a network that went away.

use birdkey_foreign::Foreign;
use birdkey_messages::{Words, words};

use super::super::{Engine, VaultKey};
use super::accounts::called;
use crate::effects::files::{self, OurFile};
use crate::engine::hand_over_files::Place;
use crate::problem::Problem;
use crate::store::accounts::Account;
use crate::store::link_check;
use crate::store::login_notes;
use crate::use_cases::locks;
use crate::use_cases::refresh::{self, Standing};
use crate::view::{Check, FindingView, Level};

impl Engine {
    pub(super) fn examine_leftovers(&self) -> Vec<FindingView> {
        let finish = words!("doctor.leftovers.hint");
        let left = |what: Words| FindingView::warning(Check::Leftovers, what, &finish).fixable();
        let mut findings = Vec::new();
        let apps = self.config().unwrap_or_default().apps;
        for account in self.cut_off() {
            let app = apps.iter().find(|app| app.id == account.app_id);
            let app = app.map_or_else(|| Foreign::new(&account.app_id), |app| app.name.clone());
            let what = words!("doctor.leftovers.refresh");
            findings.push(left(what).about(&called(account.username.as_ref(), &account.id, &app)));
        }
        for called in self.waiting_logouts() {
            let what = words!("doctor.leftovers.logout");
            findings.push(left(what).about(&called));
        }
        for problem in self.cut_off_logins() {
            let finding = FindingView::from_problem(Check::Leftovers, Level::Warning, &problem);
            findings.push(finding.fixable());
        }
        for problem in self.held_back() {
            findings.push(FindingView::from_problem(Check::Leftovers, Level::Note, &problem));
        }
        if let Ok(Some(kind)) = self.context.vaults.leaving() {
            let kind = kind.to_string();
            findings.push(left(words!("doctor.leftovers.vault", vault = kind)));
        }
        let handed_over = Place::abandoned(&self.context.folders.data);
        let files = self.abandoned().len() + handed_over.len();
        if files > 0 {
            findings.push(left(words!("doctor.leftovers.files", count = files)));
        }
        if findings.is_empty() {
            findings.push(FindingView::ok(Check::Leftovers, words!("doctor.leftovers.none")));
        }
        findings
    }

    /// Finishes all of it; what can't be finished now stays as it was, and does not keep the rest.
    pub(super) async fn finish_leftovers(&self) -> Result<(), Problem> {
        let mut ended = Vec::new();
        for file in self.abandoned() {
            let removed = files::remove(&file);
            ended.push(removed.map_err(|error| self.problem(&error.into(), None)));
        }
        for place in Place::abandoned(&self.context.folders.data) {
            place.clear();
        }
        if let Ok(Some(_)) = self.context.vaults.leaving() {
            ended.push(self.finish_moving().await);
        }
        // The person has read what these say of tokens at the server, and of no others.
        let read = login_notes::unanswered(&self.context.folders.data);
        self.finish_logouts().await;
        self.finish_logins().await;
        login_notes::forget(&self.context.folders.data, &read);
        for account in self.cut_off() {
            ended.push(self.refresh(Some(&account.id)).await.map(drop));
        }
        ended.into_iter().collect()
    }

    async fn finish_moving(&self) -> Result<(), Problem> {
        self.use_vault(self.vault_kind()?, VaultKey::AsBefore).await.map(drop)
    }

    /// Accounts whose last refresh did not get to its end.
    fn cut_off(&self) -> Vec<Account> {
        let data = &self.context.folders.data;
        let list = self.accounts().unwrap_or_default().accounts;
        let cut_off = list.into_iter().filter(|account| {
            account.ended.is_none()
                && (refresh::is_left(data, &account.id) || self.is_unanswered(account))
        });
        cut_off.collect()
    }

    /// Whether the last refresh may have brought a new pair that never arrived, and is not under way.
    fn is_unanswered(&self, account: &Account) -> bool {
        match refresh::standing(&self.context, &account.id, &account.serial) {
            Standing::Quiet
            | Standing::Elsewhere { .. }
            | Standing::Resting { doubtful: false, .. } => false,
            Standing::Resting { doubtful: true, .. } => true,
            Standing::Open => !locks::is_held(&self.context.folders.data, &account.id),
        }
    }

    /// Half-written files whose writers are gone, and those of checks that were killed.
    fn abandoned(&self) -> Vec<OurFile> {
        let folders = &self.context.folders;
        let mut files = files::abandoned(&folders.config, &folders.data);
        files.extend(link_check::abandoned(&folders.data));
        files
    }
}
