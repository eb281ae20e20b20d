//! Which account and which app are meant, by name or by choice.

use super::Engine;
use crate::failure::ChoiceError;
use crate::model::app::App;
use crate::problem::{Code, Problem};
use crate::store::accounts::{self, Account};
use crate::store::settings::{DefaultOf, set_default};
use crate::use_cases::choose;

impl Engine {
    /// Makes an account the one meant when none is named; returns its id.
    ///
    /// # Errors
    ///
    /// A [`Problem`]: no such account, or the configuration can't be changed.
    pub fn make_default_account(&self, account: &str) -> Result<String, Problem> {
        let (account, app) = self.choose_account(Some(account))?;
        self.make_default(DefaultOf::Account, &account.id, &app)?;
        Ok(account.id)
    }

    /// Makes an app the one that a login means when none is named; returns its id.
    ///
    /// # Errors
    ///
    /// A [`Problem`]: no such app, or the configuration can't be changed.
    pub fn make_default_app(&self, app: &str) -> Result<String, Problem> {
        let app = self.app(Some(app))?;
        self.make_default(DefaultOf::App, &app.id, &app)?;
        Ok(app.id)
    }

    fn make_default(&self, which: DefaultOf, id: &str, app: &App) -> Result<(), Problem> {
        let set = set_default(&self.context.folders.config, which, id);
        self.touch();
        set.map_err(|error| self.problem(&error.into(), Some(app)))
    }

    /// The id of the account meant among those of one app.
    ///
    /// # Errors
    ///
    /// A [`Problem`]: no such app, or none or several of its accounts fit.
    pub fn account_of(&self, app: &str, given: Option<&str>) -> Result<String, Problem> {
        let app = self.app(Some(app))?;
        let config = self.config()?;
        let mut list = self.accounts()?.accounts;
        list.retain(|account| account.app_id == app.id);
        let given = config.account_meant(given, &list);
        let chosen = choose::account(&list, &config.apps, given);
        let chosen = chosen.map(|account| account.id.clone());
        chosen.map_err(|error| self.problem(&error.into(), Some(&app)))
    }

    /// The id of the account that this name, or without one the default, refers to. It only reads.
    ///
    /// # Errors
    ///
    /// A [`Problem`]: none or several accounts fit.
    pub fn account_id(&self, given: Option<&str>) -> Result<String, Problem> {
        self.choose_account(given).map(|(account, _)| account.id)
    }

    /// The same as [`Engine::choose_account`], after logins that were cut off are finished; where nobody
    /// is logged in, it says who is in another folder of this user.
    pub(super) async fn chosen_account(
        &self,
        given: Option<&str>,
    ) -> Result<(Account, App), Problem> {
        self.finish_logins().await;
        match self.choose_account(given) {
            Err(problem) if problem.code == Code::AccountNone => {
                Err(self.nobody_here(problem).await)
            }
            chosen => chosen,
        }
    }

    /// The account meant, and its app.
    pub(super) fn choose_account(&self, given: Option<&str>) -> Result<(Account, App), Problem> {
        let config = self.config()?;
        let app_of = |account: &Account| choose::app(&config.apps, Some(&account.app_id)).cloned();
        let id = given.or(config.default_account.as_deref());
        if let Some(account) = id.and_then(|id| accounts::find(&self.context.folders.data, id)) {
            let app = app_of(&account).map_err(|error| self.problem(&error.into(), None))?;
            return Ok((account, app));
        }
        let list = self.accounts()?;
        let given = config.account_meant(given, &list.accounts);
        let chosen = choose::account(&list.accounts, &config.apps, given)
            .and_then(|account| Ok((account.clone(), app_of(account)?)));
        chosen.map_err(|error: ChoiceError| self.problem(&error.into(), None))
    }
}
