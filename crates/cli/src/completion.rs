//! Completions: a shell asks the command itself, so that names of accounts and apps are known.

use std::ffi::OsString;

use birdkey::Engine;
use birdkey::effects::folders::Folders;
use birdkey_foreign::Foreign;
use clap::CommandFactory as _;
use clap_complete::engine::CompletionCandidate;
use clap_complete::env::{CompleteEnv, Shells};

use crate::args::{Arguments, ShellName};
use crate::commands::Ending;
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

/// The accounts by `@username`, with their apps; by id where a shell would read more into the name.
pub(crate) fn accounts() -> Vec<CompletionCandidate> {
    let Some(engine) = engine() else { return Vec::new() };
    let accounts = engine.view().accounts.into_iter();
    accounts
        .map(|account| {
            let value =
                account.username.as_ref().and_then(Foreign::word).map(|name| format!("@{name}"));
            let help = format!("{} via {}", account.called(), account.app_name.terminal());
            CompletionCandidate::new(value.unwrap_or(account.id)).help(Some(help.into()))
        })
        .collect()
}

/// The apps by name; by id likewise.
pub(crate) fn apps() -> Vec<CompletionCandidate> {
    let Some(engine) = engine() else { return Vec::new() };
    let apps = engine.view().apps.into_iter();
    apps.map(|app| {
        let name = app.name.word().map(str::to_owned);
        CompletionCandidate::new(name.unwrap_or(app.id)).help(Some(app.host.into()))
    })
    .collect()
}

fn engine() -> Option<Engine> {
    Folders::of_this_user().ok().map(Engine::of_this_machine)
}
