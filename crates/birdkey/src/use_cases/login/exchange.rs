//! From the code to the grant in the vault.

use std::time::Duration;

use birdkey_foreign::Foreign;

use super::{Attempt, LoginRequest, Progress};
use crate::effects::loopback::{Outcome, Redirects};
use crate::effects::underway::CutOff;
use crate::effects::vault::{ItemName, VaultError};
use crate::failure::{ChoiceError, Failure, LoginFailure, RefreshError};
use crate::model::grant::Grant;
use crate::protocol::authorize::PendingLogin;
use crate::protocol::callback::AuthorizationCode;
use crate::protocol::message::Request;
use crate::protocol::token::read_token_answer;
use crate::store::accounts::{self, Account};
use crate::store::config;
use crate::store::login_notes::{self, LoginNote, Step};
use crate::use_cases::context::Context;
use crate::use_cases::grants::write_grant;
use crate::use_cases::identity::{self, Login};
use crate::use_cases::locks::{self, Held};
use crate::use_cases::revocation::{BestEffort, revoke_best_effort};

/// How long another login through the same app is waited for: a code lives 30 seconds.
const TURN_LIMIT: Duration = Duration::from_secs(25);

impl Attempt<'_> {
    /// Exchanges the code, stores the grant, then tells the browser; asks for the profile meanwhile.
    pub(super) async fn complete(
        &self,
        pending: PendingLogin,
        code: AuthorizationCode,
        issuer: Option<Foreign>,
        redirects: Box<dyn Redirects>,
    ) -> Result<String, Failure> {
        tracing::info!(app = self.request.app.id, "the redirect came; the code is exchanged");
        self.observer.progress(Progress::Exchanging);
        let exchange = match self.exchange(pending, code, issuer).await {
            Ok(exchange) => exchange,
            Err(failure) => return Err(self.give_up(failure, redirects).await),
        };
        let done = self.context.underway.see_through(exchange.run()).await;
        let done = done.unwrap_or_else(|CutOff| Err(RefreshError::CutOff.into()));
        let (turn, note, grant) = match done {
            Ok(done) => done,
            Err(failure) => return Err(self.give_up(failure, redirects).await),
        };
        self.observer.progress(Progress::Stored(&note.account_id));
        let ((), profile) = tokio::join!(
            redirects.finish(Outcome::Done),
            identity::profile(self.context, &self.request.app, &grant)
        );
        let settled =
            identity::assign_login(self.context, &self.request.app, &note, profile).await?;
        drop(turn);
        for remark in settled.remarks {
            self.observer.progress(Progress::Remark(remark));
        }
        if let Some(problem) = settled.not_renewed {
            self.observer.progress(Progress::NotRenewed(problem));
        }
        Ok(settled.account_id)
    }

    /// Waits for other logins through this app, so that the order of the grants is the server's order.
    async fn exchange(
        &self,
        pending: PendingLogin,
        code: AuthorizationCode,
        issuer_seen: Option<Foreign>,
    ) -> Result<Exchange, Failure> {
        let lock = locks::logins_of(&self.request.app.id);
        let turn = locks::hold_within(self.context, &lock, TURN_LIMIT).await;
        let turn = turn.map_err(|failure| {
            let busy = matches!(failure, Failure::Refresh(RefreshError::Busy { .. }));
            if busy { LoginFailure::Running.into() } else { failure }
        })?;
        if self.context.is_closing() {
            return Err(LoginFailure::Cancelled.into());
        }
        let app = &self.request.app;
        // Removed meanwhile: a grant of it would have no place.
        let apps = config::read(&self.context.folders.config)?.apps;
        if !apps.iter().any(|one| one.id == app.id) {
            let (given, known) = (app.name.clone(), Vec::new());
            return Err(ChoiceError::AppUnknown { given, known }.into());
        }
        let note = LoginNote {
            account_id: self.context.new_id()?,
            app_id: app.id.clone(),
            app_name: app.name.clone(),
            at_ms: self.context.effects.clock.now_unix_ms(),
            host: self.context.effects.host.clone(),
            target: self.request.target.clone(),
            step: Step::Sent,
            then: None,
        };
        let request = pending.redeem(code, &self.endpoints.token, &self.authentication);
        let (context, asked) = (self.context.clone(), self.request.clone());
        Ok(Exchange { context, asked, request, issuer_seen, note, turn })
    }
}

