//! Grants in the keychain that this data folder has no account for: another folder of the same user
//! shares it, as in the terminal of an editor from snap or flatpak, where `XDG_DATA_HOME` is another.

use crate::effects::vault::ItemName;
use crate::failure::Failure;
use crate::model::app::App;
use crate::model::elsewhere::Elsewhere;
use crate::model::grant::{Grant, Home};
use crate::store::{accounts, login_notes};
use crate::use_cases::context::Context;

/// Another folder that holds grants in this keychain, of `app` alone when one is given.
///
/// # Errors
///
/// [`Failure`] when list or keychain can't be read.
pub(crate) async fn find(
    context: &Context,
    app: Option<&App>,
) -> Result<Option<Elsewhere>, Failure> {
    let list = accounts::read(&context.folders.data)?;
    let noted = login_notes::read(&context.folders.data);
    let is_ours =
        |id: &str| list.find(id).is_some() || noted.iter().any(|note| note.account_id == id);
    for name in context.effects.vault.list().await? {
        let Some((_, account_id)) = name.as_grant() else { continue };
        if is_ours(account_id) {
            continue;
        }
        if let Some(found) = read(context, &name, app).await? {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

async fn read(
    context: &Context,
    name: &ItemName,
    app: Option<&App>,
) -> Result<Option<Elsewhere>, Failure> {
    let Some(item) = context.effects.vault.read(name).await? else { return Ok(None) };
    let Ok(grant) = Grant::from_item(&item) else { return Ok(None) };
    let same_app = |app: &App| {
        let token = app.provider.endpoints().ok().map(|endpoints| endpoints.token.origin());
        grant.binding.client_id == app.client_id
            && token.as_deref() == Some(grant.binding.token_origin.as_str())
    };
    if !app.is_none_or(same_app) {
        return Ok(None);
    }
    let plain = context.folders.plain_data();
    // One that does not say where it belongs is taken for that of the plain folder.
    let home = grant
        .home
        .unwrap_or_else(|| Home { data: plain.clone(), config: context.folders.plain_config() });
    // What this very folder wrote and no longer lists is no other folder's.
    if home.data == context.folders.data {
        return Ok(None);
    }
    Ok(Some(Elsewhere::new(home, plain, context.folders.config.clone())))
}
