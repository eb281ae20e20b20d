//! The commands of the settings: what the app does on this desktop.

use birdkey::effects::files::OurFile;
use birdkey::problem::{Code, Problem, deep_link_untested};
use birdkey::view::{DeepLinkTest, LanguageSetting, Theme};
use birdkey_messages::words;
use tauri::{AppHandle, Manager as _, State};

use crate::shell::Shell;
use crate::{autostart, links, quit, upgrade, window};

/// Where apps are registered at X (<https://docs.x.com/fundamentals/developer-portal>).
const CONSOLE_OF_X: &str = "https://console.x.com";

#[tauri::command]
pub(crate) async fn set_keep_fresh(shell: State<'_, Shell>, on: bool) -> Result<(), Problem> {
    shell.engine.set_keep_fresh(on)
}

#[tauri::command]
pub(crate) async fn set_notify(shell: State<'_, Shell>, on: bool) -> Result<(), Problem> {
    shell.engine.set_notify(on)
}

/// Sets the language; [`crate::language::follow`] speaks it, and window and tray follow the View.
#[tauri::command]
pub(crate) async fn set_language(
    shell: State<'_, Shell>,
    language: LanguageSetting,
) -> Result<(), Problem> {
    shell.engine.set_language(language)
}

#[tauri::command]
pub(crate) async fn set_theme(app: AppHandle, theme: Theme) -> Result<(), Problem> {
    app.state::<Shell>().engine.set_theme(theme)?;
    app.set_theme(window::theme(theme));
    Ok(())
}

#[tauri::command]
pub(crate) async fn set_clipboard_seconds(
    shell: State<'_, Shell>,
    seconds: u64,
) -> Result<(), Problem> {
    shell.engine.set_clipboard_seconds(seconds)
}

#[tauri::command]
pub(crate) async fn set_start_at_login(app: AppHandle, on: bool) -> Result<(), Problem> {
    let set = autostart::set(&app, on);
    show_start_at_login(&app);
    set.map_err(|error| {
        Problem::of(
            Code::FileUnusable,
            words!("start_at_login.what"),
            words!("start_at_login.why", error = error),
            words!("start_at_login.hint"),
        )
    })
}

/// Asks the system whether the app starts with the session, and shows it.
pub(crate) fn show_start_at_login(app: &AppHandle) {
    let starts = autostart::is_on(app);
    app.state::<Shell>().engine.change_desktop(|desktop| desktop.starts_at_login = starts);
}

/// Opens a page in the browser whose link has to come back.
#[tauri::command]
pub(crate) async fn test_deep_link(app: AppHandle) -> Result<(), Problem> {
    links::test(&app).await
}

/// Chooses how the browser comes back to an app; by link only after the test said that it works.
#[tauri::command]
pub(crate) async fn use_deep_link(
    shell: State<'_, Shell>,
    app_id: String,
    on: bool,
) -> Result<(), Problem> {
    let desktop = shell.engine.view().desktop;
    let works = desktop.is_some_and(|desktop| desktop.deep_link == DeepLinkTest::Works);
    if on && !works {
        return Err(deep_link_untested());
    }
    shell.engine.use_deep_link(&app_id, on)
}

/// Opens the log in whatever program shows texts.
#[tauri::command]
pub(crate) async fn open_log(shell: State<'_, Shell>) -> Result<(), Problem> {
    let path = OurFile::log(&shell.engine.folders().data);
    open::that_detached(&*path).map_err(|error| {
        tracing::info!(%error, "the log was not opened");
        Problem::of(
            Code::FileUnusable,
            words!("log_unopened.what"),
            words!("log_unopened.why"),
            words!("log_unopened.hint", path = path.display()),
        )
    })
}

/// Opens X's developer console, where an app is registered, in the browser.
#[tauri::command]
pub(crate) async fn open_console(shell: State<'_, Shell>) -> Result<(), Problem> {
    shell.engine.open_page(CONSOLE_OF_X).await
}

/// Ends the app, once nothing would be lost by it.
#[tauri::command]
pub(crate) async fn quit(app: AppHandle) -> Result<(), Problem> {
    quit::quit(app).await;
    Ok(())
}

#[tauri::command]
pub(crate) async fn restart(app: AppHandle) -> Result<(), Problem> {
    upgrade::restart(app).await;
    Ok(())
}
