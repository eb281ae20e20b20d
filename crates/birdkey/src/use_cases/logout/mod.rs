//! The logout: revoke the refresh token, then the access token, then erase.

mod erase;

use crate::effects::underway::CutOff;
use crate::failure::{Failure, RefreshError, StoredError};
use crate::model::app::App;
use crate::model::grant::{Grant, GrantError};
use crate::problem::{About, Problem, newer_tokens_may_live};
use crate::protocol::secret::Secret;
use crate::store::accounts::{Account, Ended};
use crate::store::activity::{What, Whose};
use crate::store::login_notes;
use crate::use_cases::context::Context;
use crate::use_cases::locks::{self, Held};
use crate::use_cases::refresh;
use crate::use_cases::revocation::{
    self, Issuer, PairOutcome, PendingRevocation, Revoked, revoke_best_effort,
};
use erase::Erasing;

/// How a logout ended.
pub(crate) struct LoggedOut {
    /// What became of the tokens in the vault.
    pub(crate) revoked: Revoked,
    /// That newer tokens may live on at the server, when they may.
    pub(crate) newer: Option<Problem>,
}

/// A pair on its way out.
struct Leaving {
    grant: Grant,
    /// Whether a newer pair may have been issued, and the server could not be asked for it.
    unanswered: bool,
    /// Whether the server said that the pair it was asked with is dead.
    refused: bool,
}

/// Revokes and erases one account; erased it is whatever the server said.
pub(crate) async fn log_out(
    context: &Context,
    app: Option<&App>,
    account: &Account,
) -> Result<LoggedOut, Failure> {
    // A refresh under way would bring the grant back.
    let held = locks::hold(context, &account.id).await?;
    let mut erasing = Erasing::new(context, account);
    let item = erasing.item().await?;
    // Cut off from here on, it is finished by the next command: the tokens may be revoked.
    erasing.begin()?;
    let (held, mut out) = match revoked(context, app, account, held, item.as_ref()).await {
        Ok(revoked) => revoked,
        Err(failure) => {
            erasing.call_off();
            return Err(failure);
        }
    };
    if erasing.newer_may_live() {
        let about = app.map(About::app).unwrap_or_default();
        out.newer.get_or_insert_with(|| newer_tokens_may_live(&about));
    }
    erasing.finish(&out).await?;
    drop(held);
    revocation::release(context, &account.id).await;
    Ok(out)
}

/// Revokes what an account's item holds.
async fn revoked(
    context: &Context,
    app: Option<&App>,
    account: &Account,
    held: Held,
    item: Option<&Secret>,
) -> Result<(Held, LoggedOut), Failure> {
    match item.map(Grant::from_item) {
        Some(Ok(grant)) => ended(context, app, account, held, grant).await,
        // A newer version can still log this account out properly; erasing it here would not.
        Some(Err(GrantError::Newer { .. })) => Err(StoredError::GrantNewer.into()),
        Some(Err(GrantError::Unreadable)) => {
            let about = app.map(About::app).unwrap_or_default();
            let revoked =
                PairOutcome::failed(StoredError::GrantUnreadable.into()).shown(&about, false);
            Ok((held, LoggedOut { revoked, newer: None }))
        }
        None => Ok((held, LoggedOut { revoked: Revoked::nothing(), newer: None })),
    }
}

/// Finishes a logout that was cut off; what lives on at the server is said by `status`.
pub(crate) async fn finish_cut_off(
    context: &Context,
    app: Option<&App>,
    account: &Account,
) -> Result<(), Failure> {
    let out = log_out(context, app, account).await?;
    let whose = Whose { id: Some(account.id.clone()), called: Some(account.called()) };
    let code = out.revoked.failure().or(out.newer.map(|problem| problem.code));
    context.note(What::Logout, whose, code);
    Ok(())
}

/// Takes away the word that was left of a logout, because its outcome was said.
pub(crate) fn was_said(context: &Context, account_id: &str) {
    login_notes::clear(&context.folders.data, account_id);
}

/// Revokes the newest pair that can be had; what the server has no word on yet goes into the queue.
async fn ended(
    context: &Context,
    app: Option<&App>,
    account: &Account,
    held: Held,
    grant: Grant,
) -> Result<(Held, LoggedOut), Failure> {
    let (held, leaving) = newest(context, app, account, held, grant).await?;
    let Leaving { grant, unanswered, refused } = leaving;
    let about = app.map(About::app).unwrap_or_default();
    let newer = (refused || unanswered).then(|| newer_tokens_may_live(&about));
    let issuer = match Issuer::of(&account.app_id, app, &grant) {
        Ok(issuer) => issuer,
        Err(failure) => {
            let waits = put_aside(context, &grant, account, unanswered).await;
            let revoked = PairOutcome::failed(failure).shown(&about, waits);
            return Ok((held, LoggedOut { revoked, newer }));
        }
    };
    let halves = issuer.revoke(context, &grant).await;
    let open = halves.is_open() || unanswered;
    let waits = open && put_aside(context, &grant, account, unanswered).await;
    let revoked = halves.shown(&about, waits);
    Ok((held, LoggedOut { revoked, newer }))
}

/// The pair that counts: one that waits for the vault, or one that an unanswered refresh may have
/// brought about, which is asked for once.
async fn newest(
    context: &Context,
    app: Option<&App>,
    account: &Account,
    held: Held,
    grant: Grant,
) -> Result<(Held, Leaving), Failure> {
    let data = &context.folders.data;
    let sealed = refresh::left(data, &account.id, &grant)?;
    let open = refresh::is_unanswered(context, &account.id, &grant.serial);
    if let Some(next) = sealed {
        // Its refresh token is spent, but the access token may still work.
        revoke_best_effort(context, app, &account.app_id, &grant).await;
        return Ok((held, Leaving { grant: next, unanswered: false, refused: false }));
    }
    let ended = account.ended.filter(|_| account.serial == grant.serial);
    if !open || ended.is_some() {
        let refused = ended == Some(Ended::ReplyLost);
        return Ok((held, Leaving { grant, unanswered: false, refused }));
    }
    let Some(app) = app else {
        return Ok((held, Leaving { grant, unanswered: true, refused: false }));
    };
    let asked = refresh::of_held(context, app, &account.id, held, &grant.serial).await;
    let (held, asked) = asked.map_err(|CutOff| Failure::from(RefreshError::CutOff))?;
    Ok((
        held,
        match asked {
            Ok(next) => Leaving { grant: next, unanswered: false, refused: false },
            Err(Failure::Refresh(RefreshError::Dead(_))) => {
                Leaving { grant, unanswered: false, refused: true }
            }
            Err(failure) => {
                tracing::info!(%failure, account = account.id, "a refresh stays unanswered");
                Leaving { grant, unanswered: true, refused: false }
            }
        },
    ))
}

async fn put_aside(context: &Context, grant: &Grant, account: &Account, unanswered: bool) -> bool {
    let now_ms = context.effects.clock.now_unix_ms();
    let entry = PendingRevocation::of(account, grant, now_ms);
    let waiting = PendingRevocation { unanswered, tried_ms: now_ms, ..entry };
    let put = revocation::put(context, grant, &waiting).await;
    if let Err(failure) = &put {
        tracing::warn!(%failure, "a revocation could not be put aside");
    }
    put.is_ok()
}
