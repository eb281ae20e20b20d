//! The refresh: one at a time for each account across all processes, and no reply lost unnoticed.

mod due;
mod intent;
mod names;
mod pauses;
mod sealed;
mod turns;
mod used;
mod wait;

use std::path::{Path, PathBuf};
use std::time::Duration;

use birdkey_messages::Words;

use crate::activity::{What, Whose};
use crate::app::{App, Binding};
use crate::effects::seal;
use crate::effects::vault::VaultError;
use crate::failure::{Failure, RefreshError, StoredError};
use crate::grant::{Circumstances, Grant};
use crate::hand_out::{read_grant, write_grant};
use crate::present::who;
use crate::problem::{About, Code, Problem};
use crate::protocol::failure::TokenFailure;
use crate::protocol::message::Request;
use crate::protocol::token::{read_token_answer, refresh_request};
use crate::store::accounts::{self, Ended};
use crate::world::{World, endpoints_of};
pub(crate) use due::due_at;
use intent::Intent;
pub(crate) use pauses::Pauses;
pub(crate) use sealed::{clear as clear_sealed, is_left, left};
use turns::{HOLDER_LIMIT, hold_within};
pub(crate) use turns::{Held, Turns, VAULT, hold};
pub(crate) use used::{last as last_used, note as note_use};

/// Failures that are noted here, because they end a login or nearly did.
pub(crate) const NOTED: [Code; 4] =
    [Code::RefreshRefused, Code::RefreshReplyLost, Code::RefreshNotStored, Code::RefreshWaits];

/// Refreshes a grant unless another process has done it since the pair with the serial `seen`.
pub(crate) async fn unless_done(
    world: &World,
    app: &App,
    account_id: &str,
    seen: &str,
) -> Result<Grant, Failure> {
    Refresh::new(world, app, account_id, Asker::Program).begin(seen).await
}

/// The same, and fails at once while another process is at it.
pub(crate) async fn unless_busy(
    world: &World,
    app: &App,
    account_id: &str,
    seen: &str,
) -> Result<Grant, Failure> {
    let refresh = Refresh::new(world, app, account_id, Asker::Program);
    Refresh { holder_limit: Duration::ZERO, ..refresh }.begin(seen).await
}

/// Refreshes a grant because the user says so, then asks for the names.
///
/// Returns the account's id, which is another one when it turns out to be an older account's user.
pub(crate) async fn now(world: &World, app: &App, account_id: &str) -> Result<String, Failure> {
    let grant = read_grant(world, app, account_id).await?;
    let grant = Refresh::new(world, app, account_id, Asker::User).begin(&grant.serial).await?;
    names::update(world, app, account_id, &grant).await
}

/// Whether the refresh of this pair was cut off at least `before_ms` ago: its reply may be lost.
pub(crate) fn was_cut_off(data: &Path, account_id: &str, serial: &str, before_ms: i64) -> bool {
    let noted = intent::read(data, account_id).ok().flatten();
    noted.is_some_and(|intent| intent.serial == serial && intent.at_ms <= before_ms)
}

/// Where the lock and the note of an account lie.
fn place(data: &Path, account_id: &str) -> PathBuf {
    data.join("locks").join(account_id)
}

struct Refresh {
    world: World,
    app: App,
    account_id: String,
    asker: Asker,
    holder_limit: Duration,
}

/// Who wants it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asker {
    /// A person, who may ask a server that wants to be left alone.
    User,
    /// A program, or nobody.
    Program,
}

impl Refresh {
    fn new(world: &World, app: &App, account_id: &str, asker: Asker) -> Self {
        let (world, app, account_id) = (world.clone(), app.clone(), account_id.to_owned());
        Self { world, app, account_id, asker, holder_limit: HOLDER_LIMIT }
    }

    async fn begin(self, seen: &str) -> Result<Grant, Failure> {
        let (refresh, seen) = (self, seen.to_owned());
        // In a task of its own: a caller that goes away must not cut the reply off.
        let task = tokio::spawn(async move {
            let done = refresh.run(&seen).await;
            refresh.note(done.as_ref().err());
            done
        });
        task.await.unwrap_or_else(|_| Err(RefreshError::CutOff.into()))
    }

