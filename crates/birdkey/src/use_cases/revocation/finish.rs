//! Trying again what waits in the queue.

use birdkey_foreign::Foreign;

use super::queue::{self, GIVE_UP_MS, PendingRevocation, read};
use super::revoke::{Issuer, PairOutcome};
use crate::effects::underway::CutOff;
use crate::failure::{Failure, RefreshError, StoredError};
use crate::model::grant::{Circumstances, Grant};
use crate::problem::Code;
use crate::protocol::token::{read_token_answer, refresh_request};
use crate::store::activity::{What, Whose};
use crate::store::config;
use crate::store::login_notes::{self, LoginNote, Step, Target};
use crate::use_cases::context::Context;
use crate::use_cases::locks;

/// A host that did not answer is left alone for so long by what runs beside a command, in milliseconds.
const SPARED_MS: i64 = 10 * 60_000;

/// Why the queue is worked on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Occasion {
    /// A person asked for it; also for what can't be tried any more to be given up.
    Asked,
    /// It is time for it.
    Due,
    /// Beside something else: no host is tried twice in ten minutes.
    InPassing,
}

/// Tries everything that waits and `may_be_sent`; the last failure when something goes on waiting.
pub(crate) async fn finish(
    context: &Context,
    occasion: Occasion,
    may_be_sent: impl Fn(&PendingRevocation) -> bool,
) -> Result<(), Failure> {
    let mut last = Ok(());
    for waiting in read(&context.folders.data) {
        let spared = occasion == Occasion::InPassing && is_spared(context, &waiting.host);
        if waiting.held_for.is_some() || spared || !may_be_sent(&waiting) {
            continue;
        }
        if let Err(failure) = finish_one(context, &waiting, occasion).await {
            last = Err(failure);
        }
    }
    last
}

fn is_spared(context: &Context, host: &str) -> bool {
    let now_ms = context.effects.clock.now_unix_ms();
    read(&context.folders.data).iter().any(|one| {
        one.host == host && (0..SPARED_MS).contains(&now_ms.saturating_sub(one.tried_ms))
    })
}

async fn finish_one(
    context: &Context,
    waiting: &PendingRevocation,
    occasion: Occasion,
) -> Result<(), Failure> {
    let _held = locks::hold(context, &waiting.account_id).await?;
    let data = &context.folders.data;
    let now_ms = context.effects.clock.now_unix_ms();
    let listed = read(data).into_iter().find(|one| one.is_same_as(waiting));
    let Some(waiting) = listed.filter(|one| one.held_for.is_none()) else { return Ok(()) };
    if now_ms.saturating_sub(waiting.since_ms) > GIVE_UP_MS {
        queue::remove(context, &waiting).await?;
        note(context, &waiting, Some(Code::TokenExpired));
        return Ok(());
    }
    queue::update(data, &waiting, |one| one.tried_ms = now_ms)?;
    let Some(item) = context.effects.vault.read(&waiting.item()).await? else {
        if occasion == Occasion::Asked {
            queue::remove(context, &waiting).await?;
            note(context, &waiting, Some(Code::GrantMissing));
        }
        return Err(StoredError::GrantMissing.into());
    };
    let mut grant = crate::use_cases::grants::grant_in(&item)?;
    let apps = config::read(&context.folders.config).map(|config| config.apps).unwrap_or_default();
    let app = apps.iter().find(|app| app.id == waiting.app_id);
    let issuer = Issuer::of(&waiting.app_id, app, &grant)?;
    let mut newer_may_live = false;
    if waiting.unanswered {
        match newer(context, &issuer, &waiting, &grant).await {
            Ok(next) => grant = next,
            Err(Failure::Refresh(RefreshError::Dead(_))) => newer_may_live = true,
            Err(failure) => return Err(failure),
        }
    }
    let mut halves: PairOutcome = issuer.revoke(context, &grant).await;
    if let Some(failure) = halves.take_open() {
        return Err(failure);
    }
    let revoked = halves.shown(issuer.about(), false);
    if newer_may_live {
        let PendingRevocation { account_id, app_id, called, .. } = &waiting;
        let note = note_of(context, account_id, app_id, called, Step::NewerLost);
        login_notes::write(&context.folders.data, &note)?;
    }
    queue::remove(context, &waiting).await?;
    let newer = newer_may_live.then_some(Code::NewerTokensMayLive);
    note(context, &waiting, newer.or_else(|| revoked.failure()));
    Ok(())
}

/// A note of what may live at the server, until a person has read it, as the command may run unseen.
pub(crate) fn note_of(
    context: &Context,
    account_id: &str,
    app_id: &str,
    called: &Foreign,
    step: Step,
) -> LoginNote {
    LoginNote {
        account_id: account_id.to_owned(),
        app_id: app_id.to_owned(),
        app_name: called.clone(),
        at_ms: context.effects.clock.now_unix_ms(),
        host: context.effects.host.clone(),
        target: Target::Unsaid,
        step,
        then: None,
    }
}

fn note(context: &Context, waiting: &PendingRevocation, code: Option<Code>) {
    let whose =
        Whose { id: Some(waiting.account_id.clone()), called: Some(waiting.called.clone()) };
    context.note(What::Logout, whose, code);
}

/// Asks for the pair that may have been issued after this one, and keeps it in the place of it.
async fn newer(
    context: &Context,
    issuer: &Issuer,
    waiting: &PendingRevocation,
    grant: &Grant,
) -> Result<Grant, Failure> {
    let Some(refresh_token) = &grant.refresh_token else { return Ok(grant.clone()) };
    let authentication = issuer.authentication(context).await?;
    context.effects.vault.ready().await?;
    let request = refresh_request(&issuer.token, &authentication, &issuer.client_id, refresh_token);
    let underway = context.underway.clone();
    let (context, waiting, grant) = (context.clone(), waiting.clone(), grant.clone());
    let sent = underway.see_through(async move {
        let answer = context.effects.http.send(request).await?;
        let data = &context.folders.data;
        match read_token_answer(&answer) {
            Ok(response) => {
                let next = grant.refreshed(response, Circumstances::again(&grant));
                queue::write_item(&context, &next, &waiting).await?;
                queue::update(data, &waiting, |one| one.unanswered = false)?;
                Ok(next)
            }
            Err(refusal) if refusal.ends_the_grant() => {
                queue::update(data, &waiting, |one| one.unanswered = false)?;
                Err(RefreshError::Dead(crate::store::accounts::Ended::ReplyLost).into())
            }
            Err(refusal) => Err(refusal.into()),
        }
    });
    sent.await.map_err(|CutOff| Failure::from(RefreshError::CutOff))?
}
