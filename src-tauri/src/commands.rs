//! The commands of the window: each hands over to the engine and says what went wrong.

use std::convert::Infallible;
use std::sync::{Arc, PoisonError};

use birdkey::Engine;
use birdkey::engine::{LiveLogin, NewApp, NewProvider, TakenOver};
use birdkey::hand_out::Needs;
use birdkey::login::{LoginRequest, Page};
use birdkey::problem::{Code, Problem, client_id};
use birdkey::protocol::client::{AtX, ClientType, parse_client_id};
use birdkey::view::{AccountView, ImportView, LogoutView, View};
use serde::Deserialize;
use tauri::async_runtime::spawn;
use tauri::ipc::{Channel, Invoke};
use tauri::{AppHandle, Manager as _, State, Wry};

use crate::shell::Shell;
use crate::{notices, settings};

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
        settings::set_start_at_login,
        settings::test_deep_link,
        settings::use_deep_link,
        settings::open_log,
        settings::restart,
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
    begin(&app, request);
    Ok(())
}

#[tauri::command]
async fn log_in(app: AppHandle, shell: State<'_, Shell>, app_id: String) -> Result<(), Problem> {
    let request = shell.engine.login_request(Some(&app_id), Page::Open)?;
    begin(&app, request);
    Ok(())
}

/// Renews an account; the View says so when another user came back.
#[tauri::command]
async fn log_in_again(
    app: AppHandle,
    shell: State<'_, Shell>,
    account_id: String,
) -> Result<(), Problem> {
    let request = shell.engine.login_again_request(&account_id, Page::Open)?;
    begin(&app, request);
    Ok(())
}

/// Starts a login in a task of its own; the View tells how it goes on, and a notification how it
/// ended when nobody looks at the window.
pub(crate) fn begin(app: &AppHandle, request: LoginRequest) {
    begin_for(app, request, None);
}

/// The same for a command, which is told how it ends and may give it up.
pub(crate) fn begin_for_command(app: &AppHandle, id: &str) {
    let engine = Arc::clone(&app.state::<Shell>().engine);
    match engine.taken_over(id) {
        Some((command, Ok(request))) => begin_for(app, request, Some(command)),
        Some((command, Err(problem))) => command.ended(&Err(problem), None),
        None => tracing::info!("a command has given its login up"),
    }
}

fn begin_for(app: &AppHandle, request: LoginRequest, command: Option<TakenOver>) {
    let shell = app.state::<Shell>();
    let login = LiveLogin::default();
    if !shell.engine.login_in_progress() {
        *shell.login.lock().unwrap_or_else(PoisonError::into_inner) = login.clone();
    }
    let (engine, app) = (Arc::clone(&shell.engine), app.clone());
    spawn(async move {
        let ended = match &command {
            None => engine.login_in_view(&request, &login).await,
            Some(command) => {
                let waiting = login.clone();
                tokio::select! {
                    ended = engine.login_in_view(&request, &login) => ended,
                    never = cancelled_with(&engine, command, &waiting) => match never {},
                }
            }
        };
        if let Some(command) = &command {
            let other_user = engine.view().login.and_then(|login| login.other_user);
            command.ended(&ended, other_user);
        }
        match ended {
            Ok(id) => {
                let accounts = engine.view().accounts;
                let who = accounts.iter().find(|account| account.id == id).map(AccountView::called);
                notices::logged_in(&app, &who.unwrap_or(id));
            }
            Err(problem) => {
                tracing::info!(code = problem.code.as_str(), "the login ended without a grant");
                if problem.code != Code::LoginCancelled {
                    notices::problem(&app, &problem);
                }
            }
        }
    });
}

/// Cancels a login when its command gives it up; how it ends is for the login to say.
async fn cancelled_with(engine: &Engine, command: &TakenOver, login: &LiveLogin) -> Infallible {
    engine.given_up(command).await;
    login.cancel();
    std::future::pending().await
}

#[tauri::command]
async fn cancel_login(shell: State<'_, Shell>) -> Result<(), Problem> {
    shell.current_login().cancel();
    Ok(())
}

#[tauri::command]
async fn open_login_again(shell: State<'_, Shell>) -> Result<(), Problem> {
    let login = shell.current_login();
    shell.engine.open_again(&login).await
}

#[tauri::command]
async fn copy_login_link(shell: State<'_, Shell>) -> Result<(), Problem> {
    match shell.current_login().address() {
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
