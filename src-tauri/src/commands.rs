//! The commands of the window: each hands over to the engine and says what went wrong.

use std::convert::Infallible;
use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};

use birdkey::Engine;
use birdkey::engine::{AppChange, LiveLogin, NewApp, NewProvider, TakenOver};
use birdkey::hand_out::Needs;
use birdkey::login::{LoginRequest, Page};
use birdkey::problem::{Code, Problem, client_id, desktop_app_ends};
use birdkey::protocol::client::{AtX, ClientType, parse_client_id};
use birdkey::protocol::scope::Scopes;
use birdkey::view::{AccountView, BrowserView, ImportView, LogoutView, View};
use serde::Deserialize;
use tauri::async_runtime::spawn;
use tauri::ipc::{Channel, Invoke};
use tauri::{AppHandle, Manager as _, State, Wry};

use crate::shell::Shell;
use crate::{doctor, notices, request, settings};

/// How the window names the type of an app.
#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "snake_case")]
enum ClientTypeName {
    Public,
    Confidential,
}

/// All commands that a capability can allow; the list in `build.rs` is the same.
pub(crate) fn all() -> impl Fn(Invoke<Wry>) -> bool + Send + Sync + 'static {
    tauri::generate_handler![
        subscribe,
        add_x_app,
        check_client_id,
        take_client_secret,
        remove_app,
        try_sandbox,
        log_in,
        log_in_again,
        cancel_login,
        open_login_again,
        copy_login_link,
        dismiss_login,
        copy_access_token,
        refresh,
        make_default,
        import_xurl,
        log_out,
        start_sandbox,
        remove_sandbox,
        unlock_vault,
        look_again,
        copy_text,
        settings::set_keep_fresh,
        settings::set_notify,
        settings::set_theme,
        settings::set_clipboard_seconds,
        settings::set_language,
        settings::set_start_at_login,
        settings::test_deep_link,
        settings::use_deep_link,
        settings::open_log,
        settings::restart,
        change_app,
        check_app,
        browsers,
        open_login_in,
        doctor::examine,
        doctor::mend,
        doctor::copy_report,
        doctor::activity,
        doctor::watch_activity,
        doctor::leave_activity,
        request::send_request,
        request::answer_lines,
        request::copy_answer,
    ]
}

/// Pushes the whole View now and on every change; a page that loads again takes the place of the last.
#[tauri::command]
async fn subscribe(shell: State<'_, Shell>, channel: Channel<View>) -> Result<(), Problem> {
    let engine = Arc::clone(&shell.engine);
    let pushing = spawn(async move {
        let mut changes = engine.changes();
        loop {
            changes.mark_unchanged();
            if channel.send(engine.view()).is_err() || changes.changed().await.is_err() {
                return;
            }
        }
    });
    let mut subscription = shell.subscription.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(earlier) = subscription.replace(pushing) {
        earlier.abort();
    }
    Ok(())
}

#[tauri::command]
async fn add_x_app(
    shell: State<'_, Shell>,
    name: String,
    client_id: String,
    client_type: ClientTypeName,
) -> Result<String, Problem> {
    let new = NewApp {
        name,
        provider: NewProvider::X,
        client_id,
        client_type: match client_type {
            ClientTypeName::Public => ClientType::Public,
            ClientTypeName::Confidential => ClientType::Confidential,
        },
        redirect_uris: Vec::new(),
        scopes: Vec::new(),
        client_secret: None,
    };
    Ok(shell.engine.add_app(new).await?.id)
}

#[tauri::command]
async fn check_client_id(client_id: String) -> Option<Problem> {
    parse_client_id(&client_id, AtX::Yes).err().map(self::client_id)
}

/// Moves the client secret from the clipboard to the vault, past the webview; it leaves the clipboard once it is kept.
#[tauri::command]
async fn take_client_secret(shell: State<'_, Shell>, app_id: String) -> Result<(), Problem> {
    let secret = shell.clipboard.read_secret()?;
    shell.engine.set_client_secret(&app_id, &secret).await?;
    shell.clipboard.clear()
}

#[tauri::command]
async fn remove_app(shell: State<'_, Shell>, app_id: String) -> Result<(), Problem> {
    shell.engine.remove_app(&app_id).await?;
    Ok(())
}

#[tauri::command]
async fn try_sandbox(app: AppHandle, shell: State<'_, Shell>) -> Result<(), Problem> {
    let app_id = shell.sandbox.set_up().await?;
    let request = shell.engine.login_request(Some(&app_id), Page::Open)?;
    begin(&app, request)
}

