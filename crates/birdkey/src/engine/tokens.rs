//! Handing out tokens and refreshing them.

use super::Engine;
use crate::effects::process::Caller;
use crate::failure::Failure;
use crate::model::app::App;
use crate::problem::Problem;
use crate::store::activity::CLIPBOARD;
use crate::use_cases::token::{self, FreshToken, Needs};
use crate::use_cases::{identity, refresh};

impl Engine {
    /// Hands out the access token of an account, refreshed first when it is too short for `needs`.
    ///
    /// A refresh that was begun goes on when this future is dropped: its reply must not be lost.
    ///
    /// # Errors
    ///
    /// A [`Problem`]: no such account, vault unavailable, grant missing, settings changed, dead, or
    /// whatever network and server say to a refresh.
    pub async fn token(&self, account: Option<&str>, needs: &Needs) -> Result<FreshToken, Problem> {
        self.token_for(&self.context.effects.caller, account, needs).await
    }

    /// The same for a person who copies it: noted as given to the clipboard, whose contents any
    /// program can read.
    ///
    /// # Errors
    ///
    /// A [`Problem`], as for [`Engine::token`].
    pub async fn token_to_copy(&self, account: &str) -> Result<FreshToken, Problem> {
        let pid = self.context.effects.caller.pid;
        let clipboard = Caller { name: CLIPBOARD.into(), pid };
        self.token_for(&clipboard, Some(account), &Needs::default()).await
    }

    async fn token_for(
        &self,
        caller: &Caller,
        account: Option<&str>,
        needs: &Needs,
    ) -> Result<FreshToken, Problem> {
        let (account, app) = self.chosen_account(account).await?;
        let before = account.serial.clone();
        let handed_out = token::token(&self.context, &app, &account, needs).await;
        if handed_out.as_ref().map_or(true, |(handed_out, _)| handed_out.serial != before) {
            self.touch();
        }
        let failed = |failure| self.problem(&failure, Some(&app));
        let handed_out = handed_out.map_err(failed).map(|(handed_out, doubt)| {
            let warning = doubt.map(failed);
            let warning = warning.or_else(|| Self::overtaken(&account, &app, &handed_out.serial));
            FreshToken { warning, ..handed_out }
        });
        self.count_use_by(caller, &account, handed_out.as_ref().err());
        handed_out
    }

    /// Refreshes the grant of an account now, and its names; returns the account's id.
    ///
    /// # Errors
    ///
    /// A [`Problem`], as for [`Engine::token`]; the grant is kept.
    pub async fn refresh(&self, account: Option<&str>) -> Result<String, Problem> {
        let (account, app) = self.chosen_account(account).await?;
        let refreshed = self.refresh_with_names(&app, &account.id).await;
        if refreshed.is_ok() {
            self.sandbox_answered(&app);
            self.with_live(|live| live.vault_notes.remove(&account.id));
        }
        self.touch();
        let refreshed = refreshed.map_err(|failure| self.problem(&failure, Some(&app)));
        if let Err(problem) = &refreshed {
            self.note_failure(&account, problem.code);
        }
        refreshed
    }

    async fn refresh_with_names(&self, app: &App, account_id: &str) -> Result<String, Failure> {
        let grant = refresh::now(&self.context, app, account_id).await?;
        identity::update_names(&self.context, app, account_id, &grant).await
    }
}
