//! The second phase of a refresh: from the note to the new pair in the vault. Nothing cancels it.

use birdkey_messages::Words;

use super::note::{self, Left, Note};
use super::prepare::Ready;
use super::{Refresh, clear_sealed, sealed};
use crate::effects::vault::VaultError;
use crate::failure::{Failure, RefreshError, StoredError};
use crate::model::grant::{Circumstances, Grant};
use crate::problem::{About, Problem};
use crate::protocol::failure::TokenFailure;
use crate::protocol::token::read_token_answer;
use crate::store::accounts::{self, Ended};
use crate::store::activity::What;
use crate::use_cases::grants::{read_grant, write_grant};
use crate::use_cases::locks::Held;

impl Refresh {
    /// Sends what was prepared and sees it through; gives the lock back.
    pub(super) async fn sent(self, held: Held, ready: Ready) -> (Held, Result<Grant, Failure>) {
        let done = self.send(ready).await;
        if let Err(failure) = &done {
            self.note(failure);
        }
        (held, done)
    }

    /// From the note to the new pair in the vault; nothing but that write comes after the reply.
    async fn send(&self, ready: Ready) -> Result<Grant, Failure> {
        let Ready { grant, request, circumstances, note } = ready;
        note::write(&self.context.folders.data, &self.account_id, &note)?;
        let answer = match self.context.effects.http.send(request).await {
            Ok(answer) => answer,
            Err(error) => {
                // What never left costs nothing; but an earlier reply that was lost stays noted.
                let left = if error.was_not_sent() { Left::Unspent } else { Left::Unknown };
                self.end(&note, left, None);
                return Err(error.into());
            }
        };
        match read_token_answer(&answer) {
            Ok(response) => {
                let clock = &self.context.effects.clock;
                let obtained_at_ms = clock.now_unix_ms();
                let next =
                    grant.refreshed(response, Circumstances { obtained_at_ms, ..circumstances });
                let replied = clock.elapsed();
                let taken = self.take_over(&grant, next).await;
                let store_microseconds = clock.elapsed().saturating_sub(replied).as_micros();
                tracing::debug!(store_microseconds, "from the reply to the pair in the vault");
                taken
            }
            Err(failure) if failure.ends_the_grant() => self.ended(&grant, &note).await,
            Err(failure) => Err(self.refused(failure, &note)),
        }
    }

    /// Stores the new pair, then forgets what announced it.
    pub(super) async fn take_over(&self, before: &Grant, next: Grant) -> Result<Grant, Failure> {
        self.store(before, &next).await?;
        clear_sealed(&self.context.folders.data, &self.account_id);
        note::clear(&self.context.folders.data, &self.account_id);
        self.sync_account(&next);
        self.context.note(What::Refresh, self.whose(), None);
        Ok(next)
    }

    /// Writes the new pair and reads it back; a vault that stumbles is asked a second time (one that
    /// hangs is not), and what it does not take then waits in a file.
    async fn store(&self, before: &Grant, next: &Grant) -> Result<(), Failure> {
        let mut stored = self.write(next).await;
        if stored.as_ref().is_err_and(|failure| !is_hanging(failure)) {
            stored = self.write(next).await;
        }
        let kept = stored.is_err()
            && sealed::leave(&self.context.folders.data, &self.account_id, before, next);
        stored.map_err(|failure| {
            let problem = Problem::new(&failure, &About::app(&self.app));
            let reason = Words::sentences([problem.what, problem.why]);
            RefreshError::NotStored { reason, kept }.into()
        })
    }

    async fn write(&self, next: &Grant) -> Result<(), Failure> {
        write_grant(&self.context, &self.app, &self.account_id, next).await?;
        let found = read_grant(&self.context, &self.app, &self.account_id).await?;
        if found.serial == next.serial { Ok(()) } else { Err(StoredError::GrantMissing.into()) }
    }

    /// Notes what a refusal leaves open; none of these ends the grant.
    fn refused(&self, failure: TokenFailure, note: &Note) -> Failure {
        let left = if failure.leaves_the_token_unspent() { Left::Unspent } else { Left::Unknown };
        let now_ms = self.context.effects.clock.now_unix_ms();
        self.end(note, left, failure.retry_after(now_ms));
        failure.into()
    }

    /// The server's unambiguous word ends a grant, if it is still the one in the vault. Its cause
    /// stays the first one known: a second refusal says nothing new.
    async fn ended(&self, grant: &Grant, note: &Note) -> Result<Grant, Failure> {
        let data = &self.context.folders.data;
        let found = read_grant(&self.context, &self.app, &self.account_id).await?;
        if found.serial != grant.serial {
            note::clear(data, &self.account_id);
            self.sync_account(&found);
            return Ok(found);
        }
        let lost = note.is_doubtful_without_this();
        let cause = if lost { Ended::ReplyLost } else { Ended::Refused };
        let ended = accounts::change(data, |all| {
            let account = all.iter_mut().find(|one| one.id == self.account_id)?;
            account.sync_from(grant);
            Some(*account.ended.get_or_insert(cause))
        });
        match ended {
            Ok(ended) => {
                note::clear(data, &self.account_id);
                Err(RefreshError::Dead(ended.unwrap_or(cause)).into())
            }
            // The note stays, so that the server is asked again before the token is handed out.
            Err(error) => {
                tracing::warn!(%error, "the account list does not show that a login has ended");
                Err(RefreshError::Dead(cause).into())
            }
        }
    }

    fn end(&self, note: &Note, left: Left, asked: Option<std::time::Duration>) {
        let now_ms = self.context.effects.clock.now_unix_ms();
        note::end(&self.context.folders.data, &self.account_id, note, left, asked, now_ms);
    }

    /// Takes the pair over into the index, which the vault repairs if that fails.
    pub(super) fn sync_account(&self, grant: &Grant) {
        let changed = accounts::change(&self.context.folders.data, |all| {
            if let Some(account) = all.iter_mut().find(|one| one.id == self.account_id) {
                account.sync_from(grant);
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
