//! Logins that were cut off: by a crash or a kill between the code and the account list.

use std::time::Duration;

use crate::effects::vault::ItemName;
use crate::failure::Failure;
use crate::model::app::App;
use crate::model::grant::Grant;
use crate::store::accounts::{self, Account};
use crate::store::config;
use crate::store::login_notes::{self, LoginNote, Step};
use crate::use_cases::context::Context;
use crate::use_cases::grants::grant_in;
use crate::use_cases::identity::{Login, assign_login, profile};
use crate::use_cases::locks;
use crate::use_cases::logout;

/// A request is over by then, wherever it was begun, in milliseconds.
const REQUEST_LIMIT_MS: i64 = 35_000;

/// Finishes the logins and logouts that were cut off as far as it can be done now; true when the list
/// changed.
///
/// A grant that got to the vault is listed and settled. Of one that did not, the note says from then on
/// that tokens may live at the server.
pub(crate) async fn finish(context: &Context) -> bool {
    let logins = finish_logins(context).await;
    let mut changed = false;
    for note in login_notes::read(&context.folders.data) {
        if note.step == Step::LoggingOut && !may_be_at_it(context, &note) {
            changed |= succeeded(&note, &finish_logout(context, &note).await);
        }
    }
    logins || changed
}

/// The same for logins alone, before a command that logs out by itself.
pub(crate) async fn finish_logins(context: &Context) -> bool {
    let mut changed = false;
    for note in login_notes::read(&context.folders.data) {
        let is_open = matches!(note.step, Step::Sent | Step::Stored);
        if is_open && !may_be_at_it(context, &note) {
            changed |= succeeded(&note, &finish_one(context, &note).await);
        }
    }
    changed
}

fn succeeded(note: &LoginNote, finished: &Result<(), Failure>) -> bool {
    if let Err(failure) = finished {
        tracing::info!(%failure, account = note.account_id, "what was cut off stays so");
    }
    finished.is_ok()
}

/// Where the lock of another machine or boot can't be trusted, a request is given its time.
fn may_be_at_it(context: &Context, note: &LoginNote) -> bool {
    let age = context.effects.clock.now_unix_ms().saturating_sub(note.at_ms);
    note.host != context.effects.host && (-REQUEST_LIMIT_MS..REQUEST_LIMIT_MS).contains(&age)
}

/// The account of the app that holds the same pair already, and the pair as it lies there.
async fn moved(
    context: &Context,
    note: &LoginNote,
    grant: &Grant,
) -> Result<Option<(String, Grant)>, Failure> {
    let list = accounts::read(&context.folders.data)?.accounts.into_iter();
    let others = list.filter(|one| one.app_id == note.app_id && one.id != note.account_id);
    for other in others {
        let item = context.effects.vault.read(&ItemName::grant(&note.app_id, &other.id)).await?;
        let held = item.and_then(|item| grant_in(&item).ok());
        if let Some(held) = held.filter(|held| held.serial == grant.serial) {
            return Ok(Some((other.id, held)));
        }
    }
    Ok(None)
}

/// The user asked for it, and its tokens may be revoked already.
async fn finish_logout(context: &Context, note: &LoginNote) -> Result<(), Failure> {
    let data = &context.folders.data;
    if locks::is_held(data, &note.account_id) {
        return Ok(());
    }
    let list = accounts::read(data)?;
    let Some(account) = list.find(&note.account_id) else {
        return Ok(login_notes::end_logout(data, &note.account_id)?);
    };
    let apps = config::read(&context.folders.config)?.apps;
    let app = apps.iter().find(|app| app.id == account.app_id);
    logout::finish_cut_off(context, app, account).await
}

async fn finish_one(context: &Context, note: &LoginNote) -> Result<(), Failure> {
    // A login that is under way holds this lock until it is settled.
    let lock = locks::logins_of(&note.app_id);
    let _turn = locks::hold_within(context, &lock, Duration::ZERO).await?;
    let notes = login_notes::read(&context.folders.data).into_iter();
    let mut same = notes.filter(|now| now.account_id == note.account_id);
    let Some(note) = same.next() else { return Ok(()) };
    let name = ItemName::grant(&note.app_id, &note.account_id);
    let Some(item) = context.effects.vault.read(&name).await? else {
        return finish_without_grant(context, note);
    };
    let grant = grant_in(&item)?;
    match moved(context, &note, &grant).await? {
        Some((moved_to, held)) => finish_move(context, &note, &moved_to, &held).await,
        None => finish_with_grant(context, note, &grant).await,
    }
}

/// No grant got to the vault: it never came, or it has its place already.
fn finish_without_grant(context: &Context, note: LoginNote) -> Result<(), Failure> {
    let data = &context.folders.data;
    if note.step == Step::Stored {
        // It was there, and moved into the account it belongs to.
        login_notes::clear(data, &note.account_id);
        return Ok(());
    }
    if let Some(app) = configured(context, &note)? {
        Login { app: &app, account_id: &note.account_id, user: None }.mark_overtaken(context);
    }
    Ok(login_notes::write(data, &LoginNote { step: Step::Unanswered, ..note })?)
}

/// Cut off between the steps of a move: what lies here is a copy, which must not be refreshed.
async fn finish_move(
    context: &Context,
    note: &LoginNote,
    moved_to: &str,
    held: &Grant,
) -> Result<(), Failure> {
    let data = &context.folders.data;
    accounts::change(data, |all| {
        all.retain(|account| account.id != note.account_id);
        if let Some(account) = all.iter_mut().find(|account| account.id == moved_to) {
            account.sync_from(held);
        }
    })?;
    context.effects.vault.remove(&ItemName::grant(&note.app_id, &note.account_id)).await?;
    login_notes::clear(data, &note.account_id);
    Ok(())
}

/// Lists a grant that got to the vault, and finds out whose it is.
async fn finish_with_grant(
    context: &Context,
    note: LoginNote,
    grant: &Grant,
) -> Result<(), Failure> {
    let data = &context.folders.data;
    accounts::change(data, |all| {
        if !all.iter().any(|account| account.id == note.account_id) {
            all.push(Account::new(note.account_id.clone(), note.app_id.clone(), grant));
        }
    })?;
    let stored = LoginNote { step: Step::Stored, ..note };
    login_notes::write(data, &stored)?;
    let Some(app) = configured(context, &stored)? else {
        login_notes::clear(data, &stored.account_id);
        return Ok(());
    };
    let profile = profile(context, &app, grant).await;
    assign_login(context, &app, &stored, profile).await.map(drop)
}

/// The app of a login, while it is configured.
fn configured(context: &Context, note: &LoginNote) -> Result<Option<App>, Failure> {
    let apps = config::read(&context.folders.config)?.apps;
    Ok(apps.into_iter().find(|app| app.id == note.app_id))
}