    async fn run(&self, seen: &str) -> Result<Grant, Failure> {
        let clock = &*self.world.effects.clock;
        let data = &self.world.folders.data;
        let _held = hold_within(&self.world, &self.account_id, self.holder_limit).await?;
        let mut grant = read_grant(&self.world, &self.app, &self.account_id).await?;
        if is_left(data, &self.account_id) {
            match sealed::left(data, &self.account_id, &grant)? {
                Some(next) => grant = self.take_over(&grant, next).await?,
                None => clear_sealed(data, &self.account_id),
            }
        }
        if grant.serial != seen && !grant.is_too_short(clock.now_unix_ms(), 0) {
            self.follow(&grant);
            return Ok(grant);
        }
        if self.asker == Asker::Program {
            wait::heed(data, &self.account_id, clock.now_unix_ms())?;
        }
        let request = self.request(&grant).await?;
        // Asked before sending: a vault that takes nothing would lose the new pair.
        self.world.effects.vault.ready().await?;
        let lost_before = intent::read(data, &self.account_id)?
            .is_some_and(|intent| intent.serial == grant.serial);
        self.send(request, grant, lost_before).await
    }

    async fn request(&self, grant: &Grant) -> Result<Request, Failure> {
        let Some(refresh_token) = &grant.refresh_token else {
            return Err(StoredError::Expired.into());
        };
        let endpoints = endpoints_of(&self.app)?;
        let authentication = self.world.authentication(&self.app, &endpoints).await?;
        let client_id = &self.app.client_id;
        Ok(refresh_request(&endpoints.token, &authentication, client_id, refresh_token))
    }

    /// From the note to the new pair in the vault; nothing but that write comes after the reply.
    async fn send(
        &self,
        request: Request,
        grant: Grant,
        lost_before: bool,
    ) -> Result<Grant, Failure> {
        let data = &self.world.folders.data;
        let circumstances = self.circumstances(&grant)?;
        let at_ms = circumstances.obtained_at_ms;
        intent::write(data, &self.account_id, &Intent { serial: grant.serial.clone(), at_ms })?;
        let answer = match self.world.effects.http.send(request).await {
            Ok(answer) => answer,
            Err(error) => {
                // What never left costs nothing; but an earlier reply that was lost stays noted.
                if error.was_not_sent() && !lost_before {
                    intent::clear(data, &self.account_id);
                }
                return Err(error.into());
            }
        };
        match read_token_answer(&answer) {
            Ok(response) => {
                let obtained_at_ms = self.world.effects.clock.now_unix_ms();
                let next =
                    grant.refreshed(response, Circumstances { obtained_at_ms, ..circumstances });
                let clock = &self.world.effects.clock;
                let replied = clock.elapsed();
                let taken = self.take_over(&grant, next).await;
                let store_microseconds = clock.elapsed().saturating_sub(replied).as_micros();
                tracing::debug!(store_microseconds, "from the reply to the pair in the vault");
                taken
            }
            Err(failure) => self.refused(failure, &grant, lost_before).await,
        }
    }

    fn circumstances(&self, grant: &Grant) -> Result<Circumstances, Failure> {
        Ok(Circumstances {
            serial: self.world.new_id()?,
            seal_key: seal::new_key(),
            binding: Binding::of(&self.app.client_id, &endpoints_of(&self.app)?),
            kind: self.app.provider.kind(),
            scopes_requested: grant.scopes_requested.clone(),
            obtained_at_ms: self.world.effects.clock.now_unix_ms(),
            issuer_seen: None,
        })
    }

    /// Stores the new pair, then forgets what told of its coming.
    async fn take_over(&self, before: &Grant, next: Grant) -> Result<Grant, Failure> {
        self.store(before, &next).await?;
        clear_sealed(&self.world.folders.data, &self.account_id);
        intent::clear(&self.world.folders.data, &self.account_id);
        wait::clear(&self.world.folders.data, &self.account_id);
        self.follow(&next);
        self.world.note(What::Refresh, self.whose(), None);
        Ok(next)
    }

    /// Whoever asked tells of other failures.
    fn note(&self, failure: Option<&Failure>) {
        let code = failure.map(|failure| Problem::new(failure, &About::app(&self.app)).code);
        if let Some(code) = code.filter(|code| NOTED.contains(code)) {
            self.world.note(What::Failure, self.whose(), Some(code));
        }
    }

