//! The queue of pairs whose revocation the server has not had its word on.
//!
//! Each entry has an item of its own in the vault: the pair, with all that it takes to revoke it, so that
//! it needs neither the app's section in `config.toml` nor its account. `revocations.json` lists the
//! entries, without secrets. One leaves the queue on the server's word, by an act of the user, or when
//! its tokens are too old to live; never because something here could not be read.

use std::path::Path;

use birdkey_foreign::Foreign;
use serde::{Deserialize, Serialize};

use crate::effects::files::{self, OurFile};
use crate::effects::vault::ItemName;
use crate::failure::Failure;
use crate::model::app::App;
use crate::model::grant::Grant;
use crate::store::accounts::{Account, AccountsError};
use crate::use_cases::context::Context;

/// X's refresh tokens live about six months; after that nothing is left to revoke, in milliseconds.
pub(crate) const GIVE_UP_MS: i64 = 183 * 24 * 3_600_000;

/// The version of the file's format.
const FORMAT: u32 = 2;

/// One pair that waits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PendingRevocation {
    /// Names its item; empty in entries of the first version, which their account names.
    #[serde(default)]
    pub(crate) id: String,
    pub(crate) app_id: String,
    pub(crate) account_id: String,
    /// The user's id at the provider, when it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) user_id: Option<Foreign>,
    /// What the account was called.
    pub(crate) called: Foreign,
    /// Since when, Unix milliseconds.
    pub(crate) since_ms: i64,
    /// The account whose next logout sends it; until then it is held back, because a server may end a
    /// newer login of the same user with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) held_for: Option<String>,
    /// Whether a newer pair may have been issued: then the pair is refreshed once before it is revoked.
    #[serde(default)]
    pub(crate) unanswered: bool,
    /// Whether it takes the client secret of its app, whose item stays as long as this entry.
    #[serde(default)]
    pub(crate) confidential: bool,
    /// Whether its app was removed: then the secret goes with the last entry that takes it. An app that
    /// is merely missing from `config.toml` may come back.
    #[serde(default)]
    pub(crate) app_removed: bool,
    /// Where it is sent to.
    #[serde(default)]
    pub(crate) host: String,
    /// The client id it was issued to.
    #[serde(default)]
    pub(crate) client_id: String,
    /// When it was last tried, Unix milliseconds.
    #[serde(default)]
    pub(crate) tried_ms: i64,
}

impl PendingRevocation {
    /// The entry of an account's pair. The pair itself names it, so that putting it aside twice leaves
    /// one entry.
    pub(crate) fn of(account: &Account, grant: &Grant, now_ms: i64) -> Self {
        let id = if grant.serial.is_empty() { &account.id } else { &grant.serial };
        let host = grant.server.as_ref().and_then(|server| {
            url::Url::parse(&server.token_url).ok()?.host_str().map(str::to_owned)
        });
        Self {
            id: id.clone(),
            app_id: account.app_id.clone(),
            account_id: account.id.clone(),
            user_id: account.user_id.clone(),
            called: account.called(),
            since_ms: now_ms,
            held_for: None,
            unanswered: false,
            confidential: grant.server.as_ref().is_some_and(|server| server.confidential),
            app_removed: false,
            host: host.unwrap_or_default(),
            client_id: grant.binding.client_id.clone(),
            tried_ms: 0,
        }
    }

    /// The item that holds the tokens.
    pub(crate) fn item(&self) -> ItemName {
        let id = if self.id.is_empty() { &self.account_id } else { &self.id };
        ItemName::revocation(&self.app_id, id)
    }

    /// Whether a login through an app can end this pair, or be ended with it: also one through another
    /// entry of the same registration.
    pub(crate) fn is_of(&self, app: &App) -> bool {
        let token = app.provider.endpoints().ok().map(|endpoints| endpoints.token);
        let same_host = token.is_some_and(|token| token.host() == self.host);
        self.app_id == app.id || self.client_id == app.client_id && same_host
    }

    pub(crate) fn is_same_as(&self, other: &Self) -> bool {
        self.app_id == other.app_id && self.item() == other.item()
    }
}

/// All that wait; a file that can't be read counts as none and is left as it is.
pub(crate) fn read(data: &Path) -> Vec<PendingRevocation> {
    strictly_read(data).unwrap_or_default()
}

