//! The commands of the window: each hands over to the engine and says what went wrong.

use std::sync::{Arc, PoisonError};

use birdkey::engine::{AppChange, NewApp, NewProvider};
use birdkey::problem::{Problem, client_id};
use birdkey::protocol::client::{AtX, ClientType, parse_client_id};
use birdkey::token::FreshToken;
use birdkey::view::{ImportView, LogoutView, View};
use serde::Deserialize;
use tauri::async_runtime::spawn;
use tauri::ipc::{Channel, Invoke};
use tauri::{State, Wry};

use crate::shell::Shell;

/// How the window names the type of an app.
#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "snake_case")]
enum ClientTypeName {
    Public,
    Confidential,
}

/// What the commands are called on both sides; exported for the window.
macro_rules! window_commands {
    ($($module:ident: $($name:ident)+;)+) => {
        #[cfg(test)]
        #[derive(ts_rs::TS)]
        #[ts(export)]
        #[expect(non_camel_case_types, dead_code, reason = "the names are those of functions")]
        enum CommandName {
            $($($name,)+)+
        }

        /// All commands that the window may call.
        pub(crate) fn all() -> impl Fn(Invoke<Wry>) -> bool + Send + Sync + 'static {
            tauri::generate_handler![$($(crate::$module::$name,)+)+]
        }
    };
}

include!("window_commands.rs");

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

/// Removes an app, and says how the logout of each of its accounts ended.
#[tauri::command]
async fn remove_app(shell: State<'_, Shell>, app_id: String) -> Result<Vec<LogoutView>, Problem> {
    Ok(shell.engine.remove_app(&app_id).await?.logouts)
}

/// Changes name, client id, redirect URIs and scopes of an app.
#[tauri::command]
async fn change_app(
    shell: State<'_, Shell>,
    app_id: String,
    name: String,
    client_id: String,
    redirect_uris: Vec<String>,
    scopes: Vec<String>,
) -> Result<(), Problem> {
    shell.engine.change_app(&app_id, &AppChange { name, client_id, redirect_uris, scopes })
}

/// Whether the registration works; where a login would listen, if it listens.
#[tauri::command]
async fn check_app(shell: State<'_, Shell>, app_id: String) -> Result<Option<String>, Problem> {
    Ok(shell.engine.check_app(&app_id).await?.listens_at)
}

/// Copies an access token, and says why the server may not accept it, when it may not.
#[tauri::command]
async fn copy_access_token(
    shell: State<'_, Shell>,
    account_id: String,
) -> Result<Option<Problem>, Problem> {
    match shell.engine.token_to_copy(&account_id).await {
        Ok(FreshToken { access_token, warning, .. }) => {
            shell.clipboard.copy_token(&access_token, shell.engine.clipboard_time())?;
            Ok(warning)
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

/// The person has read how the last logouts ended.
#[tauri::command]
async fn logouts_read(shell: State<'_, Shell>) -> Result<(), Problem> {
    shell.engine.logouts_were_shown();
    Ok(())
}

/// Looks at the vault again, so that the account shows the failure and the act that fixes it.
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
async fn remove_sandbox(shell: State<'_, Shell>) -> Result<Vec<LogoutView>, Problem> {
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