    fn whose(&self) -> Whose {
        let list = accounts::read(&self.world.folders.data).unwrap_or_default();
        let called = list.find(&self.account_id).map(who);
        Whose { id: Some(self.account_id.clone()), called }
    }

    /// Writes the new pair and reads it back; a vault that stumbles is asked a second time (one that
    /// hangs is not), and what it does not take then waits in a file.
    async fn store(&self, before: &Grant, next: &Grant) -> Result<(), Failure> {
        let mut stored = self.write(next).await;
        if stored.as_ref().is_err_and(|failure| !is_hanging(failure)) {
            stored = self.write(next).await;
        }
        let kept = stored.is_err()
            && sealed::leave(&self.world.folders.data, &self.account_id, before, next);
        stored.map_err(|failure| {
            let problem = Problem::new(&failure, &About::app(&self.app));
            let reason = Words::sentences([problem.what, problem.why]);
            RefreshError::NotStored { reason, kept }.into()
        })
    }

    async fn write(&self, next: &Grant) -> Result<(), Failure> {
        write_grant(&self.world, &self.app, &self.account_id, next).await?;
        let found = read_grant(&self.world, &self.app, &self.account_id).await?;
        if found.serial == next.serial { Ok(()) } else { Err(StoredError::GrantMissing.into()) }
    }

    /// Reads what a refusal means for the grant; only the server's unambiguous word ends it.
    async fn refused(
        &self,
        failure: TokenFailure,
        grant: &Grant,
        lost_before: bool,
    ) -> Result<Grant, Failure> {
        let data = &self.world.folders.data;
        if !matches!(failure, TokenFailure::RefreshTokenInvalid | TokenFailure::InvalidGrant) {
            if is_certainly_unspent(&failure) && !lost_before {
                intent::clear(data, &self.account_id);
            }
            let failure = failure.into();
            wait::note(data, &self.account_id, &failure, self.world.effects.clock.now_unix_ms());
            return Err(failure);
        }
        if !lost_before {
            // The server has answered; should something fail below, no reply was lost.
            intent::clear(data, &self.account_id);
        }
        let found = read_grant(&self.world, &self.app, &self.account_id).await?;
        if found.serial != grant.serial {
            self.follow(&found);
            return Ok(found);
        }
        let ended = if lost_before { Ended::ReplyLost } else { Ended::Refused };
        accounts::change(data, |all| {
            if let Some(account) = all.iter_mut().find(|one| one.id == self.account_id) {
                account.follow(grant);
                account.ended = Some(ended);
            }
        })?;
        intent::clear(data, &self.account_id);
        Err(RefreshError::Dead(ended).into())
    }

    /// Takes the pair over into the index, which the vault repairs if that fails.
    fn follow(&self, grant: &Grant) {
        let changed = accounts::change(&self.world.folders.data, |all| {
            if let Some(account) = all.iter_mut().find(|one| one.id == self.account_id) {
                account.follow(grant);
            }
        });
        if let Err(error) = changed {
            tracing::warn!(%error, "the account list does not show the refresh");
        }
    }
}

fn is_hanging(failure: &Failure) -> bool {
    matches!(failure, Failure::Vault(VaultError::TimedOut))
}

/// Whether the server refused before it did anything, so that the refresh token still works.
fn is_certainly_unspent(failure: &TokenFailure) -> bool {
    match failure {
        TokenFailure::ClientIdInvalid
        | TokenFailure::ClientIdMissing
        | TokenFailure::ClientAuthentication
        | TokenFailure::RateLimited { .. }
        | TokenFailure::Refused { .. }
        | TokenFailure::CodeInvalid
        | TokenFailure::RedirectMismatch
        | TokenFailure::VerifierMismatch => true,
        TokenFailure::RefreshTokenInvalid
        | TokenFailure::InvalidGrant
        | TokenFailure::Unavailable { .. }
        | TokenFailure::NotJson { .. }
        | TokenFailure::Truncated
        | TokenFailure::NoAccessToken
        | TokenFailure::TokenType { .. }
        | TokenFailure::Redirected { .. } => false,
    }
}
