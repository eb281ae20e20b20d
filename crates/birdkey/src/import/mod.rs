//! Taking grants over from another program.
//!
//! X keeps one live grant per app and user, and a refresh token works once: of two programs that
//! hold the same pair, the first to refresh leaves the other with dead tokens. So taking over means
//! that the other one should let go.

pub(crate) mod xurl;

use crate::activity::{What, Whose};
use crate::app::{App, Binding};
use crate::effects::seal;
use crate::effects::vault::VaultError;
use crate::failure::Failure;
use crate::grant::{Circumstances, Grant};
use crate::hand_out::write_grant;
use crate::login;
use crate::protocol::token::TokenResponse;
use crate::refresh;
use crate::store::accounts::{self, Account};
use crate::world::{World, endpoints_of};
use xurl::XurlLogin;

/// Stores one login under a new account; `None` when this app has an account of that name already,
/// whose grant is the newer one.
pub(crate) async fn take_over(
    world: &World,
    app: &App,
    taken: &XurlLogin,
) -> Result<Option<String>, Failure> {
    let mut grant = grant(world, app, taken)?;
    // One read, which X may bill: without the user's id a later login would not know the account.
    let profile = login::profile(world, app, &grant).await;
    grant.profile = profile.as_ref().ok().cloned();
    let _held = refresh::hold(world, refresh::VAULT).await?;
    if is_known(world, app, taken, &grant)? {
        return Ok(None);
    }
    let id = world.new_id()?;
    match write_grant(world, app, &id, &grant).await {
        // An import is an act of the user, so the keychain may ask.
        Err(VaultError::Locked) => {
            world.effects.vault.unlock().await?;
            write_grant(world, app, &id, &grant).await?;
        }
        written => written?,
    }
    let mut account = Account::new(id.clone(), app.id.clone(), &grant);
    if let Err(note) = profile {
        account.username = Some(taken.username.clone());
        account.profile_note = Some(note);
    }
    let whose = Whose { id: Some(id.clone()), called: Some(crate::present::who(&account)) };
    accounts::change(&world.folders.data, |all| all.push(account))?;
    world.note(What::Import, whose, None);
    Ok(Some(id))
}

fn grant(world: &World, app: &App, taken: &XurlLogin) -> Result<Grant, Failure> {
    let response = TokenResponse {
        token_type: "bearer".to_owned(),
        access_token: taken.access_token.clone(),
        refresh_token: taken.refresh_token.clone(),
        expires_in: None,
        scope: None,
    };
    let circumstances = Circumstances {
        serial: world.new_id()?,
        seal_key: seal::new_key(),
        binding: Binding::of(&app.client_id, &endpoints_of(app)?),
        kind: app.provider.kind(),
        scopes_requested: app.scopes.clone(),
        obtained_at_ms: world.effects.clock.now_unix_ms(),
        issuer_seen: None,
    };
    let mut grant = Grant::new(response, circumstances);
    grant.expires_at_ms = taken.expires_at_ms;
    Ok(grant)
}

fn is_known(world: &World, app: &App, taken: &XurlLogin, grant: &Grant) -> Result<bool, Failure> {
    let user_id = grant.profile.as_ref().map(|profile| profile.user_id.as_str());
    let list = accounts::read(&world.folders.data)?;
    Ok(list.accounts.iter().any(|account| {
        let by_id = user_id.is_some() && account.user_id.as_deref() == user_id;
        let by_name = account
            .username
            .as_deref()
            .is_some_and(|name| name.eq_ignore_ascii_case(&taken.username));
        account.app_id == app.id && (by_id || by_name)
    }))
}
