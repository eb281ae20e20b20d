//! The refresh: one at a time for each account across all processes, and no reply lost unnoticed.
//!
//! It has two phases. Before the note ([`prepare`]) it can be cancelled: nothing was sent. From the note
//! on ([`send`]) nothing cancels it: not a dropped future, and not the end of the program, which waits for
//! [`crate::effects::underway::Underway::ended`].

mod due;
mod note;
mod pauses;
mod prepare;
mod refused;
mod sealed;
mod send;
mod used;

use std::path::Path;
use std::time::Duration;

use crate::effects::files::{self, OurFile};
use crate::effects::underway::CutOff;
use crate::failure::{Failure, RefreshError};
use crate::model::app::App;
use crate::model::grant::Grant;
use crate::problem::{About, Code, Problem};
use crate::store::accounts;
use crate::store::activity::{What, Whose};
use crate::use_cases::context::Context;
use crate::use_cases::grants::read_grant;
use crate::use_cases::locks::{HOLDER_LIMIT, Held, hold_within};
pub(crate) use due::due_at;
pub(crate) use note::{Standing, clear as clear_note, exists as is_noted};
pub(crate) use pauses::Pauses;
use prepare::Prepared;
pub(crate) use refused::{note as note_refused, was_refused};
pub(crate) use sealed::{clear as clear_sealed, is_left, left};
pub(crate) use used::{last as last_used, note as note_use};

/// Failures that are noted here, because they end a login or nearly did.
pub(crate) const NOTED: [Code; 4] =
    [Code::RefreshRefused, Code::RefreshReplyLost, Code::RefreshNotStored, Code::RefreshWaits];

/// Refreshes a grant unless another process has done it since the pair with the serial `seen`.
pub(crate) async fn unless_newer(
    context: &Context,
    app: &App,
    account_id: &str,
    seen: &str,
) -> Result<Grant, Failure> {
    Refresh::new(context, app, account_id, Initiator::Program).run(seen, HOLDER_LIMIT).await
}

/// The same, and fails at once while another process is at it.
pub(crate) async fn unless_busy(
    context: &Context,
    app: &App,
    account_id: &str,
    seen: &str,
) -> Result<Grant, Failure> {
    Refresh::new(context, app, account_id, Initiator::Program).run(seen, Duration::ZERO).await
}

/// Refreshes a grant because the user says so.
pub(crate) async fn now(context: &Context, app: &App, account_id: &str) -> Result<Grant, Failure> {
    let grant = read_grant(context, app, account_id).await?;
    let refresh = Refresh::new(context, app, account_id, Initiator::User);
    refresh.run(&grant.serial, HOLDER_LIMIT).await
}

/// Refreshes the grant of an account that is held already, and gives the lock back.
///
/// # Errors
///
/// [`CutOff`] when the runtime was stopped meanwhile; the lock is gone with it.
pub(crate) async fn of_held(
    context: &Context,
    app: &App,
    account_id: &str,
    held: Held,
    seen: &str,
) -> Result<(Held, Result<Grant, Failure>), CutOff> {
    let refresh = Refresh::new(context, app, account_id, Initiator::User);
    match refresh.prepare(&held, seen).await {
        Ok(Prepared::Settled(grant)) => Ok((held, Ok(*grant))),
        Ok(Prepared::Ready(ready)) => {
            let underway = context.underway.clone();
            underway.see_through(refresh.sent(held, *ready)).await
        }
        Err(failure) => Ok((held, Err(failure))),
    }
}

/// Where the refresh of the pair with this serial stands.
pub(crate) fn standing(context: &Context, account_id: &str, serial: &str) -> Standing {
    let now_ms = context.effects.clock.now_unix_ms();
    note::standing(&context.folders.data, account_id, serial, &context.effects.host, now_ms)
}

/// Whether a refresh of this pair may have brought another one about that is not in the vault.
pub(crate) fn is_unanswered(context: &Context, account_id: &str, serial: &str) -> bool {
    match standing(context, account_id, serial) {
        Standing::Quiet | Standing::Resting { doubtful: false, .. } => false,
        Standing::Open | Standing::Elsewhere { .. } | Standing::Resting { .. } => true,
    }
}

/// Moves what is known about the refresh of a pair along with it; what was known about the pair that it
/// replaces goes.
pub(crate) fn move_marks(data: &Path, from: &str, to: &str) {
    for mark in [OurFile::refresh_note, OurFile::sealed_pair] {
        let (from, to) = (mark(data, from), mark(data, to));
        if files::exists(&from) && files::rename(&from, &to) {
            continue;
        }
        if let Err(error) = files::remove(&to) {
            tracing::warn!(%error, "a mark of a pair that was replaced stays behind");
        }
    }
}

#[derive(Clone)]
struct Refresh {
    context: Context,
    app: App,
    account_id: String,
    initiator: Initiator,
}

/// Who wants it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Initiator {
    /// A person, who may ask a server that wants to be left alone.
    User,
    /// A program, or nobody.
    Program,
}

impl Refresh {
    fn new(context: &Context, app: &App, account_id: &str, initiator: Initiator) -> Self {
        let (context, app, account_id) = (context.clone(), app.clone(), account_id.to_owned());
        Self { context, app, account_id, initiator }
    }

    async fn run(self, seen: &str, holder_limit: Duration) -> Result<Grant, Failure> {
        let held = hold_within(&self.context, &self.account_id, holder_limit).await?;
        let prepared = self.prepare(&held, seen).await;
        match prepared.inspect_err(|failure| self.note(failure))? {
            Prepared::Settled(grant) => Ok(*grant),
            Prepared::Ready(ready) => {
                let underway = self.context.underway.clone();
                let sent = underway.see_through(self.sent(held, *ready)).await;
                sent.map_err(|CutOff| Failure::from(RefreshError::CutOff))?.1
            }
        }
    }

    /// Notes what ends a login or nearly did; the caller reports other failures.
    fn note(&self, failure: &Failure) {
        let code = Problem::new(failure, &About::app(&self.app)).code;
        if NOTED.contains(&code) {
            self.context.note(What::Failure, self.whose(), Some(code));
        }
    }

    fn whose(&self) -> Whose {
        let list = accounts::read(&self.context.folders.data).unwrap_or_default();
        let called = list.find(&self.account_id).map(accounts::Account::called);
        Whose { id: Some(self.account_id.clone()), called }
    }
}
