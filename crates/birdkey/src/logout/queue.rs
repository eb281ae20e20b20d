//! Revocations that could not be sent: the grant waits in the vault under a name of its own, and an
//! entry without secrets in `revocations.json` says so.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::{Revoked, revoke};
use crate::activity::{What, Whose};
use crate::app::{App, Provider};
use crate::effects::files;
use crate::effects::vault::ItemName;
use crate::failure::Failure;
use crate::grant::Grant;
use crate::refresh;
use crate::store::accounts::AccountsError;
use crate::store::config;
use crate::world::World;

/// X's refresh tokens live about six months; after that nothing is left to revoke, in milliseconds.
const GIVE_UP_MS: i64 = 183 * 24 * 3_600_000;

/// The version of the file's format.
const FORMAT: u32 = 1;

/// One logout that the server has not heard of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Waiting {
    pub(crate) app_id: String,
    pub(crate) account_id: String,
    /// What the account was called.
    pub(crate) called: String,
    /// Since when, Unix milliseconds.
    pub(crate) since_ms: i64,
}

impl Waiting {
    /// The item that holds the tokens.
    pub(crate) fn item(&self) -> ItemName {
        ItemName::revocation(&self.app_id, &self.account_id)
    }
}

/// All that wait; a file that can't be read counts as none and is left as it is.
pub(crate) fn read(data: &Path) -> Vec<Waiting> {
    strictly_read(data).unwrap_or_default()
}

fn strictly_read(data: &Path) -> Result<Vec<Waiting>, AccountsError> {
    let path = path(data);
    let Some(text) = files::read_text(&path)? else { return Ok(Vec::new()) };
    let broken = |error: serde_json::Error| AccountsError::Broken {
        path: path.clone(),
        line: error.line(),
        column: error.column(),
    };
    match serde_json::from_str(&text).map_err(broken)? {
        File::List(waiting) | File::Versioned { version: 0..=FORMAT, waiting: Some(waiting) } => {
            Ok(waiting)
        }
        File::Versioned { version, .. } => Err(AccountsError::Newer { path, found: version }),
    }
}

/// The file; before it had a version it was the list alone.
#[derive(Deserialize)]
#[serde(untagged)]
enum File {
    List(Vec<Waiting>),
    Versioned { version: u32, waiting: Option<Vec<Waiting>> },
}

/// Puts the tokens aside: first the item, then the entry, so that no entry is without its item.
pub(super) async fn put(world: &World, grant: &Grant, waiting: &Waiting) -> Result<(), Failure> {
    let label = format!("Birdkey: to be revoked, {}", waiting.called);
    world.effects.vault.write(&waiting.item(), &label, &grant.to_item()).await?;
    change(&world.folders.data, |all| all.push(waiting.clone()))?;
    Ok(())
}

/// Tries everything that waits and may be reached; the last failure when something goes on waiting.
pub(crate) async fn finish(
    world: &World,
    may_be_reached: impl Fn(&Provider) -> bool,
) -> Result<(), Failure> {
    let mut last = Ok(());
    let apps = config::read(&world.folders.config)?.apps;
    let out_of_reach = |waiting: &Waiting| {
        let app = apps.iter().find(|app| app.id == waiting.app_id);
        app.is_some_and(|app| !may_be_reached(&app.provider))
    };
    for waiting in read(&world.folders.data) {
        if out_of_reach(&waiting) {
            continue;
        }
        if let Err(failure) = finish_one(world, &waiting).await {
            last = Err(failure);
        }
    }
    last
}

async fn finish_one(world: &World, waiting: &Waiting) -> Result<(), Failure> {
    let _held = refresh::hold(world, &waiting.account_id).await?;
    if !read(&world.folders.data).contains(waiting) {
        return Ok(());
    }
    let apps = config::read(&world.folders.config)?.apps;
    let item = world.effects.vault.read(&waiting.item()).await?;
    let app = apps.iter().find(|app| app.id == waiting.app_id);
    let code = match (app, item.as_ref().map(Grant::from_item)) {
        (Some(app), Some(Ok(grant))) => match revoke_again(world, app, &grant, waiting).await? {
            Again::Done(revoked) => revoked.failure(),
            Again::Waits(failure) => return Err(failure),
        },
        // The app or the item is gone, so nobody can revoke anything any more.
        _ => Some(crate::problem::Code::GrantMissing),
    };
    world.effects.vault.remove(&waiting.item()).await?;
    change(&world.folders.data, |all| all.retain(|one| one != waiting))?;
    let whose =
        Whose { id: Some(waiting.account_id.clone()), called: Some(waiting.called.clone()) };
    world.note(What::Logout, whose, code);
    Ok(())
}

enum Again {
    Done(Revoked),
    Waits(Failure),
}

async fn revoke_again(
    world: &World,
    app: &App,
    grant: &Grant,
    waiting: &Waiting,
) -> Result<Again, Failure> {
    let mut halves = match revoke(world, app, grant).await {
        Ok(halves) => halves,
        Err(failure @ Failure::Vault(_)) => return Ok(Again::Waits(failure)),
        Err(failure) => return Ok(Again::Done(Revoked::failed(&failure, Some(app)))),
    };
    let given_up = world.effects.clock.now_unix_ms().saturating_sub(waiting.since_ms) > GIVE_UP_MS;
    match halves.take_passing().filter(|_| !given_up) {
        Some(failure) => Ok(Again::Waits(failure)),
        None => Ok(Again::Done(halves.shown(app, false))),
    }
}

fn change(data: &Path, change: impl FnOnce(&mut Vec<Waiting>)) -> Result<(), Failure> {
    let _lock = files::lock(&data.join("locks").join("revocations.lock"))?;
    // What is there and can't be read must not be written over.
    let mut all = strictly_read(data)?;
    change(&mut all);
    if all.is_empty() {
        return Ok(files::remove(&path(data))?);
    }
    let file = serde_json::json!({ "version": FORMAT, "waiting": all });
    Ok(files::write_text(&path(data), &format!("{file:#}"))?)
}

fn path(data: &Path) -> PathBuf {
    data.join("revocations.json")
}