fn strictly_read(data: &Path) -> Result<Vec<PendingRevocation>, AccountsError> {
    let path = OurFile::revocations(data);
    let Some(text) = files::read_text(&path)? else { return Ok(Vec::new()) };
    let broken = |error: serde_json::Error| AccountsError::Broken {
        path: path.to_path_buf(),
        line: error.line(),
        column: error.column(),
    };
    match serde_json::from_str(&text).map_err(broken)? {
        File::List(waiting) | File::Versioned { version: 0..=FORMAT, waiting: Some(waiting) } => {
            Ok(waiting)
        }
        File::Versioned { version, .. } => {
            Err(AccountsError::Newer { path: path.to_path_buf(), found: version })
        }
    }
}

/// The file; before it had a version it was the list alone.
#[derive(Deserialize)]
#[serde(untagged)]
enum File {
    List(Vec<PendingRevocation>),
    Versioned { version: u32, waiting: Option<Vec<PendingRevocation>> },
}

/// Puts a pair aside: first the item, then the entry, so that no entry is without its item.
pub(crate) async fn put(
    context: &Context,
    grant: &Grant,
    waiting: &PendingRevocation,
) -> Result<(), Failure> {
    write_item(context, grant, waiting).await?;
    change(&context.folders.data, |all| {
        all.retain(|one| !one.is_same_as(waiting));
        all.push(waiting.clone());
    })
}

pub(crate) async fn write_item(
    context: &Context,
    grant: &Grant,
    waiting: &PendingRevocation,
) -> Result<(), Failure> {
    let label = format!("Birdkey: to be revoked, {}", waiting.called.label());
    Ok(context.effects.vault.write(&waiting.item(), &label, &grant.to_item()).await?)
}

/// Changes the entry that is `waiting`, if it is still there.
pub(crate) fn update(
    data: &Path,
    waiting: &PendingRevocation,
    update: impl FnOnce(&mut PendingRevocation),
) -> Result<(), Failure> {
    change(data, |all| {
        if let Some(one) = all.iter_mut().find(|one| one.is_same_as(waiting)) {
            update(one);
        }
    })
}

/// Takes an entry and its item away, and the client secret that is no longer needed.
pub(crate) async fn remove(context: &Context, waiting: &PendingRevocation) -> Result<(), Failure> {
    let mut of_removed_app = false;
    change(&context.folders.data, |all| {
        all.retain(|one| {
            let goes = one.is_same_as(waiting);
            of_removed_app |= goes && one.confidential && one.app_removed;
            !goes
        });
    })?;
    context.effects.vault.remove(&waiting.item()).await?;
    if of_removed_app {
        remove_unneeded_secret(context, &waiting.app_id).await?;
    }
    Ok(())
}

/// Removes the client secret of an app that was removed, at once or with the last entry that needs it.
pub(crate) async fn let_secret_go(context: &Context, app_id: &str) -> Result<(), Failure> {
    change(&context.folders.data, |all| {
        for one in all.iter_mut().filter(|one| one.app_id == app_id) {
            one.app_removed = true;
        }
    })?;
    remove_unneeded_secret(context, app_id).await
}

async fn remove_unneeded_secret(context: &Context, app_id: &str) -> Result<(), Failure> {
    let config = crate::store::config::read(&context.folders.config)?;
    let needed = strictly_read(&context.folders.data)?
        .iter()
        .any(|one| one.app_id == app_id && one.confidential);
    if !needed && !config.apps.iter().any(|app| app.id == app_id) {
        context.effects.vault.remove(&ItemName::client_secret(app_id)).await?;
    }
    Ok(())
}

pub(crate) fn change(
    data: &Path,
    change: impl FnOnce(&mut Vec<PendingRevocation>),
) -> Result<(), Failure> {
    let _lock = files::lock(&OurFile::lock(data, "revocations"))?;
    // What is there and can't be read must not be written over.
    let mut all = strictly_read(data)?;
    let before = all.clone();
    change(&mut all);
    if all == before {
        return Ok(());
    }
    if all.is_empty() {
        return Ok(files::remove(&OurFile::revocations(data))?);
    }
    let file = serde_json::json!({ "version": FORMAT, "waiting": all });
    Ok(files::write_text(&OurFile::revocations(data), &format!("{file:#}"))?)
}
