//! The first phase of a refresh: everything up to the note. It can be cancelled, as nothing was sent.

use std::time::Duration;

use super::note::{self, Note, Standing};
use super::{Initiator, Refresh, clear_sealed, is_left, sealed};
use crate::failure::{Failure, RefreshError, StoredError};
use crate::model::grant::{Circumstances, Grant};
use crate::protocol::failure::TokenFailure;
use crate::protocol::message::Request;
use crate::protocol::token::refresh_request;
use crate::use_cases::context::endpoints_of;
use crate::use_cases::grants::read_grant;
use crate::use_cases::locks::Held;

/// What the first phase found.
pub(super) enum Prepared {
    /// Nothing has to be sent: this grant is good.
    Settled(Box<Grant>),
    /// All that is needed to send.
    Ready(Box<Ready>),
}

/// A refresh that may begin.
pub(super) struct Ready {
    /// The pair that is spent.
    pub(super) grant: Grant,
    /// What is sent.
    pub(super) request: Request,
    /// What is known about the pair to come.
    pub(super) circumstances: Circumstances,
    /// What is noted before.
    pub(super) note: Note,
}

impl Refresh {
    /// Looks at the vault and the note again, now that the account is held, and makes sure that
    /// a new pair could be stored.
    pub(super) async fn prepare(&self, _held: &Held, seen: &str) -> Result<Prepared, Failure> {
        let data = &self.context.folders.data;
        let mut grant = self.newest().await?;
        let now_ms = self.context.effects.clock.now_unix_ms();
        if grant.serial != seen && !grant.expires_within(now_ms, 0) {
            self.sync_account(&grant);
            return Ok(Prepared::Settled(Box::new(grant)));
        }
        let mut before = note::of_pair(data, &self.account_id, &grant.serial)?;
        match super::standing(&self.context, &self.account_id, &grant.serial) {
            Standing::Resting { left, doubtful } if self.initiator == Initiator::Program => {
                return Err(resting(left, doubtful));
            }
            Standing::Elsewhere { left } => {
                self.context.effects.clock.sleep(left).await;
                grant = self.newest().await?;
                if grant.serial != seen {
                    self.sync_account(&grant);
                    return Ok(Prepared::Settled(Box::new(grant)));
                }
                before = note::of_pair(data, &self.account_id, &grant.serial)?;
            }
            Standing::Resting { .. } | Standing::Quiet | Standing::Open => {}
        }
        let request = self.request(&grant).await?;
        // Asked before sending: a vault that takes nothing would lose the new pair.
        self.context.effects.vault.ready().await?;
        if self.context.is_closing() {
            return Err(RefreshError::Closing.into());
        }
        let scopes = grant.scopes_requested.clone();
        let circumstances = self.context.circumstances(&self.app, scopes)?;
        let (serial, at_ms) = (&grant.serial, circumstances.obtained_at_ms);
        let note = Note::new(serial, at_ms, &self.context.effects.host, before.as_ref());
        Ok(Prepared::Ready(Box::new(Ready { grant, request, circumstances, note })))
    }

    /// The pair in the vault, or a newer one that waits to get there.
    async fn newest(&self) -> Result<Grant, Failure> {
        let data = &self.context.folders.data;
        let grant = read_grant(&self.context, &self.app, &self.account_id).await?;
        if !is_left(data, &self.account_id) {
            return Ok(grant);
        }
        if let Some(next) = sealed::left(data, &self.account_id, &grant)? {
            return self.take_over(&grant, next).await;
        }
        clear_sealed(data, &self.account_id);
        Ok(grant)
    }

    async fn request(&self, grant: &Grant) -> Result<Request, Failure> {
        let Some(refresh_token) = &grant.refresh_token else {
            return Err(StoredError::Expired.into());
        };
        let endpoints = endpoints_of(&self.app)?;
        let authentication = self.context.authentication(&self.app, &endpoints).await?;
        let client_id = &self.app.client_id;
        Ok(refresh_request(&endpoints.token, &authentication, client_id, refresh_token))
    }
}

/// Why the server is not asked now.
fn resting(left: Duration, doubtful: bool) -> Failure {
    let seconds = left.as_secs().max(1);
    if doubtful {
        return RefreshError::Unanswered { seconds }.into();
    }
    TokenFailure::RateLimited { retry_after_seconds: Some(seconds), reset_unix: None }.into()
}
