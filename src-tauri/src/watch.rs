//! Other programs of ours change the same files: what they did shows within a second.

use std::path::Path;
use std::sync::Arc;

use birdkey::Engine;
use birdkey::effects::files;
use notify::{Event, RecursiveMode, Watcher as _};
use tokio::sync::mpsc;

/// The files that are shown; folders are watched, because an atomic rename defeats a watch of a file.
const SHOWN: [&str; 2] = ["config.toml", "accounts.json"];

/// Watches both folders for as long as the returned watcher lives, and looks again after each change.
pub(crate) fn start(engine: &Arc<Engine>) -> Option<notify::RecommendedWatcher> {
    let (sender, receiver) = mpsc::channel(1);
    let watcher = watched(engine, sender);
    tauri::async_runtime::spawn(look_after_each(Arc::clone(engine), receiver));
    watcher.map_err(|error| tracing::warn!(%error, "files are not watched")).ok()
}

fn watched(
    engine: &Engine,
    sender: mpsc::Sender<()>,
) -> notify::Result<notify::RecommendedWatcher> {
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<Event>| {
        // A full channel means that a look is due anyway.
        if event.is_ok_and(|event| is_shown(&event)) {
            sender.try_send(()).ok();
        }
    })?;
    for folder in [&engine.folders().config, &engine.folders().data] {
        if files::private_folder(folder).is_ok() {
            watcher.watch(folder, RecursiveMode::NonRecursive)?;
        }
    }
    Ok(watcher)
}

fn is_shown(event: &Event) -> bool {
    let named =
        |path: &Path| path.file_name().is_some_and(|name| SHOWN.iter().any(|shown| name == *shown));
    !event.kind.is_access() && event.paths.iter().any(|path| named(path))
}

async fn look_after_each(engine: Arc<Engine>, mut changes: mpsc::Receiver<()>) {
    while changes.recv().await.is_some() {
        // First what the files say, at once; then what the vault says.
        engine.touch();
        engine.look_again().await;
    }
}
