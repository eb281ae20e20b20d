//! Read, write and remove one item; none of them unlocks anything or asks the user.

use std::collections::HashMap;

use secret_service::{Collection, Error, Item, SecretService};

use super::fault::Fault;
use crate::effects::vault::VaultError;

/// Names one item, and carries its label when it is to be written.
#[derive(Debug, Clone)]
pub(super) struct Key {
    pub(super) service: String,
    pub(super) username: String,
    pub(super) label: String,
}

impl Key {
    fn attributes(&self) -> HashMap<&str, &str> {
        HashMap::from([("service", self.service.as_str()), ("username", self.username.as_str())])
    }
}

/// The bytes of an item; `None` when there is none.
pub(super) async fn read(secrets: &SecretService<'_>, key: &Key) -> Result<Option<Vec<u8>>, Fault> {
    let found = secrets.search_items(key.attributes()).await?;
    if found.unlocked.is_empty() {
        refuse_unless_known(secrets, !found.locked.is_empty()).await?;
        return Ok(None);
    }
    let item = current(secrets, found.unlocked, &found.locked).await?;
    Ok(Some(item.get_secret().await?))
}

/// Whether there is an open collection to write to.
pub(super) async fn ready(secrets: &SecretService<'_>) -> Result<(), Fault> {
    let Some(collection) = default_collection(secrets).await? else {
        return Err(Fault::Answered(VaultError::NoDefaultCollection));
    };
    Ok(collection.ensure_unlocked().await?)
}

/// Creates the item or replaces it in place: at each moment either the old or the new one is there.
///
/// The specification lets a service answer a creation with a prompt object even when there is nothing to ask; it is
/// run only after the collection was found open, and the limit of the call holds for it too.
pub(super) async fn write(
    secrets: &SecretService<'_>,
    key: &Key,
    value: &[u8],
) -> Result<(), Fault> {
    let Some(collection) = default_collection(secrets).await? else {
        return Err(Fault::Answered(VaultError::NoDefaultCollection));
    };
    collection.ensure_unlocked().await?;
    collection.create_item(&key.label, key.attributes(), value, true, "text/plain").await?;
    Ok(())
}

/// Removes the item and its doubles; `false` when there was none.
pub(super) async fn remove(secrets: &SecretService<'_>, key: &Key) -> Result<bool, Fault> {
    let found = secrets.search_items(key.attributes()).await?;
    for item in &found.unlocked {
        item.delete().await?;
    }
    if found.unlocked.is_empty() || !found.locked.is_empty() {
        refuse_unless_known(secrets, !found.locked.is_empty()).await?;
    }
    Ok(!found.unlocked.is_empty())
}

/// The users of the open items of a service.
pub(super) async fn users(
    secrets: &SecretService<'_>,
    service: &str,
) -> Result<Vec<String>, Fault> {
    let found = secrets.search_items(HashMap::from([("service", service)])).await?;
    let mut users = Vec::new();
    for item in &found.unlocked {
        users.extend(item.get_attributes().await?.remove("username"));
    }
    Ok(users)
}

/// "Not found" holds only for what is open: some services find nothing in a locked collection, or
/// show none at all while their database is closed.
async fn refuse_unless_known(secrets: &SecretService<'_>, locked_item: bool) -> Result<(), Fault> {
    if locked_item {
        return Err(Fault::Answered(VaultError::Locked));
    }
    ready(secrets).await
}

/// The item that counts when the user has copies in several collections: the one we would write to, else the newest.
async fn current<'a>(
    secrets: &SecretService<'_>,
    mut unlocked: Vec<Item<'a>>,
    locked: &[Item<'_>],
) -> Result<Item<'a>, Fault> {
    let first = unlocked.swap_remove(0);
    if unlocked.is_empty() && locked.is_empty() {
        return Ok(first);
    }
    let prefix = match default_collection(secrets).await? {
        Some(collection) => format!("{}/", collection.collection_path.as_str()),
        None => "no collection".to_owned(),
    };
    if locked.iter().any(|item| item.item_path.as_str().starts_with(&prefix)) {
        return Err(Fault::Answered(VaultError::Locked));
    }
    let rank = async |item: &Item<'_>| -> Result<(bool, u64), Fault> {
        let ours = item.item_path.as_str().starts_with(&prefix);
        Ok((ours, item.get_modified().await?))
    };
    let mut best = (rank(&first).await?, first);
    for item in unlocked {
        let rank = rank(&item).await?;
        if rank > best.0 {
            best = (rank, item);
        }
    }
    Ok(best.1)
}

async fn default_collection<'a>(
    secrets: &'a SecretService<'_>,
) -> Result<Option<Collection<'a>>, Fault> {
    match secrets.get_default_collection().await {
        Ok(collection) => Ok(Some(collection)),
        Err(Error::NoResult) => Ok(None),
        Err(error) => Err(error.into()),
    }
}
