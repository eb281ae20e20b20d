//! `birdkey login`: the browser, the redirect, the grant.

use std::convert::Infallible;
use std::io::IsTerminal as _;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use birdkey::Engine;
use birdkey::effects::browser::BrowserError;
use birdkey::effects::paste::Paste;
use birdkey::login::{LoginObserver, LoginRequest, Page, Progress, Target, Waiting};
use birdkey::problem::{self, Code, Problem};
use birdkey::protocol::provider::ProviderKind;
use birdkey::protocol::scope::Scopes;
use birdkey::protocol::secret::Secret;

use super::by_the_app::{self, Unable};
use super::{pasting, wrong_scopes};
use crate::args::{APP_VARIABLE, Login, variable};
use crate::json;
use crate::output::Ending;
use crate::output::Output;
use crate::words;

pub(crate) async fn run(arguments: &Login, output: &Output) -> Result<(), Ending> {
    let pastes = arguments.paste || !arguments.no_browser && pasting::is_remote();
    let (engine, paste) = if pastes {
        let (engine, paste) = super::pasting_engine()?;
        (engine, Some(paste))
    } else {
        (super::engine()?, None)
    };
    let request = request(&engine, arguments, pastes)?;
    warn(&engine, &request, output);
    if request.app.takes_links()
        && let Some(ended) = by_link(&engine, &request, output).await
    {
        return ended;
    }
    let (cancel, cancelled) = watch::channel(false);
    let observer = Terminal { output, request: &request, pastes, said: Mutex::default() };
    let attempt = async || {
        let login = engine.login(&request, &observer, cancelled.clone());
        tokio::pin!(login);
        tokio::select! {
            ended = &mut login => ended,
            never = pasted(paste.clone(), output) => match never {},
            never = super::tells_of_prompts(&engine, output) => match never {},
            _ = super::interrupted() => {
                cancel.send_replace(true);
                login.await
            }
        }
    };
    let mut ended = attempt().await;
    if let Err(problem) = &ended
        && problem.code == Code::LoginElsewhere
        && goes_on(problem, output)
    {
        // Asked for a second time, it goes on.
        ended = attempt().await;
    }
    engine.seen_through().await;
    let account = ended?;
    let said = std::mem::take(&mut *observer.said());
    show(&engine, &account, &said.remarks, output)?;
    super::finish_logouts(&engine, output).await?;
    said.not_renewed.map_or(Ok(()), |problem| Err(problem.into()))
}

/// Asks whether a login may end another one; where nobody can answer, it may not.
fn goes_on(problem: &Problem, output: &Output) -> bool {
    if !std::io::stdin().is_terminal() || output.is_json() {
        return false;
    }
    output.warn(problem);
    output.ask("Log in here all the same? [y/N] ");
    let mut answer = String::new();
    let read = std::io::stdin().read_line(&mut answer);
    read.is_ok() && matches!(answer.trim(), "y" | "Y" | "yes")
}

/// A login whose browser comes back by a link; `None` when it has to be waited for at the port.
async fn by_link(
    engine: &Engine,
    request: &LoginRequest,
    output: &Output,
) -> Option<Result<(), Ending>> {
    match by_the_app::log_in(engine, request, output).await {
        Ok((account, told)) => {
            // The sandbox answered the app, not this command.
            engine.look_for_sandbox().await;
            let shown = show(engine, &account, &told.remarks, output);
            let not_renewed = told.not_renewed.map_or(Ok(()), |problem| Err(problem.into()));
            Some(shown.and(not_renewed))
        }
        Err(Unable::Failed(ending)) => Some(Err(ending)),
        // The order of the redirect URIs is the user's, but the next one is registered as well.
        Err(Unable::NotHere) => {
            output.say(&format!(
                "note: {} can't come back by its link here; waiting on this machine's port instead.",
                request.app.name.terminal()
            ));
            None
        }
    }
}

/// Takes what is pasted, where that is wanted; never ends.
async fn pasted(paste: Option<Arc<Paste>>, output: &Output) -> Infallible {
    match paste {
        Some(paste) => pasting::take(paste, output).await,
        None => std::future::pending().await,
    }
}

/// Says before the browser opens which scopes have a wrong name, and that this login would end another one; and of a
/// redirect URI that two servers share, before the first login of the app. Later `birdkey app show` and `birdkey doctor`
/// say that.
fn warn(engine: &Engine, request: &LoginRequest, output: &Output) {
    for warning in wrong_scopes::warnings(request.app.provider.kind(), &request.scopes) {
        output.say(&warning);
    }
    engine.look_for_xurl();
    let view = engine.view();
    let app = view.apps.into_iter().find(|app| app.id == request.app.id);
    let Some(problem) = app.and_then(|app| app.problem) else { return };
    let is_first = view.accounts.iter().all(|account| account.app_id != request.app.id);
    if is_first || problem.code != Code::RedirectUriShared {
        output.say(&format!("warning: {} {}\nhint: {}", problem.what, problem.why, problem.hint));
    }
}

