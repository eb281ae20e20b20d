//! The doctor and the activity in the window.

use std::time::Duration;

use birdkey::effects::files;
use birdkey::engine::Servers;
use birdkey::problem::Problem;
use birdkey::view::{Check, Entry, FindingView, report};
use notify::{RecursiveMode, Watcher as _};
use tauri::State;
use tauri::async_runtime::spawn;
use tauri::ipc::Channel;
use tokio::sync::mpsc;

use crate::shell::Shell;

/// Programs may ask for tokens in loops; the window follows at this pace.
const PACE: Duration = Duration::from_millis(500);

/// Looks at everything a login and a token need.
#[tauri::command]
pub(crate) async fn examine(
    shell: State<'_, Shell>,
    offline: bool,
) -> Result<Vec<FindingView>, Problem> {
    let servers = if offline { Servers::LeftAlone } else { Servers::Asked };
    Ok(shell.engine.examine(servers).await)
}

/// Mends what a finding of this kind says, where Birdkey can.
#[tauri::command]
pub(crate) async fn fix(shell: State<'_, Shell>, check: Check) -> Result<(), Problem> {
    let ended = shell.engine.fix(check).await;
    // What was finished is no longer in the View, although something else may have failed.
    shell.engine.touch();
    ended
}

/// Looks once more, and copies what was found: it holds no secret.
#[tauri::command]
pub(crate) async fn copy_report(shell: State<'_, Shell>, offline: bool) -> Result<(), Problem> {
    let servers = if offline { Servers::LeftAlone } else { Servers::Asked };
    let findings = shell.engine.examine(servers).await;
    shell.clipboard.copy(&report(&findings))
}

/// Everything noted and counted, oldest first.
#[tauri::command]
pub(crate) async fn activity(shell: State<'_, Shell>) -> Result<Vec<Entry>, Problem> {
    Ok(shell.engine.activity())
}

/// Says on the channel that the activity changed, until the window is gone or asks anew.
#[tauri::command]
pub(crate) async fn watch_activity(
    shell: State<'_, Shell>,
    channel: Channel<()>,
) -> Result<(), Problem> {
    let folder = shell.engine.activity_folder();
    let (sender, mut changes) = mpsc::channel(1);
    let watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        // A full channel means that a look is due anyway.
        if event.is_ok_and(|event| !event.kind.is_access()) {
            sender.try_send(()).ok();
        }
    });
    let started = watcher.and_then(|mut watcher| {
        if files::private_folder(&folder).is_ok() {
            // What is counted lies in a folder for each hour.
            watcher.watch(&folder, RecursiveMode::Recursive)?;
        }
        Ok(watcher)
    });
    let watcher = match started {
        Ok(watcher) => watcher,
        Err(error) => {
            // The list can be read all the same; it just does not follow.
            tracing::warn!(%error, "the activity is not watched");
            return Ok(());
        }
    };
    let following = spawn(async move {
        let _watcher = watcher;
        while changes.recv().await.is_some() && channel.send(()).is_ok() {
            tokio::time::sleep(PACE).await;
        }
    });
    shell.follow_activity(Some(following));
    Ok(())
}

/// Nobody looks at the activity any more.
#[tauri::command]
pub(crate) async fn leave_activity(shell: State<'_, Shell>) -> Result<(), Problem> {
    shell.follow_activity(None);
    Ok(())
}
