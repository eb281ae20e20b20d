//! An engine that keeps fresh what needs nothing: how often its process wakes.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use birdkey::Engine;
use birdkey::effects::folders::Folders;
use birdkey::effects::vault::VaultKind;

use super::Size;
use super::ground::Ground;
use crate::desktop::until_some;

/// Until the process has started and sleeps.
const SETTLED: Duration = Duration::from_secs(20);

/// Keeps fresh for ever, in a process of its own; started by [`watched`].
pub async fn be_idle() {
    let folders = Folders::of_this_user().unwrap();
    Engine::of_this_machine(folders).keep_fresh().await;
}

/// Counts the wakes of a process that has a grant with two hours left.
pub(super) async fn watched(size: Size) -> String {
    let ground = Ground::new(VaultKind::Keychain).await;
    ground.succeeds(&["token"]);
    let program = std::env::current_exe().unwrap().display().to_string();
    let mut command = ground.desktop.command(program);
    let mut idle = command.arg("--be-idle").stdin(Stdio::null()).spawn().unwrap();
    let pid = idle.id();
    let mut last = None;
    until_some("the process to sleep", SETTLED, async || {
        let now = switches(pid);
        let quiet = now.is_some() && now == last;
        last = now;
        quiet.then_some(())
    })
    .await;
    let watched_for = size.pick(Duration::from_mins(2), Duration::from_secs(5));
    let before = switches(pid).unwrap();
    // The time itself is what is measured over.
    tokio::time::sleep(watched_for).await;
    let woke = switches(pid).unwrap() - before;
    idle.kill().unwrap();
    idle.wait().unwrap();
    assert!(woke <= 1, "{woke} wakes");
    format!(
        "idle: {woke} wakes in {} s by the context switches of all its threads",
        watched_for.as_secs()
    )
}

/// The voluntary context switches of all threads of a process.
fn switches(pid: u32) -> Option<u64> {
    let tasks = std::fs::read_dir(Path::new("/proc").join(pid.to_string()).join("task")).ok()?;
    let mut sum = 0;
    for task in tasks.flatten() {
        let status = std::fs::read_to_string(task.path().join("status")).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("voluntary_ctxt_switches:"))?;
        sum += line.trim().parse::<u64>().ok()?;
    }
    Some(sum)
}