/// The exchange of a code; once begun it is not cancelled.
struct Exchange {
    context: Context,
    asked: LoginRequest,
    request: Request,
    issuer_seen: Option<Foreign>,
    note: LoginNote,
    turn: Held,
}

impl Exchange {
    /// Notes the exchange, sends it and stores the grant; gives the turn back, as the login holds it
    /// until it is known whose grant it is.
    async fn run(mut self) -> Result<(Held, LoginNote, Grant), Failure> {
        login_notes::write(&self.context.folders.data, &self.note)?;
        let grant = self.send().await?;
        if let Err(failure) = self.store(&grant).await {
            // A grant that can't be found again must not stay alive at the provider.
            let app = &self.asked.app;
            let ended = revoke_best_effort(&self.context, Some(app), &app.id, &grant).await;
            self.ended_without_grant(ended != BestEffort::Revoked);
            return Err(failure);
        }
        self.note.step = Step::Stored;
        if let Err(error) = login_notes::write(&self.context.folders.data, &self.note) {
            tracing::warn!(%error, "the note of a login says less than is known");
        }
        Ok((self.turn, self.note, grant))
    }

    async fn send(&mut self) -> Result<Grant, Failure> {
        let answer = match self.context.effects.http.send(self.request.clone()).await {
            Ok(answer) => answer,
            Err(error) => {
                self.ended_without_grant(!error.was_not_sent());
                return Err(error.into());
            }
        };
        let response = match read_token_answer(&answer) {
            Ok(response) => response,
            Err(refusal) => {
                self.ended_without_grant(refusal.may_have_issued_tokens());
                return Err(refusal.into());
            }
        };
        let mut circumstances =
            self.context.circumstances(&self.asked.app, self.asked.scopes.clone())?;
        circumstances.issuer_seen = self.issuer_seen.take();
        Ok(Grant::new(response, circumstances))
    }

    /// Tokens that may have been issued are not forgotten; `status` and `doctor` name them.
    fn ended_without_grant(&mut self, may_live: bool) {
        let data = &self.context.folders.data;
        if !may_live {
            return login_notes::clear(data, &self.note.account_id);
        }
        self.note.step = Step::Unanswered;
        if let Err(error) = login_notes::write(data, &self.note) {
            tracing::warn!(%error, "the note of a login says less than is known");
        }
        let (app, account_id) = (&self.asked.app, self.note.account_id.as_str());
        Login { app, account_id, user: None }.mark_overtaken(&self.context);
    }

    /// Writes the vault item, then the index.
    async fn store(&self, grant: &Grant) -> Result<(), Failure> {
        let (context, app, account_id) = (&self.context, &self.asked.app, &self.note.account_id);
        // A move to another vault must not miss the new account.
        let _held = locks::hold(context, locks::VAULT).await?;
        let vault = &context.effects.vault;
        match write_grant(context, app, account_id, grant).await {
            Err(VaultError::Locked) => {
                vault.unlock().await?;
                write_grant(context, app, account_id, grant).await?;
            }
            written => written?,
        }
        let account = Account::new(account_id.clone(), app.id.clone(), grant);
        let listed = accounts::change(&context.folders.data, |all| all.push(account));
        if let Err(error) = listed {
            // Without its entry nobody would find the item again.
            vault.remove(&ItemName::grant(&app.id, account_id)).await?;
            return Err(error.into());
        }
        Ok(())
    }
}
