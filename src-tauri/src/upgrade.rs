//! A package was installed over the running app: notices, and starts the new one in its place.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::SystemTime;

use notify::{Event, RecursiveMode, Watcher as _};
use tauri::{AppHandle, Manager as _};
use tauri_plugin_window_state::AppHandleExt as _;

use crate::shell::{KEPT, MAIN, Shell};

/// The program as it was when it started; later the system may only tell that it was replaced.
static STARTED: OnceLock<Option<Program>> = OnceLock::new();

struct Program {
    path: PathBuf,
    identity: Identity,
}

/// Changes when a file is replaced.
type Identity = (SystemTime, u64);

/// Remembers the program; called first of all.
pub(crate) fn remember() {
    STARTED.get_or_init(|| {
        let path = std::env::current_exe().ok()?;
        let identity = identity(&path)?;
        Some(Program { path, identity })
    });
}

fn started() -> Option<&'static Program> {
    STARTED.get()?.as_ref()
}

fn identity(path: &Path) -> Option<Identity> {
    let file = std::fs::metadata(path).ok()?;
    Some((file.modified().ok()?, file.len()))
}

/// Watches the program's folder for as long as the returned watcher lives.
pub(crate) fn watch(app: &AppHandle) -> Option<notify::RecommendedWatcher> {
    let program = started()?;
    let app = app.clone();
    let watcher = notify::recommended_watcher(move |event: notify::Result<Event>| {
        let ours = |event: &Event| event.paths.contains(&program.path);
        if event.is_ok_and(|event| !event.kind.is_access() && ours(&event)) {
            look(&app, program);
        }
    });
    let watching = watcher.and_then(|mut watcher| {
        let folder = program.path.parent().unwrap_or(&program.path);
        watcher.watch(folder, RecursiveMode::NonRecursive)?;
        Ok(watcher)
    });
    watching.map_err(|error| tracing::warn!(%error, "an upgrade will not be noticed")).ok()
}

/// Removed is no upgrade: then there is nothing to start.
fn look(app: &AppHandle, program: &Program) {
    let newer = identity(&program.path).is_some_and(|now| now != program.identity);
    // Watching begins before the app is put together.
    let Some(shell) = app.try_state::<Shell>() else { return };
    let engine = &shell.engine;
    if engine.view().desktop.is_some_and(|desktop| desktop.newer_installed != newer) {
        engine.change_desktop(|desktop| desktop.newer_installed = newer);
    }
}

/// Starts the installed program in the place of this one, once nothing would be lost by it.
pub(crate) async fn restart(app: AppHandle) {
    let hidden = app.get_webview_window(MAIN).is_none();
    if !crate::quit::settle(&app).await {
        return;
    }
    // The new one reads it before this one has ended.
    if let Err(error) = app.save_window_state(KEPT) {
        tracing::warn!(%error, "size and place of the window are those of earlier");
    }
    if let Some(program) = started() {
        let mut anew = std::process::Command::new(&program.path);
        if let Err(error) = anew.args(hidden.then_some("--hidden")).spawn() {
            tracing::error!(%error, "the new version could not be started");
        }
    }
    app.exit(0);
}
