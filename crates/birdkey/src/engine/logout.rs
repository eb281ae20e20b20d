//! Logging out, now and later.

use std::time::Duration;

use super::Engine;
use crate::effects::clock::within;
use crate::model::app::App;
use crate::problem::{About, Problem, where_to_end};
use crate::store::accounts::Account;
use crate::store::activity::What;
use crate::store::login_notes;
use crate::use_cases::choose;
use crate::use_cases::logout::{self, LoggedOut};
use crate::use_cases::revocation;
use crate::use_cases::revocation::Occasion;
use crate::use_cases::unfinished;
use crate::view::{LogoutView, RevocationView};

/// What runs beside a command takes no longer than this in all.
const IN_PASSING: Duration = Duration::from_secs(3);

impl Engine {
    /// Revokes both tokens of an account, then erases it, whatever the server said. What a server
    /// has not had its word on is sent later, by [`Engine::keep_fresh`] or [`Engine::finish_logouts`].
    ///
    /// # Errors
    ///
    /// A [`Problem`] when the vault can't be read or written; the account then stays.
    pub async fn log_out(&self, account: Option<&str>) -> Result<LogoutView, Problem> {
        self.finish_logins_alone().await;
        let config = self.config()?;
        let list = self.accounts()?;
        let account = config.account_meant(account, &list.accounts);
        let account = choose::account(&list.accounts, &config.apps, account)
            .map_err(|error| self.problem(&error.into(), None))?;
        let app = config.apps.iter().find(|app| app.id == account.app_id);
        let out = self.log_out_of(account, app).await?;
        self.leave_to_the_caller(account, &out);
        Ok(out)
    }

    /// The caller has shown how its logouts ended. Until this is called, which is never in a
    /// process that was killed, the next `status` says what they left alive at a server.
    pub fn logouts_were_shown(&self) {
        let shown = self.with_live(|live| std::mem::take(&mut live.unconfirmed_logouts));
        for account_id in &shown {
            logout::was_said(&self.context, account_id);
        }
        if !shown.is_empty() {
            self.touch();
        }
    }

    /// The caller could not show how its logouts ended: that stays among the notices.
    pub fn leave_logouts_among_the_notices(&self) {
        self.change_live(|live| live.unconfirmed_logouts.clear());
    }

    /// What a logout left alive is for the caller to show, and no longer among the notices here.
    pub(super) fn leave_to_the_caller(&self, account: &Account, out: &LogoutView) {
        let lives_on = [&out.refresh_token, &out.access_token].into_iter().any(|half| match half {
            RevocationView::Unsupported | RevocationView::Failed { .. } => true,
            RevocationView::Revoked | RevocationView::None | RevocationView::Waiting { .. } => {
                false
            }
        });
        // Else it says nothing, and what an earlier logout left to be said stays.
        if lives_on || out.newer_tokens.is_some() {
            self.with_live(|live| live.unconfirmed_logouts.push(account.id.clone()));
            self.touch();
        }
    }

    pub(super) async fn log_out_of(
        &self,
        account: &Account,
        app: Option<&App>,
    ) -> Result<LogoutView, Problem> {
        let ended = logout::log_out(&self.context, app, account).await;
        let ended = ended.map_err(|failure| self.problem(&failure, app));
        if let Err(problem) = &ended {
            self.note_failure(account, problem.code);
        }
        let LoggedOut { revoked, newer } = ended?;
        self.forget_notes();
        self.touch();
        let not_revoked = revoked.failure().is_some();
        let code = revoked.failure().or(newer.as_ref().map(|problem| problem.code));
        self.note(What::Logout, account, code);
        Ok(LogoutView {
            account_id: account.id.clone(),
            account: account.called(),
            refresh_token: revoked.refresh.into(),
            access_token: revoked.access.into(),
            newer_tokens: newer,
            hint: not_revoked.then(|| where_to_end(&app.map(About::app).unwrap_or_default())),
        })
    }

    /// Sends what servers could not be sent before, because a person asked for it.
    pub async fn finish_logouts(&self) {
        self.finish_queue(Occasion::Asked).await;
    }

    /// The same beside a command that has answered already: three seconds in all, and no host twice in
    /// ten minutes.
    pub async fn finish_logouts_in_passing(&self) {
        let finished = self.finish_queue(Occasion::InPassing);
        if within(&*self.context.effects.clock, IN_PASSING, finished).await.is_err() {
            tracing::info!("a logout goes on waiting: the server is slow");
        }
    }

    async fn finish_queue(&self, occasion: Occasion) {
        if revocation::read(&self.context.folders.data).is_empty() {
            return;
        }
        let finished = revocation::finish(&self.context, occasion, |waiting| {
            self.may_be_reached_at(&waiting.host)
        });
        if let Err(failure) = Box::pin(finished).await {
            tracing::info!(%failure, "a logout goes on waiting");
        }
        self.touch();
    }

    /// Finishes logins and logouts that were cut off, as far as it can be done now.
    pub(super) async fn finish_logins(&self) {
        if login_notes::read(&self.context.folders.data).is_empty() {
            return;
        }
        // Rare and large: not in the future of each token.
        if Box::pin(unfinished::finish(&self.context)).await {
            self.touch();
        }
    }

    /// The same before a logout, which finishes an earlier one by itself and says what became of it.
    pub(super) async fn finish_logins_alone(&self) {
        if Box::pin(unfinished::finish_logins(&self.context)).await {
            self.touch();
        }
    }
}
