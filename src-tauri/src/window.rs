//! The window: our own page and nothing else.

use tauri::webview::{NewWindowResponse, WebviewWindowBuilder};
use tauri::{AppHandle, Manager as _, Url, WebviewUrl};

use crate::shell::Shell;

/// The label of the only window.
pub(crate) const MAIN: &str = "main";

/// The webview keeps nothing. A WebDriver can't drive such a window: wry makes a context of its own
/// for it that never allows automation; so the desktop ring, and it alone, goes without.
const INCOGNITO: bool = !cfg!(feature = "automation");

/// Opens the window; the webview keeps nothing (incognito), and its working files lie in the data folder.
pub(crate) fn open(app: &AppHandle) -> tauri::Result<()> {
    let storage = app.state::<Shell>().engine.folders().data.join("webview");
    WebviewWindowBuilder::new(app, MAIN, WebviewUrl::App("index.html".into()))
        .title("Birdkey")
        .inner_size(900.0, 640.0)
        .min_inner_size(380.0, 480.0)
        .data_directory(storage)
        .incognito(INCOGNITO)
        .disable_drag_drop_handler()
        .on_navigation(is_ours)
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .build()?;
    Ok(())
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
