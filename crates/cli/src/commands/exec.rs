//! `birdkey exec`: a program with the access token in its environment.

use std::ffi::OsString;
use std::process::{Command, Stdio};

use birdkey::token::Needs;

use crate::args::Exec;
use crate::output::Ending;
use crate::output::Output;

/// As shells have it: found, but not startable.
const NOT_STARTABLE: u8 = 126;
/// As shells have it: not found.
const NOT_FOUND: u8 = 127;

pub(crate) async fn run(arguments: &Exec, output: &Output) -> Result<(), Ending> {
    let engine = super::engine()?;
    let account = super::account(&engine, &arguments.chosen)?;
    let needs = Needs { min_valid: arguments.min_valid, scopes: arguments.scopes.clone() };
    let token = super::finished(&engine, output, engine.token(account.as_deref(), &needs)).await?;
    super::token::warn(&token, output);
    let Some((program, rest)) = arguments.command.split_first() else { return Ok(()) };
    let mut command = Command::new(file_of(program));
    command.args(rest).env(&arguments.env, token.access_token.expose()).stdin(Stdio::inherit());
    replaced_by(command, program, output)
}

/// By a bare name Windows starts files that end in `.exe` only; a shell finds scripts (`npm.cmd`) as well.
#[cfg(windows)]
fn file_of(program: &OsString) -> OsString {
    let is_bare = std::path::Path::new(program).components().count() == 1;
    let found = is_bare.then(|| birdkey::effects::process::on_the_path(program)).flatten();
    found.map_or_else(|| program.clone(), OsString::from)
}

/// The system looks for it.
#[cfg(not(windows))]
fn file_of(program: &OsString) -> &OsString {
    program
}

/// On unix the program takes the place of this one: signals and exit code are its own.
#[cfg(unix)]
fn replaced_by(mut command: Command, program: &OsString, output: &Output) -> Result<(), Ending> {
    use std::os::unix::process::CommandExt as _;
    birdkey::effects::files::act_as_self(&mut command);
    // Only a failure comes back from here.
    let error = command.exec();
    Err(not_started(program, &error, output))
}

#[cfg(not(unix))]
fn replaced_by(mut command: Command, program: &OsString, output: &Output) -> Result<(), Ending> {
    // Ctrl-C and Ctrl-Break reach the program too, as it shares the console; it decides what they mean. As
    // long as this process listens for them, it waits on; otherwise the system would end it.
    #[cfg(windows)]
    let _listening = (tokio::signal::windows::ctrl_c(), tokio::signal::windows::ctrl_break());
    match command.status() {
        Ok(ended) if ended.success() => Ok(()),
        Ok(ended) => {
            Err(Ending::Said(ended.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1)))
        }
        Err(error) => Err(not_started(program, &error, output)),
    }
}

fn not_started(program: &OsString, error: &std::io::Error, output: &Output) -> Ending {
    let program = program.to_string_lossy();
    output.say(&format!(
        "error: “{program}” could not be started: {error}.\n\nhint: check its name and whether it may be run"
    ));
    let found = error.kind() != std::io::ErrorKind::NotFound;
    Ending::Said(if found { NOT_STARTABLE } else { NOT_FOUND })
}
