//! Running programs: a heading, their output as it comes, and how long they took.

use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use crate::failure::Failure;
use crate::place;

/// A program to run in the workspace.
pub(crate) struct Run(Command);

/// Cargo, the one that runs us.
pub(crate) fn cargo(arguments: &[&str]) -> Run {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let run = program(cargo, arguments);
    // What is built once and thrown away gains nothing from it, and it doubles the disk that is needed.
    if is_ci() { run.with("CARGO_INCREMENTAL", "0") } else { run }
}

/// npm in the folder of the UI.
pub(crate) fn npm(arguments: &[&str]) -> Run {
    npm_in(&place::ui(), arguments)
}

/// npm in a folder.
pub(crate) fn npm_in(folder: &Path, arguments: &[&str]) -> Run {
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    program(npm, arguments).within(folder)
}

/// Any program, in the top of the workspace.
pub(crate) fn program(program: impl AsRef<OsStr>, arguments: &[&str]) -> Run {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(place::root()).stdin(Stdio::null());
    Run(command)
}

impl Run {
    /// In another folder.
    pub(crate) fn within(mut self, folder: &Path) -> Self {
        self.0.current_dir(folder);
        self
    }

    /// With a variable.
    pub(crate) fn with(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.0.env(name, value);
        self
    }

    /// Runs it under a heading, its output as it comes.
    pub(crate) fn run(mut self, name: &str) -> Result<(), Failure> {
        println!("\n==> {name}: {}", self.line());
        let began = Instant::now();
        let ended = self.0.status().map_err(|why| self.not_started(why))?;
        println!("    {name}: {:.1} s", began.elapsed().as_secs_f32());
        if ended.success() {
            return Ok(());
        }
        Err(Failure::Failed { name: name.to_owned(), code: ended.code() })
    }

    /// What it prints, quietly; `None` when it fails or is not there.
    pub(crate) fn output(mut self) -> Option<String> {
        let output = self.0.stderr(Stdio::null()).output().ok()?;
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// What it prints whether it fails or not; `None` when it is not there.
    pub(crate) fn any_output(mut self) -> Option<String> {
        let output = self.0.stderr(Stdio::null()).output().ok()?;
        Some(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// The program's exit code, its terminal ours.
    pub(crate) fn replace(mut self) -> Result<u8, Failure> {
        let ended = self.0.stdin(Stdio::inherit()).status();
        let ended = ended.map_err(|why| self.not_started(why))?;
        Ok(ended.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1))
    }

    fn not_started(&self, why: std::io::Error) -> Failure {
        Failure::NotStarted { program: self.0.get_program().to_string_lossy().into_owned(), why }
    }

    /// The line as one would type it.
    fn line(&self) -> String {
        let program = Path::new(self.0.get_program());
        let name = program.file_name().unwrap_or(program.as_os_str());
        let words = std::iter::once(name).chain(self.0.get_args());
        words.map(OsStr::to_string_lossy).collect::<Vec<_>>().join(" ")
    }
}

/// Whether this runs in CI, on a machine that is thrown away.
pub(crate) fn is_ci() -> bool {
    std::env::var_os("CI").is_some_and(|ci| !ci.is_empty())
}
