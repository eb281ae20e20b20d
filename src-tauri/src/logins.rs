//! The commands around a login: beginning one, what its waiting screen offers, and reporting its end.

use std::convert::Infallible;
use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};

use birdkey::Engine;
use birdkey::engine::{LiveLogin, TakenOver, Told};
use birdkey::login::{LoginRequest, Page, Target};
use birdkey::problem::{Code, Problem, desktop_app_ends};
use birdkey::protocol::scope::Scopes;
use birdkey::view::{AccountView, BrowserView};
use birdkey_foreign::Foreign;
use tauri::async_runtime::spawn;
use tauri::{AppHandle, Manager as _, State};

use crate::shell::Shell;
use crate::{notices, window};

#[tauri::command]
pub(crate) async fn try_sandbox(app: AppHandle, shell: State<'_, Shell>) -> Result<(), Problem> {
    let app_id = shell.sandbox.set_up().await?;
    begin(&app, login_request(&shell.engine, &app_id)?)
}

/// Asks for the app's own scopes unless others are chosen.
#[tauri::command]
pub(crate) async fn log_in(
    app: AppHandle,
    shell: State<'_, Shell>,
    app_id: String,
    scopes: Option<Vec<String>>,
) -> Result<(), Problem> {
    let request = login_request(&shell.engine, &app_id)?;
    begin(&app, with_scopes(request, scopes))
}

/// A login through an app, as window and tray offer it: one more account where the app has any.
///
/// # Errors
///
/// A [`Problem`] when the app is gone.
pub(crate) fn login_request(engine: &Engine, app_id: &str) -> Result<LoginRequest, Problem> {
    let request = engine.login_request(Some(app_id), Page::Open)?;
    let target = target(&engine.view().accounts, app_id);
    Ok(LoginRequest { target, ..request })
}

/// An account of the app is renewed by its own button, so a login through the app adds another.
fn target(accounts: &[AccountView], app_id: &str) -> Target {
    if accounts.iter().any(|account| account.app_id == app_id) {
        Target::New
    } else {
        Target::Unsaid
    }
}

fn with_scopes(request: LoginRequest, scopes: Option<Vec<String>>) -> LoginRequest {
    match scopes {
        Some(names) => {
            let scopes = Scopes::from_names(names.iter().map(String::as_str));
            LoginRequest { scopes, ..request }
        }
        None => request,
    }
}

#[tauri::command]
pub(crate) async fn browsers(shell: State<'_, Shell>) -> Result<Vec<BrowserView>, Problem> {
    Ok(shell.engine.browsers())
}

/// Opens the page of the login that waits in another browser or profile.
#[tauri::command]
pub(crate) async fn open_login_in(
    shell: State<'_, Shell>,
    browser_id: String,
) -> Result<(), Problem> {
    let login = shell.engine.current_login();
    shell.engine.open_in(&login, &browser_id).await
}

/// Renews an account; the View says so when another user came back.
#[tauri::command]
pub(crate) async fn log_in_again(
    app: AppHandle,
    shell: State<'_, Shell>,
    account_id: String,
    scopes: Option<Vec<String>>,
) -> Result<(), Problem> {
    let request = shell.engine.login_again_request(&account_id, Page::Open)?;
    begin(&app, with_scopes(request, scopes))
}

/// Starts a login in a task of its own; the View tells how it goes on, and a notification how it
/// ended when nobody looks at the window.
pub(crate) fn begin(app: &AppHandle, request: LoginRequest) -> Result<(), Problem> {
    let login = claimed(app, &request)?;
    carry_out(app, request, login, None);
    Ok(())
}

/// The same for a command, which is told how it ends and may give it up.
pub(crate) fn begin_for_command(app: &AppHandle, id: &str) {
    let shell = app.state::<Shell>();
    let Some((command, request)) = shell.engine.taken_over(id) else {
        return tracing::info!("a command has given its login up");
    };
    if shell.quitting.load(Ordering::SeqCst) {
        return command.ended(&Err(desktop_app_ends()), &Told::default());
    }
    let begun = request.and_then(|request| Ok((claimed(app, &request)?, request)));
    match begun {
        Ok((login, request)) => carry_out(app, request, login, Some(command)),
        Err(problem) => command.ended(&Err(problem), &Told::default()),
    }
}

