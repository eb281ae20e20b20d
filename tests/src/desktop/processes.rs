//! Processes that end with the desktop, also when the test is killed.

use std::path::Path;
use std::process::{Child, Command, Stdio};

/// A process that is killed when dropped.
pub(super) struct Kept(Child);

impl Kept {
    /// Starts `program` below `setpriv`, so that the kernel ends it with this process.
    pub(super) fn start(command: &mut Command) -> Self {
        Self(command.stdin(Stdio::null()).spawn().unwrap_or_else(|error| {
            panic!("a program of the desktop could not be started: {error}")
        }))
    }

    /// Keeps a process that was started already.
    pub(super) fn of(child: Child) -> Self {
        Self(child)
    }

    pub(super) fn child(&mut self) -> &mut Child {
        &mut self.0
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        // It may have ended already.
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

/// Ends every process whose arguments name `folder`: a browser outlives its killed driver.
pub(super) fn end_all_naming(folder: &Path) {
    let name = folder.display().to_string();
    let Ok(processes) = std::fs::read_dir("/proc") else { return };
    for process in processes.flatten() {
        let arguments = std::fs::read(process.path().join("cmdline")).unwrap_or_default();
        if String::from_utf8_lossy(&arguments).contains(&name) {
            // It may have ended in between.
            Command::new("kill").arg("-KILL").arg(process.file_name()).output().ok();
        }
    }
}

/// A command that dies with its parent.
pub(super) fn bound(program: &str) -> Command {
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "KILL", "--"]).arg(program);
    command
}
