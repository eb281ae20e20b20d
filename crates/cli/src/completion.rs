//! Completions: a shell asks the command itself, so that names of accounts and apps are known.

use std::ffi::OsString;

use clap::CommandFactory as _;
use clap_complete::env::{CompleteEnv, Shells};

use crate::args::{Arguments, ShellName};
use crate::output::Ending;
use crate::output::Output;

/// Set by the scripts that shells load.
const VARIABLE: &str = "BIRDKEY_COMPLETE";
const NAME: &str = "birdkey";

/// Answers a shell that asks; true when one did.
pub(crate) fn answered(arguments: &[OsString]) -> bool {
    // Looked at first, because everything else costs time that `birdkey token` must not.
    if std::env::var_os(VARIABLE).is_none() {
        return false;
    }
    let here = std::env::current_dir().ok();
    let asked = CompleteEnv::with_factory(Arguments::command).var(VARIABLE);
    match asked.try_complete(arguments.iter(), here.as_deref()) {
        Ok(answered) => answered,
        Err(error) => {
            // A shell shows it in the middle of what is typed; better nothing is completed.
            drop(error);
            true
        }
    }
}

/// The script that a shell loads.
pub(crate) fn script(shell: ShellName, output: &Output) -> Result<(), Ending> {
    let shells = Shells::builtins();
    let Some(shell) = shells.completer(shell.name()) else { return Ok(()) };
    let mut script = Vec::new();
    // Writing into memory never fails.
    shell.write_registration(VARIABLE, NAME, NAME, NAME, &mut script).ok();
    output.data(String::from_utf8_lossy(&script).trim_end())
}
