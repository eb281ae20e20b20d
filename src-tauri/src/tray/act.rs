//! What a choice in the menu does.

use birdkey::login::Page;
use birdkey::problem::Problem;
use tauri::async_runtime::spawn;
use tauri::menu::MenuEvent;
use tauri::{AppHandle, Manager as _};

use crate::shell::Shell;
use crate::{logins, notices, quit, upgrade, window};

/// Called on the main thread, where nothing may wait.
#[expect(clippy::needless_pass_by_value, reason = "the form that Tauri calls")]
pub(super) fn on_menu_event(app: &AppHandle, event: MenuEvent) {
    let (app, id) = (app.clone(), event.id().0.clone());
    spawn(async move {
        let (act, about) = id.split_once(':').unwrap_or((id.as_str(), ""));
        if let Err(problem) = perform(&app, act, about).await {
            notices::problem(&app, &problem);
        }
    });
}

async fn perform(app: &AppHandle, act: &str, about: &str) -> Result<(), Problem> {
    let shell = app.state::<Shell>();
    let engine = &shell.engine;
    match act {
        "copy" => {
            let handed_out = engine.token_to_copy(about).await?;
            shell.clipboard.copy_token(&handed_out.access_token, engine.clipboard_time())?;
            if let Some(warning) = &handed_out.warning {
                notices::problem(app, warning);
            }
        }
        "refresh" => drop(engine.refresh(Some(about)).await?),
        "again" => logins::begin(app, engine.login_again_request(about, Page::Open)?)?,
        "login" => logins::begin(app, logins::login_request(engine, about)?)?,
        "cancel" => engine.current_login().cancel(),
        "out" => {
            let logout = engine.log_out(Some(about)).await?;
            if notices::logged_out(app, &logout) {
                engine.logouts_were_shown();
            } else {
                engine.leave_logouts_among_the_notices();
            }
        }
        "pause" => engine.set_keep_fresh(!engine.view().keeps_fresh)?,
        "restart" => upgrade::restart(app.clone()).await,
        "open" => window::show(app),
        "quit" => quit::quit(app.clone()).await,
        other => tracing::debug!(other, "nothing is done for this entry"),
    }
    Ok(())
}
