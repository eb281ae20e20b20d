//! Starting a program that outlives us, without a shell, a terminal or a zombie.

use std::io;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tokio::sync::oneshot;

use super::commands::CommandLine;
use super::environment::Environment;
use crate::effects::clock::{Clock, within};

/// An opener that failed says so within this time; a browser that runs on is taken for started.
pub(super) const EARLY: Duration = Duration::from_secs(1);

/// What became of a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Start {
    /// It runs, or ended with success.
    Running,
    /// There is no such program.
    NotFound,
    /// It could not be started or failed at once.
    Failed,
}

/// Starts `command` and watches it for a second at most.
pub(super) async fn start(
    command: &CommandLine,
    url: &str,
    environment: &Environment,
    clock: &dyn Clock,
) -> Start {
    let child = match detached(command, url, environment).spawn() {
        Ok(child) => child,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Start::NotFound,
        Err(error) => {
            tracing::debug!(program = command.program, %error, "a browser command could not be started");
            return Start::Failed;
        }
    };
    let Some(ended_well) = watch(child) else {
        return Start::Running;
    };
    match within(clock, EARLY, ended_well).await {
        Ok(Ok(false)) => Start::Failed,
        Ok(Ok(true) | Err(_)) | Err(_) => Start::Running,
    }
}

/// Waits for the child in a thread of its own, for as long as it runs; the system reaps it if we end first.
fn watch(mut child: Child) -> Option<oneshot::Receiver<bool>> {
    let (ended, end) = oneshot::channel();
    let waiting = std::thread::Builder::new().name("browser".to_owned()).spawn(move || {
        let ended_well = child.wait().is_ok_and(|status| status.success());
        // Nobody listens after the first second.
        let _ = ended.send(ended_well);
    });
    waiting.is_ok().then_some(end)
}

fn detached(command: &CommandLine, url: &str, environment: &Environment) -> Command {
    let mut process = Command::new(&command.program);
    process
        .args(command.arguments_for(url))
        .env_clear()
        .envs(environment.for_others())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    apart(&mut process);
    process
}

/// A group of its own: Ctrl+C and the end of our terminal are not for the browser.
#[cfg(unix)]
fn apart(process: &mut Command) {
    use std::os::unix::process::CommandExt as _;
    process.process_group(0);
}

#[cfg(windows)]
fn apart(process: &mut Command) {
    use std::os::windows::process::CommandExt as _;
    const DETACHED_PROCESS: u32 = 0x8;
    const CREATE_NEW_PROCESS_GROUP: u32 = 0x200;
    process.creation_flags(DETACHED_PROCESS | CREATE_NEW_PROCESS_GROUP);
}