/// Asks for the app's own scopes unless others are chosen.
#[tauri::command]
async fn log_in(
    app: AppHandle,
    shell: State<'_, Shell>,
    app_id: String,
    scopes: Option<Vec<String>>,
) -> Result<(), Problem> {
    let request = shell.engine.login_request(Some(&app_id), Page::Open)?;
    begin(&app, with_scopes(request, scopes))
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

/// Changes name, redirect URIs and scopes of an app.
#[tauri::command]
async fn change_app(
    shell: State<'_, Shell>,
    app_id: String,
    name: String,
    redirect_uris: Vec<String>,
    scopes: Vec<String>,
) -> Result<(), Problem> {
    shell.engine.change_app(&app_id, &AppChange { name, redirect_uris, scopes })
}

/// Whether the registration works; where a login would listen, if it listens.
#[tauri::command]
async fn check_app(shell: State<'_, Shell>, app_id: String) -> Result<Option<String>, Problem> {
    Ok(shell.engine.check_app(&app_id).await?.listens_at)
}

#[tauri::command]
async fn browsers(shell: State<'_, Shell>) -> Result<Vec<BrowserView>, Problem> {
    Ok(shell.engine.browsers())
}

/// Opens the page of the login that waits in another browser or profile.
#[tauri::command]
async fn open_login_in(shell: State<'_, Shell>, browser_id: String) -> Result<(), Problem> {
    let login = shell.engine.current_login();
    shell.engine.open_in(&login, &browser_id).await
}

/// Renews an account; the View says so when another user came back.
#[tauri::command]
async fn log_in_again(
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
        return command.ended(&Err(desktop_app_ends()), None);
    }
    let begun = request.and_then(|request| Ok((claimed(app, &request)?, request)));
    match begun {
        Ok((login, request)) => carry_out(app, request, login, Some(command)),
        Err(problem) => command.ended(&Err(problem), None),
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
            command.ended(&ended, login.other_user());
        }
        tell_ended(&app, ended);
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

fn tell_ended(app: &AppHandle, ended: Result<String, Problem>) {
    match ended {
        Ok(id) => {
            let accounts = app.state::<Shell>().engine.view().accounts;
            let who = accounts.iter().find(|account| account.id == id).map(AccountView::called);
            notices::logged_in(app, who.unwrap_or_else(|| id.into()));
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
async fn cancel_login(shell: State<'_, Shell>) -> Result<(), Problem> {
    shell.engine.current_login().cancel();
    Ok(())
}

#[tauri::command]
async fn open_login_again(shell: State<'_, Shell>) -> Result<(), Problem> {
    let login = shell.engine.current_login();
    shell.engine.open_again(&login).await
}

#[tauri::command]
async fn copy_login_link(shell: State<'_, Shell>) -> Result<(), Problem> {
    match shell.engine.current_login().address() {
        Some(address) => shell.clipboard.copy_secret(&address),
        None => Ok(()),
    }
}

#[tauri::command]
async fn dismiss_login(shell: State<'_, Shell>) -> Result<(), Problem> {
    shell.engine.dismiss_login();
    Ok(())
}

#[tauri::command]
async fn copy_access_token(shell: State<'_, Shell>, account_id: String) -> Result<(), Problem> {
    match shell.engine.token(Some(&account_id), &Needs::default()).await {
        Ok(handed_out) => {
            shell.clipboard.copy_token(&handed_out.access_token, shell.engine.clipboard_time())
        }
        Err(problem) => Err(shown_at_the_account(&shell, problem)),
    }
}

#[tauri::command]
async fn refresh(shell: State<'_, Shell>, account_id: String) -> Result<(), Problem> {
    match shell.engine.refresh(Some(&account_id)).await {
        Ok(_) => Ok(()),
        Err(problem) => Err(shown_at_the_account(&shell, problem)),
    }
}

#[tauri::command]
async fn make_default(shell: State<'_, Shell>, account_id: String) -> Result<(), Problem> {
    shell.engine.make_default_account(&account_id).map(drop)
}

#[tauri::command]
async fn import_xurl(
    shell: State<'_, Shell>,
    remove: bool,
    client_id: Option<String>,
) -> Result<ImportView, Problem> {
    let imported = shell.engine.import_xurl(client_id.as_deref(), remove).await?;
    let (taken, known, unclear) = (imported.accounts, imported.known, imported.unclear);
    Ok(ImportView { taken, known, unclear })
}

#[tauri::command]
async fn log_out(shell: State<'_, Shell>, account_id: String) -> Result<LogoutView, Problem> {
    match shell.engine.log_out(Some(&account_id)).await {
        Ok(logout) => Ok(logout),
        Err(problem) => Err(shown_at_the_account(&shell, problem)),
    }
}

/// Looks at the vault anew, so that the account shows the failure and the act that mends it.
///
/// The Problem does not wait for that: a keychain that hangs may take seconds for each account.
fn shown_at_the_account(shell: &Shell, problem: Problem) -> Problem {
    let engine = Arc::clone(&shell.engine);
    spawn(async move { engine.look_again().await });
    problem
}

#[tauri::command]
async fn start_sandbox(shell: State<'_, Shell>) -> Result<(), Problem> {
    shell.sandbox.start().await.map(|_| ())
}

#[tauri::command]
async fn remove_sandbox(shell: State<'_, Shell>) -> Result<(), Problem> {
    shell.sandbox.remove().await
}

#[tauri::command]
async fn unlock_vault(shell: State<'_, Shell>) -> Result<(), Problem> {
    shell.engine.unlock_vault().await
}

#[tauri::command]
async fn look_again(shell: State<'_, Shell>) -> Result<(), Problem> {
    shell.sandbox.look().await;
    shell.engine.look_again().await;
    Ok(())
}

#[tauri::command]
async fn copy_text(shell: State<'_, Shell>, text: String) -> Result<(), Problem> {
    shell.clipboard.copy(&text)
}
