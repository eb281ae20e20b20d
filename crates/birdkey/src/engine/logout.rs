//! Logging out, now and later.

use super::Engine;
use crate::activity::What;
use crate::choose;
use crate::logout::{self, Unsent};
use crate::present::who;
use crate::problem::Problem;
use crate::view::LogoutView;

impl Engine {
    /// Revokes both tokens of an account, then erases it, whatever the server said. What a server
    /// could not be told is told later, by [`Engine::keep_fresh`] or [`Engine::finish_logouts`].
    ///
    /// # Errors
    ///
    /// A [`Problem`] when the vault can't be read or written; the account then stays.
    pub async fn log_out(&self, account: Option<&str>) -> Result<LogoutView, Problem> {
        self.log_out_and(account, Unsent::Wait).await
    }

    /// Tells servers of logouts that they could not be told of before.
    pub async fn finish_logouts(&self) {
        if logout::waiting_revocations(&self.world.folders.data).is_empty() {
            return;
        }
        if let Err(failure) =
            logout::finish_revocations(&self.world, |it| self.may_be_reached(it)).await
        {
            tracing::info!(%failure, "a logout goes on waiting");
        }
        self.touch();
    }

    pub(super) async fn log_out_and(
        &self,
        account: Option<&str>,
        unsent: Unsent,
    ) -> Result<LogoutView, Problem> {
        let config = self.config()?;
        let list = self.accounts()?;
        let account = config.account_meant(account, &list.accounts);
        let account = choose::account(&list.accounts, &config.apps, account)
            .map_err(|error| self.problem(&error.into(), None))?;
        let app = config.apps.iter().find(|app| app.id == account.app_id);
        let revoked = logout::log_out(&self.world, app, account, unsent).await;
        let revoked = revoked.map_err(|failure| self.problem(&failure, app));
        if let Err(problem) = &revoked {
            self.note_unless_noted(account, problem.code);
        }
        let revoked = revoked?;
        self.forget_notes();
        self.touch();
        self.note(What::Logout, account, revoked.failure());
        Ok(LogoutView {
            account: who(account),
            refresh_token: revoked.refresh,
            access_token: revoked.access,
        })
    }
}
