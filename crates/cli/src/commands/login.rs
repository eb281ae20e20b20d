//! `birdkey login`: the browser, the redirect, the grant.

use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::json;
use tokio::sync::watch;

use birdkey::Engine;
use birdkey::effects::paste::Paste;
use birdkey::login::{LoginObserver, LoginRequest, Page, Progress, Waiting};
use birdkey::problem::{self, Problem};
use birdkey::protocol::provider::ProviderKind;
use birdkey::protocol::scope::Scopes;

use super::by_the_app::{self, Unable};
use super::{Ending, pasting};
use crate::args::{APP_VARIABLE, Login, variable};
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
    let observer = Terminal { output, request: &request, pastes, other_user: Mutex::default() };
    let login = engine.login(&request, &observer, cancelled);
    tokio::pin!(login);
    let ended = tokio::select! {
        ended = &mut login => ended,
        never = pasted(paste, output) => match never {},
        _ = super::told_to_stop() => {
            cancel.send_replace(true);
            login.await
        }
    };
    engine.finish_logouts().await;
    show(&engine, &ended?, output)?;
    let other_user = observer.other_user.lock().unwrap_or_else(PoisonError::into_inner).take();
    other_user.map_or(Ok(()), |problem| Err(problem.into()))
}

/// A login whose browser comes back by a link; `None` when it has to be waited for at the port.
async fn by_link(
    engine: &Engine,
    request: &LoginRequest,
    output: &Output,
) -> Option<Result<(), Ending>> {
    match by_the_app::log_in(engine, request, output).await {
        Ok((account, other_user)) => {
            // The sandbox answered the app, not this command.
            engine.look_for_sandbox().await;
            let shown = show(engine, &account, output);
            let other_user = other_user.map_or(Ok(()), |problem| Err(problem.into()));
            Some(shown.and(other_user))
        }
        Err(Unable::Failed(ending)) => Some(Err(ending)),
        // The order of the redirect URIs is the user's, but the next one is registered as well.
        Err(Unable::NotHere) => {
            output.say(&format!(
                "note: {} can't come back by its link here; waiting on this machine's port instead.",
                request.app.name
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

/// Says before the browser opens that this login would end another one.
fn warn(engine: &Engine, request: &LoginRequest, output: &Output) {
    engine.look_for_xurl();
    let app = engine.view().apps.into_iter().find(|app| app.id == request.app.id);
    if let Some(problem) = app.and_then(|app| app.problem) {
        output.say(&format!("warning: {} {}\nhint: {}", problem.what, problem.why, problem.fix));
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
    if !arguments.scopes.is_empty() {
        request.scopes = Scopes::from_names(arguments.scopes.iter().map(String::as_str));
    }
    if let Some(timeout) = arguments.timeout {
        request.timeout = timeout;
    }
    Ok(request)
}

fn show(engine: &Engine, account_id: &str, output: &Output) -> Result<(), Ending> {
    let view = super::readable(engine)?;
    let account = view.accounts.into_iter().find(|account| account.id == account_id);
    if output.is_json() {
        return output.json(json!({ "account": account }));
    }
    let Some(account) = account else { return Ok(()) };
    output.say(&format!(
        "Logged in as {} via {}; {}.",
        words::account(&account),
        account.app_name,
        words::state(&account, engine.now_unix_ms())
    ));
    if let Some(problem) = &account.problem {
        output.say(&format!("note: {} {} {}", problem.what, problem.why, problem.fix));
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
    /// Told last, because the account asked for is still without a login.
    other_user: Mutex<Option<Problem>>,
}

impl Terminal<'_> {
    fn waiting(&self, waiting: &Waiting) {
        let minutes = words::duration(i64::try_from(self.request.timeout.as_secs()).unwrap_or(0));
        if self.pastes {
            self.output.say(pasting::HOW);
            self.output.say(&format!("  redirect URI  {}", waiting.redirect_uri));
            // A reader that is gone can't open it; the login then ends by its time-out or Ctrl-C.
            self.output.data(waiting.address.expose()).ok();
        } else if self.request.page == Page::HandOver {
            self.output.say(&format!(
                "Open this address in a browser on this machine; waiting {minutes}:"
            ));
            // A reader that is gone can't open it; the login then ends by its time-out or Ctrl-C.
            self.output.data(waiting.address.expose()).ok();
        } else {
            self.output.say(&format!(
                "Waiting for you in the browser for {minutes}. Press Ctrl-C to cancel; birdkey login --no-browser prints the address instead."
            ));
        }
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
            Progress::BrowserFailed(error) => {
                let problem = problem::browser(error);
                self.output.say(&format!("{} {}", problem.what, problem.why));
                self.output.say("Run: birdkey login --no-browser");
            }
            Progress::NothingCameBack => self.nothing_came_back(),
            Progress::Exchanging => self.output.say("The browser came back; finishing."),
            Progress::Stored(_) => {}
            Progress::OtherUser(problem) => {
                let mut other_user = self.other_user.lock().unwrap_or_else(PoisonError::into_inner);
                *other_user = Some(problem);
            }
        }
    }
}