fn request(engine: &Engine, arguments: &Login, pastes: bool) -> Result<LoginRequest, Ending> {
    let page = if arguments.no_browser || pastes { Page::HandOver } else { Page::Open };
    let mut request = if let Some(account) = &arguments.account {
        engine.login_again_request(account, page)?
    } else {
        let app = arguments.app.clone().or_else(|| variable(APP_VARIABLE));
        engine.login_request(app.as_deref(), page)?
    };
    if arguments.new {
        request.target = Target::New;
    }
    if !arguments.scopes.is_empty() {
        request.scopes = Scopes::from_names(arguments.scopes.iter().map(String::as_str));
    }
    if let Some(timeout) = arguments.timeout {
        request.timeout = timeout;
    }
    Ok(request)
}

fn show(
    engine: &Engine,
    account_id: &str,
    remarks: &[Problem],
    output: &Output,
) -> Result<(), Ending> {
    let view = super::readable(engine)?;
    let account = view.accounts.into_iter().find(|account| account.id == account_id);
    if output.is_json() {
        return output.json(&json::LoggedIn::new(account.as_ref(), remarks));
    }
    let Some(account) = account else { return Ok(()) };
    output.say(&format!(
        "Logged in as {} via {}; {}.",
        words::account(&account),
        account.app_name.terminal(),
        words::state(&account, engine.now_unix_ms())
    ));
    for problem in account.problem.iter().chain(remarks) {
        output.say(&format!("note: {} {} {}", problem.what, problem.why, problem.hint));
    }
    if account.token.refresh_token.is_none() {
        let why = match engine.app(Some(&account.app_id)).map(|app| app.provider.kind()) {
            Ok(ProviderKind::X | ProviderKind::Sandbox) => {
                "there is no refresh token (scope offline.access)"
            }
            Ok(ProviderKind::Custom) | Err(_) => "the server sent no refresh token",
        };
        output.say(&format!("note: {why}, so this login ends when the token expires."));
    }
    Ok(())
}

/// Tells a login on the terminal.
struct Terminal<'a> {
    output: &'a Output,
    request: &'a LoginRequest,
    pastes: bool,
    /// Shown last, when the login is done.
    said: Mutex<Said>,
}

/// What a login said about its end.
#[derive(Default)]
struct Said {
    remarks: Vec<Problem>,
    /// Why the account asked for is still without a login.
    not_renewed: Option<Problem>,
}

impl Terminal<'_> {
    fn said(&self) -> MutexGuard<'_, Said> {
        self.said.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn waiting(&self, waiting: &Waiting) {
        let minutes = words::duration(i64::try_from(self.request.timeout.as_secs()).unwrap_or(0));
        if self.pastes {
            self.output.say(pasting::HOW);
            self.output.say(&format!("  redirect URI  {}", waiting.redirect_uri));
            // A reader that is gone can't open it; the login then ends by its time-out or Ctrl-C.
            self.output.data_ahead(waiting.address.expose()).ok();
        } else if self.request.page == Page::HandOver {
            self.output.say(&format!(
                "Open this address in a browser on this machine; waiting {minutes}:"
            ));
            // A reader that is gone can't open it; the login then ends by its time-out or Ctrl-C.
            self.output.data_ahead(waiting.address.expose()).ok();
        } else {
            self.output.say(&format!(
                "Waiting for you in the browser for {minutes}. Press Ctrl-C to cancel; birdkey login --no-browser prints the address instead."
            ));
        }
    }

    fn unopened(&self, error: &BrowserError, address: &Secret) {
        let problem = problem::browser(error);
        self.output.say(&format!(
            "warning: {} {}\nOpen this address in a browser on this machine; still waiting. If your browser runs on another machine, press Ctrl-C and run: birdkey login --paste",
            problem.what, problem.why
        ));
        // A reader that is gone can't open it; the login then ends by its time-out or Ctrl-C.
        self.output.data_ahead(address.expose()).ok();
    }

    fn nothing_came_back(&self) {
        let app = &self.request.app;
        match app.provider.kind() {
            ProviderKind::X => self.output.say(&format!(
                "Still waiting. If X shows “Something went wrong”, one of these is not registered exactly like this:\n  \
                 redirect URI  {}\n  client id     {}",
                app.redirect_uris.join("\n                "),
                app.client_id
            )),
            ProviderKind::Sandbox | ProviderKind::Custom => self.output.say(&format!(
                "Still waiting. If the page shows an error, compare redirect URI and client id:\n  \
                 redirect URI  {}\n  client id     {}",
                app.redirect_uris.join("\n                "),
                app.client_id
            )),
        }
    }
}

impl LoginObserver for Terminal<'_> {
    fn progress(&self, progress: Progress<'_>) {
        match progress {
            Progress::Waiting(waiting) => self.waiting(waiting),
            Progress::BrowserFailed { error, address } => self.unopened(error, address),
            Progress::NothingCameBack => self.nothing_came_back(),
            Progress::Exchanging => self.output.say("The browser came back; finishing."),
            Progress::Stored(_) => {}
            Progress::Remark(problem) => self.said().remarks.push(problem),
            Progress::NotRenewed(problem) => self.said().not_renewed = Some(problem),
        }
    }
}
