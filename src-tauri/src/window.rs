//! The window: our own page and nothing else.

use std::sync::atomic::Ordering;
use std::time::Duration;

use birdkey::view::Theme;
use tauri::webview::{NewWindowResponse, WebviewWindowBuilder};
use tauri::{AppHandle, Manager as _, Url, WebviewUrl, WebviewWindow, Window, WindowEvent};

use crate::notices;
use crate::shell::{MAIN, Shell, is_looked_at};

/// Until a window that was asked to come to the front is there.
const FOCUS_WITHIN: Duration = Duration::from_secs(1);

/// Until what a closed window took is freed.
const FREED_WITHIN: Duration = Duration::from_secs(1);

/// The webview keeps nothing. A WebDriver can't drive such a window: wry makes a context of its own
/// for it that never allows automation; so the desktop ring, and it alone, goes without.
const INCOGNITO: bool = !cfg!(feature = "automation");

/// Brings the window to the front, made anew when it was closed. From any thread but never from a
/// synchronous command, which would deadlock on Windows.
pub(crate) fn show(app: &AppHandle) {
    let shown = match app.get_webview_window(MAIN) {
        Some(window) => raise(&window),
        None => open(app, Start::Shown),
    };
    if let Err(error) = shown {
        tracing::error!(%error, "the window could not be opened");
    }
}

/// Brings the window to the front if there is one.
pub(crate) fn raise_if_open(app: &AppHandle) {
    if app.get_webview_window(MAIN).is_some() {
        show(app);
    }
}

fn raise(window: &WebviewWindow) -> tauri::Result<()> {
    window.show()?;
    window.unminimize()?;
    window.set_focus()?;
    if may_refuse_focus() {
        tauri::async_runtime::spawn(tell_unless_focused(window.app_handle().clone()));
    }
    Ok(())
}

/// On Wayland the desktop decides which window comes to the front.
fn may_refuse_focus() -> bool {
    cfg!(target_os = "linux") && std::env::var_os("WAYLAND_DISPLAY").is_some()
}

async fn tell_unless_focused(app: AppHandle) {
    tokio::time::sleep(FOCUS_WITHIN).await;
    if !is_looked_at(&app) {
        notices::behind(&app);
    }
}

/// How the window appears.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Start {
    /// In front.
    Shown,
    /// Minimized, where no tray icon leads to it.
    Minimized,
}

/// Makes the window; the webview keeps nothing (incognito), and its working files lie in the data folder.
pub(crate) fn open(app: &AppHandle, start: Start) -> tauri::Result<()> {
    let storage = app.state::<Shell>().engine.folders().data.join("webview");
    let window = WebviewWindowBuilder::new(app, MAIN, WebviewUrl::App("index.html".into()))
        .title("Birdkey")
        .inner_size(900.0, 640.0)
        .min_inner_size(380.0, 480.0)
        .theme(theme(app.state::<Shell>().engine.view().theme))
        .data_directory(storage)
        .incognito(INCOGNITO)
        .disable_drag_drop_handler()
        .on_navigation(is_ours)
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .build()?;
    if start == Start::Minimized {
        window.minimize()?;
    }
    Ok(())
}

/// What the person chose, for the controls that the system draws; none where the system chooses.
pub(crate) fn theme(chosen: Theme) -> Option<tauri::Theme> {
    match chosen {
        Theme::System => None,
        Theme::Light => Some(tauri::Theme::Light),
        Theme::Dark => Some(tauri::Theme::Dark),
    }
}

/// A window of text that moves nothing is drawn sooner, and in less memory, when WebKit asks no
/// graphics driver for it. What its processes inherit is the only way to say so: the setting for it
/// (`HardwareAccelerationPolicy::Never`) leaves the mouse wheel without effect, as others found
/// (<https://github.com/luakit/luakit/issues/1007>). Whoever set the
/// variable knows better. To be called before there is a second thread.
#[cfg(target_os = "linux")]
pub(crate) fn draw_without_gpu() {
    if gtk::glib::setenv("WEBKIT_SKIA_ENABLE_CPU_RENDERING", "1", false).is_err() {
        tracing::warn!("the window is drawn by the graphics driver");
    }
}

/// Closing hides to the tray: the window and its webview go. Without a tray it is minimized instead.
pub(crate) fn on_event(window: &Window, event: &WindowEvent) {
    let shell = window.state::<Shell>();
    if let WindowEvent::CloseRequested { api, .. } = event
        && !shell.has_tray.load(Ordering::SeqCst)
        && !shell.quitting.load(Ordering::SeqCst)
    {
        api.prevent_close();
        if let Err(error) = window.minimize() {
            tracing::warn!(%error, "the window could not be minimized");
        }
        notices::minimized(window.app_handle());
    }
    if matches!(event, WindowEvent::Destroyed) {
        shell.unsubscribe();
        tauri::async_runtime::spawn(give_memory_back());
    }
}

/// What the window took is given back once WebKit freed it, which it does shortly after the window went.
async fn give_memory_back() {
    tokio::time::sleep(FREED_WITHIN).await;
    tauri::async_runtime::spawn_blocking(birdkey_freed_memory::give_back).await.ok();
}

/// The tray icon is gone: without a window nobody could reach the app.
pub(crate) fn keep_reachable(app: &AppHandle) {
    if app.get_webview_window(MAIN).is_some() {
        return;
    }
    match open(app, Start::Minimized) {
        Ok(()) => notices::minimized(app),
        Err(error) => tracing::error!(%error, "the window could not be opened"),
    }
}

/// Whether an address is a page of the app itself.
fn is_ours(url: &Url) -> bool {
    match url.scheme() {
        "tauri" => url.host_str() == Some("localhost"),
        "http" | "https" => url.host_str() == Some("tauri.localhost"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::is_ours;

    #[test]
    fn the_page_cannot_leave_the_app() {
        let table = [
            ("tauri://localhost/index.html", true),
            ("http://tauri.localhost/", true),
            ("http://localhost/", false),
            ("https://x.com/", false),
            ("tauri://elsewhere/", false),
            ("file:///etc/passwd", false),
            ("javascript:alert(1)", false),
            ("about:blank", false),
        ];
        for (url, expected) in table {
            assert_eq!(is_ours(&url.parse().unwrap()), expected, "{url}");
        }
    }
}
