//! Processes that end with the desktop, also when the test is killed.

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

/// A command that dies with its parent.
pub(super) fn bound(program: &str) -> Command {
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "KILL", "--"]).arg(program);
    command
}
