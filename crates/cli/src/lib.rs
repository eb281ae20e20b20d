//! The command of Birdkey: arguments in, text or JSON and an exit code out.
//!
//! Data goes to stdout, everything else to stderr. A library, so that an executable that holds
//! window and command together can call [`run`] before anything else starts.

mod args;
mod candidates;
mod commands;
mod completion;
mod json;
mod output;
mod passphrase;
mod secret_file;
mod words;

use std::ffi::OsString;
use std::process::ExitCode;

use birdkey::effects::files;
use birdkey::effects::folders::Folders;
use birdkey::problem::{About, Problem};
use clap::{CommandFactory as _, Parser as _};
use tracing_subscriber::Layer as _;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::args::{Arguments, Command};
use crate::output::Ending;
use crate::output::Output;

/// What our own log lines begin with.
const OUR_TARGETS: [&str; 2] = ["birdkey", "birdkey_sandbox"];

/// Runs one command to its end.
///
/// Exit codes: 0 done, 1 unexpected, 2 usage, 3 configuration, 4 log in needed, 5 refused or
/// cancelled, 6 network or server unavailable, 7 keychain, 8 time-out.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    birdkey::effects::process::no_core_dumps();
    if let Err(problem) = act_as_host() {
        return Output::new(false).failed(&problem.into());
    }
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    if completion::answered(&arguments) {
        return ExitCode::SUCCESS;
    }
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(error) => return usage(&error),
    };
    start_log(arguments.verbose);
    let output = Output::new(arguments.json);
    let ended = match runtime() {
        Ok(runtime) => runtime.block_on(perform(&arguments.command, &output)),
        Err(error) => return output.no_runtime(&error),
    };
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(ending) => output.failed(&ending),
    }
}

/// The command's arguments as clap knows them, for its manual.
pub fn command() -> clap::Command {
    Arguments::command()
}

async fn perform(command: &Command, output: &Output) -> Result<(), Ending> {
    match command {
        Command::Login(login) => commands::login::run(login, output).await,
        Command::Token(token) => commands::token::run(token, output).await,
        Command::Exec(exec) => commands::exec::run(exec, output).await,
        Command::Api(api) => commands::api::run(api, output).await,
        Command::Status => commands::status::run(output).await,
        Command::Switch(switch) => commands::switch::run(switch, output),
        Command::Doctor(doctor) => commands::doctor::run(doctor, output).await,
        Command::Refresh(refresh) => commands::refresh::run(refresh, output).await,
        Command::Logout(logout) => commands::logout::run(logout, output).await,
        Command::Activity(activity) => commands::activity::run(activity, output).await,
        Command::Import(import) => commands::import::run(import, output).await,
        Command::Vault(vault) => commands::vault::run(vault, output).await,
        Command::App(app) => commands::app::run(app, output).await,
        Command::Sandbox(sandbox) => commands::sandbox::run(sandbox, output).await,
        Command::Completions(arguments) => completion::script(arguments.shell, output),
    }
}

/// Lets root, by `sudo -E`, touch files only as the user whose folders these are.
fn act_as_host() -> Result<(), Problem> {
    // Without a home there is no folder of another user either, and the command says so.
    let Ok(folders) = Folders::of_this_user() else { return Ok(()) };
    files::act_as_host(&folders).map_err(|error| Problem::new(&error.into(), &About::default()))
}

/// One thread is enough for a command, and cheaper to start.
fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()
}

/// Help and version go to stdout and are no failure.
fn usage(error: &clap::Error) -> ExitCode {
    // Nothing is left to tell when even this can't be written.
    error.print().ok();
    if error.use_stderr() { ExitCode::from(2) } else { ExitCode::SUCCESS }
}

/// Logs go to stderr, and only when asked for: by `--verbose`, or in detail by `BIRDKEY_LOG`. Only our own
/// lines: other people's libraries may print headers and answers.
fn start_log(verbose: bool) {
    let usual = verbose.then(|| "birdkey=debug,birdkey_sandbox=debug".to_owned());
    let Some(filter) = std::env::var("BIRDKEY_LOG").ok().or(usual) else { return };
    let asked: Targets = filter.parse().unwrap_or_default();
    let ours = asked.iter().filter(|(target, _)| target.starts_with("birdkey"));
    let everywhere = OUR_TARGETS.iter().zip(asked.default_level());
    let everywhere = everywhere.map(|(target, level)| ((*target).to_owned(), level));
    let ours = ours.map(|(target, level)| (target.to_owned(), level));
    let filter: Targets = everywhere.chain(ours).collect();
    let log = tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_ansi(false);
    // A log that is set up already is used as it is.
    tracing_subscriber::registry().with(log.with_filter(filter)).try_init().ok();
}