/// At once, so that its buttons are about it whatever else begins.
fn claimed(app: &AppHandle, request: &LoginRequest) -> Result<LiveLogin, Problem> {
    let login = LiveLogin::default();
    app.state::<Shell>().engine.claim_login(request, &login)?;
    Ok(login)
}

fn carry_out(app: &AppHandle, request: LoginRequest, login: LiveLogin, command: Option<TakenOver>) {
    let shell = app.state::<Shell>();
    let (engine, app) = (Arc::clone(&shell.engine), app.clone());
    let task = spawn(async move {
        let ended = run(&engine, &request, &login, command.as_ref()).await;
        if let Some(command) = &command {
            command.ended(&ended, &login.told());
        }
        let goes_on_here = command.is_none() && !is_cancelled(&ended);
        tell_ended(&app, ended, login.told());
        if goes_on_here {
            // The person began it here and looks at the browser.
            window::raise_if_open(&app);
        }
    });
    *shell.login_task.lock().unwrap_or_else(PoisonError::into_inner) = Some(task);
}

async fn run(
    engine: &Engine,
    request: &LoginRequest,
    login: &LiveLogin,
    command: Option<&TakenOver>,
) -> Result<String, Problem> {
    let Some(command) = command else { return engine.run_claimed(request, login).await };
    tokio::select! {
        ended = engine.run_claimed(request, login) => ended,
        never = cancelled_with(engine, command, login) => match never {},
    }
}

/// Cancels a login when its command gives it up; how it ends is for the login to say.
async fn cancelled_with(engine: &Engine, command: &TakenOver, login: &LiveLogin) -> Infallible {
    engine.given_up(command).await;
    login.cancel();
    std::future::pending().await
}

fn is_cancelled(ended: &Result<String, Problem>) -> bool {
    ended.as_ref().is_err_and(|problem| problem.code == Code::LoginCancelled)
}

/// How a command names an account, as the window does: `@username` where that is enough, else its
/// id, which never changes.
fn called_by_command(account: &AccountView, all: &[AccountView]) -> String {
    let namesakes = all.iter().filter(|other| other.username == account.username).count();
    match account.username.as_ref().and_then(Foreign::word) {
        Some(name) if namesakes == 1 => format!("@{name}"),
        Some(_) | None => account.id.clone(),
    }
}

fn tell_ended(app: &AppHandle, ended: Result<String, Problem>, told: Told) {
    match ended {
        Ok(id) => {
            let accounts = app.state::<Shell>().engine.view().accounts;
            for remark in &told.remarks {
                notices::problem(app, remark);
            }
            if let Some(problem) = told.not_renewed {
                return notices::problem(app, &problem);
            }
            let account = accounts.iter().find(|account| account.id == id);
            let who = account.map(AccountView::called);
            // Without a name it means the default account, or the only one.
            let called =
                account.map_or(id.clone(), |account| called_by_command(account, &accounts));
            let meant = accounts.len() == 1 || account.is_some_and(|account| account.is_default);
            let command =
                if meant { "birdkey token" } else { &format!("birdkey token --account {called}") };
            notices::logged_in(app, who.unwrap_or_else(|| id.clone().into()), command);
        }
        Err(problem) => {
            tracing::info!(code = problem.code.as_str(), "the login ended without a grant");
            if problem.code != Code::LoginCancelled {
                notices::problem(app, &problem);
            }
        }
    }
}

#[tauri::command]
pub(crate) async fn cancel_login(shell: State<'_, Shell>) -> Result<(), Problem> {
    shell.engine.current_login().cancel();
    Ok(())
}

#[tauri::command]
pub(crate) async fn open_login_again(shell: State<'_, Shell>) -> Result<(), Problem> {
    let login = shell.engine.current_login();
    shell.engine.open_again(&login).await
}

#[tauri::command]
pub(crate) async fn copy_login_link(shell: State<'_, Shell>) -> Result<(), Problem> {
    match shell.engine.current_login().address() {
        Some(address) => shell.clipboard.copy_secret(&address),
        None => Ok(()),
    }
}

#[tauri::command]
pub(crate) async fn dismiss_login(shell: State<'_, Shell>) -> Result<(), Problem> {
    shell.engine.dismiss_login();
    Ok(())
}

#[cfg(test)]
mod tests;
