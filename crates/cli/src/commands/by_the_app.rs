//! A login whose redirect is a link: only the desktop app receives it, so it does the login.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use birdkey::Engine;
use birdkey::engine::Told;
use birdkey::login::{LoginRequest, Page};
use birdkey::problem::{self, Code, Problem};
use birdkey_foreign::Foreign;

use crate::output::Ending;
use crate::output::Output;
use crate::words;

/// The executable of the desktop app.
const DESKTOP_APP: &str = if cfg!(windows) { "birdkey-desktop.exe" } else { "birdkey-desktop" };

/// Why the desktop app did not log in.
pub(super) enum Unable {
    /// It can't, but this command can: the app has a loopback redirect too.
    NotHere,
    /// The login failed.
    Failed(Ending),
}

/// Lets the desktop app log in, started when it does not run; the account's id, and what else
/// there is to say.
pub(super) async fn log_in(
    engine: &Engine,
    request: &LoginRequest,
    output: &Output,
) -> Result<(String, Told), Unable> {
    let name = &request.app.name;
    let unable = |problem: Problem| {
        if request.app.can_listen() { Unable::NotHere } else { Unable::Failed(problem.into()) }
    };
    if request.page == Page::HandOver {
        return Err(unable(problem::page_by_the_app(name)));
    }
    let Some(program) = desktop_app() else {
        return Err(unable(problem::no_desktop_app(name)));
    };
    let handed_over =
        engine.hand_over(request).map_err(|problem| Unable::Failed(problem.into()))?;
    let mut app = Command::new(program);
    app.args(["--hidden", "--log-in", &handed_over.id]);
    let started = detached(&mut app).spawn();
    let Ok(mut app) = started else { return Err(unable(problem::no_desktop_app(name))) };
    let minutes = words::duration(i64::try_from(request.timeout.as_secs()).unwrap_or(0));
    output.say(&format!(
        "Birdkey's desktop app opens the page; waiting for you in the browser for {minutes}. Press Ctrl-C to cancel."
    ));
    let ended = tokio::select! {
        ended = engine.handed_back(&handed_over, request) => ended,
        problem = refused(&mut app, name) => return Err(unable(problem)),
        _ = super::interrupted() => {
            // It may be exchanging already: then it ends with the grant in the vault.
            handed_over.give_up();
            engine.handed_back(&handed_over, request).await
        }
    };
    ended.map_err(|problem| {
        let nobody_took_it = problem.code == Code::NoLoopbackRedirect;
        if nobody_took_it { unable(problem) } else { Unable::Failed(problem.into()) }
    })
}

/// Ends when the app could not start, e.g. without a display; never, when it runs or handed on to
/// the one that runs.
async fn refused(app: &mut std::process::Child, name: &Foreign) -> Problem {
    let mut looking = tokio::time::interval(std::time::Duration::from_millis(100));
    loop {
        looking.tick().await;
        match app.try_wait() {
            Ok(None) => {}
            Ok(Some(ended)) if ended.success() => std::future::pending().await,
            Ok(Some(_)) | Err(_) => return problem::no_desktop_app(name),
        }
    }
}

/// Beside this command, as packages have it, or on the path.
fn desktop_app() -> Option<PathBuf> {
    // Behind links, as the command may be one.
    let own = std::env::current_exe().and_then(|path| path.canonicalize()).ok();
    let beside = own.and_then(|path| Some(path.parent()?.to_owned()));
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = beside.into_iter().chain(std::env::split_paths(&path));
    folders.map(|folder| folder.join(DESKTOP_APP)).find(|program| program.is_file())
}

/// It goes on when this command and its terminal end.
fn detached(command: &mut Command) -> &mut Command {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(command, 0);
    command
}
