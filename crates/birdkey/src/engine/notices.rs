//! What there is to say about logins beside their accounts: cut off, held back, kept elsewhere.

use birdkey_foreign::Foreign;

use super::Engine;
use crate::failure::{Failure, RefreshError};
use crate::model::app::App;
use crate::model::elsewhere::Elsewhere;
use crate::problem::{
    About, Problem, account_elsewhere, login_cut_off, login_overtaken, logout_held_back,
    more_elsewhere, newer_tokens_may_live, older_tokens_live,
};
use crate::store::accounts::Account;
use crate::store::login_notes;
use crate::store::login_notes::Step;
use crate::use_cases::elsewhere;
use crate::use_cases::refresh::{self, Standing};
use crate::use_cases::revocation;

impl Engine {
    /// Who is logged out here without the server's word on it.
    pub(super) fn waiting_logouts(&self) -> Vec<Foreign> {
        let waiting = revocation::read(&self.context.folders.data).into_iter();
        let waiting = waiting.filter(|waiting| waiting.held_for.is_none());
        waiting.map(|waiting| waiting.called).collect()
    }

    pub(super) fn notices(&self) -> Vec<Problem> {
        [self.cut_off_logins(), self.held_back(), self.kept_elsewhere()].concat()
    }

    /// Logins that were cut off, whose tokens may live at the server.
    pub(super) fn cut_off_logins(&self) -> Vec<Problem> {
        let mut notes = login_notes::unanswered(&self.context.folders.data);
        let being_shown = self.with_live(|live| live.unconfirmed_logouts.clone());
        notes.retain(|note| !being_shown.contains(&note.account_id));
        let notes = notes.into_iter();
        let said = notes.map(|note| {
            let about = self.about(&note.app_id);
            match note.step {
                Step::NewerLost => newer_tokens_may_live(&about),
                Step::NotRevoked => older_tokens_live(&note.app_name, &about),
                Step::Sent | Step::Stored | Step::LoggingOut | Step::Unanswered => {
                    login_cut_off(&note.app_name, &about)
                }
            }
        });
        said.collect()
    }

    /// Pairs that were replaced, which the next logout of their account revokes.
    pub(super) fn held_back(&self) -> Vec<Problem> {
        let apps = self.config().unwrap_or_default().apps;
        let revokes = |app_id: &str| {
            let app = apps.iter().find(|app| app.id == app_id);
            let endpoints = app.and_then(|app| app.provider.endpoints().ok());
            endpoints.is_none_or(|endpoints| endpoints.revoke.is_some())
        };
        let held = revocation::held_back(&self.context).into_iter();
        let said = held.flat_map(|one| {
            let about = self.about(&one.app_id);
            let newer = one.unanswered.then(|| newer_tokens_may_live(&about));
            let older = if revokes(&one.app_id) {
                logout_held_back(&one.called, &about)
            } else {
                older_tokens_live(&one.called, &about)
            };
            newer.into_iter().chain([older])
        });
        said.collect()
    }

    /// Another folder of this user that holds grants, when last looked.
    pub(super) fn kept_elsewhere(&self) -> Vec<Problem> {
        let found = self.with_live(|live| live.elsewhere.clone());
        let nobody_here = self.accounts().is_ok_and(|list| list.accounts.is_empty());
        let told = if nobody_here { account_elsewhere } else { more_elsewhere };
        found.iter().map(|found| told(&found.folder(), &found.line())).collect()
    }

    /// The facts of an app, as far as it is configured.
    fn about(&self, app_id: &str) -> About {
        let apps = self.config().unwrap_or_default().apps;
        apps.iter().find(|app| app.id == app_id).map(About::app).unwrap_or_default()
    }

    /// That a later login may have ended a pair that is about to be handed out.
    pub(super) fn overtaken(account: &Account, app: &App, serial: &str) -> Option<Problem> {
        let is_meant = account.overtaken && account.serial == serial;
        is_meant.then(|| login_overtaken(&account.called(), &account.id, &About::app(app)))
    }

    /// Why the token of an account is in doubt, when it is: the last refresh brought no answer, or a later
    /// login may have ended it.
    pub(super) fn doubt(&self, account: &Account, apps: &[App]) -> Option<Problem> {
        let app = apps.iter().find(|app| app.id == account.app_id);
        let overtaken = || Self::overtaken(account, app?, &account.serial);
        self.unanswered(account, app).or_else(overtaken)
    }

    fn unanswered(&self, account: &Account, app: Option<&App>) -> Option<Problem> {
        if !refresh::is_noted(&self.context.folders.data, &account.id) {
            return None;
        }
        let standing = refresh::standing(&self.context, &account.id, &account.serial);
        let Standing::Resting { left, doubtful: true } = standing else { return None };
        let failure = RefreshError::Unanswered { seconds: left.as_secs().max(1) }.into();
        Some(Problem::new(&failure, &app.map(About::app).unwrap_or_default()))
    }

    /// Looks whether another folder of this user holds grants in the same keychain.
    pub(super) async fn look_elsewhere(&self) {
        let found = self.elsewhere_for(None).await;
        self.with_live(|live| live.elsewhere = found);
    }

    /// Another folder of this user that holds grants, of one app or of any; what can't be looked at
    /// holds none.
    pub(super) async fn elsewhere_for(&self, app: Option<&App>) -> Option<Elsewhere> {
        match elsewhere::find(&self.context, app).await {
            Ok(found) => found,
            Err(failure) => {
                tracing::debug!(%failure, "the keychain was not searched for other grants");
                None
            }
        }
    }

    /// Why a login has to be asked for twice: it would end one that another folder holds.
    pub(super) async fn held_up_by_elsewhere(&self, app: &App) -> Option<Failure> {
        if !app.provider.kind().keeps_one_grant() {
            return None;
        }
        let found = self.elsewhere_for(Some(app)).await?;
        let first = self.with_live(|live| {
            let first = !live.warned_of_elsewhere.contains(&app.id);
            live.warned_of_elsewhere.push(app.id.clone());
            first
        });
        first.then_some(Failure::Elsewhere(found))
    }

    /// Nobody is logged in here, but perhaps in another folder.
    pub(super) async fn nobody_here(&self, problem: Problem) -> Problem {
        match self.elsewhere_for(None).await {
            Some(found) => account_elsewhere(&found.folder(), &found.line()),
            None => problem,
        }
    }
}
