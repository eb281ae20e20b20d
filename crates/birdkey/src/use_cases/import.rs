//! Taking grants over from another program.
//!
//! X keeps one live grant per app and user, and a refresh token works once: of two programs that
//! hold the same pair, the first to refresh leaves the other with dead tokens. So taking over means
//! that the other one should let go.

use crate::effects::vault::VaultError;
use crate::failure::{Failure, RefreshError, StoredError};
use crate::model::app::App;
use crate::model::grant::Grant;
use crate::protocol::scope::Scopes;
use crate::protocol::token::TokenResponse;
use crate::store::accounts::{self, Account};
use crate::store::activity::{What, Whose};
use crate::store::xurl::XurlLogin;
use crate::use_cases::context::Context;
use crate::use_cases::grants::write_grant;
use crate::use_cases::refresh;
use crate::use_cases::{identity, locks};

/// What became of one login.
pub(crate) enum Taken {
    /// It is in the vault, under the account with this id: a new one, or one whose own login was dead.
    Stored(String),
    /// This app has an account of that user, whose login works: the other program's does not.
    Known,
    /// The same, as far as can be told: its server was not reached.
    Unclear,
}

/// Stores one login, unless a login of that user works here already.
pub(crate) async fn take_over(
    context: &Context,
    app: &App,
    taken: &XurlLogin,
) -> Result<Taken, Failure> {
    let mut grant = grant(context, app, taken)?;
    // One read, which X may bill: without the user's id a later login would not know the account.
    let profile = identity::profile(context, app, &grant).await;
    grant.profile = profile.as_ref().ok().cloned();
    if let Some(known) = known(context, app, taken, &grant)? {
        return renewed(context, app, known, &grant).await;
    }
    let _held = locks::hold(context, locks::VAULT).await?;
    let id = context.new_id()?;
    write(context, app, &id, &grant).await?;
    let mut account = Account::new(id.clone(), app.id.clone(), &grant);
    if let Err(note) = profile {
        account.username = Some(taken.username.clone());
        account.profile_note = Some(note);
    }
    let whose = Whose { id: Some(id.clone()), called: Some(account.called()) };
    accounts::change(&context.folders.data, |all| all.push(account))?;
    context.note(What::Import, whose, None);
    Ok(Taken::Stored(id))
}

/// Gives a login to an account that has one: X keeps one live grant per app and user, so when ours
/// still works the other one does not.
async fn renewed(
    context: &Context,
    app: &App,
    account: Account,
    grant: &Grant,
) -> Result<Taken, Failure> {
    let refreshed = match refresh::now(context, app, &account.id).await {
        Ok(grant) => identity::update_names(context, app, &account.id, &grant).await,
        Err(failure) => Err(failure),
    };
    match refreshed {
        Ok(_) => return Ok(Taken::Known),
        Err(
            Failure::Refresh(RefreshError::Dead(_))
            | Failure::Stored(StoredError::GrantMissing | StoredError::Expired),
        ) => {}
        // One of a newer version, say, may work as well as ever.
        Err(failure) => {
            tracing::info!(%failure, account = account.id, "not clear which login works");
            return Ok(Taken::Unclear);
        }
    }
    let _held = locks::hold(context, &account.id).await?;
    write(context, app, &account.id, grant).await?;
    refresh::clear_sealed(&context.folders.data, &account.id);
    accounts::change(&context.folders.data, |all| {
        if let Some(listed) = all.iter_mut().find(|one| one.id == account.id) {
            listed.sync_from(grant);
        }
    })?;
    let whose = Whose { id: Some(account.id.clone()), called: Some(account.called()) };
    context.note(What::Import, whose, None);
    Ok(Taken::Stored(account.id))
}

async fn write(context: &Context, app: &App, id: &str, grant: &Grant) -> Result<(), Failure> {
    match write_grant(context, app, id, grant).await {
        // An import is an act of the user, so the keychain may ask.
        Err(VaultError::Locked) => {
            context.effects.vault.unlock().await?;
            Ok(write_grant(context, app, id, grant).await?)
        }
        written => Ok(written?),
    }
}

fn grant(context: &Context, app: &App, taken: &XurlLogin) -> Result<Grant, Failure> {
    let response = TokenResponse {
        token_type: "bearer".to_owned(),
        access_token: taken.access_token.clone(),
        refresh_token: taken.refresh_token.clone(),
        expires_in: None,
        scope: None,
    };
    // xurl keeps no scopes and asks for more than a new app here does: they are unknown until the
    // server names them with a refresh.
    let circumstances = context.circumstances(app, Scopes::default())?;
    let mut grant = Grant::new(response, circumstances);
    grant.expires_at_ms = taken.expires_at_ms;
    Ok(grant)
}

/// The account that this app has of that user.
fn known(
    context: &Context,
    app: &App,
    taken: &XurlLogin,
    grant: &Grant,
) -> Result<Option<Account>, Failure> {
    let user_id = grant.profile.as_ref().map(|profile| &profile.user_id);
    let list = accounts::read(&context.folders.data)?;
    Ok(list.accounts.into_iter().find(|account| {
        let by_id = user_id.is_some() && account.user_id.as_ref() == user_id;
        let by_name =
            account.username.as_ref().is_some_and(|name| name.eq_ignore_case(&taken.username));
        account.app_id == app.id && (by_id || by_name)
    }))
}
