//! Moving everything from one vault to the other.
//!
//! Copy, read back, write the pin, remove: cut off before the pin, the old vault is the one that
//! counts and holds everything; cut off after it, the new one does, and the next move goes on
//! removing. Every account is held meanwhile, so that no refresh writes to the vault being left.

use crate::effects::vault::{ItemName, VaultError, VaultKind};
use crate::failure::Failure;
use crate::protocol::client::ClientType;
use crate::store::vaults::pin::{self, Pin};
use crate::store::{accounts, config};
use crate::use_cases::context::Context;
use crate::use_cases::{locks, revocation};

/// What a move did.
#[derive(Debug)]
pub(crate) struct Moved {
    /// How many items are in the new vault now.
    pub(crate) items: usize,
    /// Why copies are left in the old vault, when they are.
    pub(crate) left_behind: Option<VaultError>,
}

/// Makes `target` the vault that holds the grants; `_moving` stands for [`locks::VAULT`].
pub(crate) async fn move_to(
    context: &Context,
    target: VaultKind,
    _moving: locks::Held,
) -> Result<Moved, Failure> {
    let data = &context.folders.data;
    let list = accounts::read(data)?.accounts;
    let ids: Vec<&str> = list.iter().map(|account| account.id.as_str()).collect();
    let _held = locks::hold_all(context, &ids).await?;
    let names = names(context, &list)?;
    context.vaults.of_kind(target)?.ready().await?;
    let before = pin::read(data)?;
    // What was stored before there was a pin is in the keychain.
    let source = before.map_or(VaultKind::Keychain, |pin| pin.kind);
    let source = Some(source).filter(|kind| *kind != target && !names.is_empty());
    let items = match source {
        Some(source) => copy(context, source, target, &names).await?,
        None => 0,
    };
    let leaving = source.or_else(|| before.and_then(|pin| pin.leaving));
    pin::write(data, Pin { kind: target, leaving })?;
    config::set_vault_kind(&context.folders.config, target)?;
    let left_behind = match leaving {
        Some(leaving) => empty(context, leaving, &names).await.err(),
        None => None,
    };
    if left_behind.is_none() {
        pin::write(data, Pin { kind: target, leaving: None })?;
    }
    Ok(Moved { items, left_behind })
}

/// Every item there may be, with its label.
fn names(
    context: &Context,
    list: &[accounts::Account],
) -> Result<Vec<(ItemName, String)>, Failure> {
    let apps = config::read(&context.folders.config)?.apps;
    let app_name = |id: &str| {
        apps.iter()
            .find(|app| app.id == id)
            .map_or_else(|| id.to_owned(), |app| app.name.label().to_string())
    };
    let grants = list.iter().map(|account| {
        let user = account.username.as_ref().map(|name| format!("@{} ", name.label()));
        let label = format!("Birdkey: {}({})", user.unwrap_or_default(), app_name(&account.app_id));
        (ItemName::grant(&account.app_id, &account.id), label)
    });
    let secrets = apps.iter().filter(|app| app.client_type == ClientType::Confidential);
    let secrets = secrets.map(|app| {
        (
            ItemName::client_secret(&app.id),
            format!("Birdkey: client secret of {}", app.name.label()),
        )
    });
    let waiting = revocation::read(&context.folders.data);
    let waiting = waiting.iter().map(|one| (one.item(), "Birdkey: to be revoked".to_owned()));
    Ok(grants.chain(secrets).chain(waiting).collect())
}

async fn copy(
    context: &Context,
    from: VaultKind,
    to: VaultKind,
    names: &[(ItemName, String)],
) -> Result<usize, VaultError> {
    let (from, to) = (context.vaults.of_kind(from)?, context.vaults.of_kind(to)?);
    // One that can't be asked must not pass for an empty one.
    from.ready().await?;
    let mut copied = 0;
    for (name, label) in names {
        let Some(value) = from.read(name).await? else { continue };
        to.write(name, label, &value).await?;
        let back = to.read(name).await?;
        if !back.is_some_and(|back| back.is_same_as(&value)) {
            return Err(VaultError::Failed(Box::new(NotReadBack)));
        }
        copied += 1;
    }
    Ok(copied)
}

async fn empty(
    context: &Context,
    kind: VaultKind,
    names: &[(ItemName, String)],
) -> Result<(), VaultError> {
    let vault = context.vaults.of_kind(kind)?;
    for (name, _) in names {
        vault.remove(name).await?;
    }
    Ok(())
}

#[derive(Debug, thiserror::Error)]
#[error("it gave back something else than was written")]
struct NotReadBack;
