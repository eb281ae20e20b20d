//! Who the system hands links of a scheme to.

use std::process::Stdio;
use std::time::Duration;

use super::clock::{Clock, within};

/// How long the system may take to say it.
const LIMIT: Duration = Duration::from_secs(3);

/// The desktop entry that gets links of `scheme`; the inner `None` when none does, the outer one when
/// the system does not tell: it has no `xdg-mime`, or is not Linux.
pub async fn of(scheme: &str, clock: &dyn Clock) -> Option<Option<String>> {
    if !cfg!(target_os = "linux") {
        return None;
    }
    let (said, heard) = tokio::sync::oneshot::channel();
    let kind = format!("x-scheme-handler/{scheme}");
    // A thread, because the runtime of a command drives no processes; it ends with the program.
    std::thread::spawn(move || {
        let asked = std::process::Command::new("xdg-mime")
            .args(["query", "default", &kind])
            .stdin(Stdio::null())
            .stderr(Stdio::null())
            .output();
        // Nobody listens after the limit.
        let _ = said.send(asked);
    });
    let answer = within(clock, LIMIT, heard).await.ok()?.ok()?.ok()?;
    let entry = String::from_utf8(answer.stdout).ok()?.trim().to_owned();
    Some(Some(entry).filter(|entry| !entry.is_empty()))
}
