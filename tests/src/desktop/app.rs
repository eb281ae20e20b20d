//! The app's real window, driven by WebKit's own driver.

use std::ops::Deref;
use std::path::{Path, PathBuf};

use serde_json::json;

use super::private::PrivateDesktop;
use super::processes::Kept;
use super::webdriver::Session;

/// The app, its window and its driver; derefs to the session in the window.
pub struct AppWindow {
    session: Session,
    _driver: Kept,
}

impl AppWindow {
    /// Starts the app on `desktop` and waits for its page.
    pub async fn open(desktop: &PrivateDesktop) -> Self {
        Self::open_in(desktop, "Adwaita").await
    }

    /// The same with a theme of the desktop, e.g. `Adwaita:dark`.
    pub async fn open_in(desktop: &PrivateDesktop, theme: &str) -> Self {
        Self::opened(desktop, &binary("birdkey-desktop"), theme, &[]).await
    }

    /// The same with the app at another place.
    pub async fn open_at(desktop: &PrivateDesktop, app: &Path) -> Self {
        Self::opened(desktop, app, "Adwaita", &[]).await
    }

    /// The same with arguments.
    pub async fn open_with(desktop: &PrivateDesktop, arguments: &[&str]) -> Self {
        Self::opened(desktop, &binary("birdkey-desktop"), "Adwaita", arguments).await
    }

    async fn opened(desktop: &PrivateDesktop, app: &Path, theme: &str, arguments: &[&str]) -> Self {
        assert!(app.exists(), "{} is missing: build the workspace first", app.display());
        let port = free_port();
        let log = std::fs::File::create(desktop.root().join("window.log")).unwrap();
        let mut driver = desktop.command("WebKitWebDriver");
        driver
            .arg(format!("--port={port}"))
            .env("GTK_THEME", theme)
            .env("TAURI_AUTOMATION", "true")
            .env("TAURI_WEBVIEW_AUTOMATION", "true")
            .stdout(log.try_clone().unwrap())
            .stderr(log);
        let driver = Kept::start(&mut driver);
        let address = format!("http://127.0.0.1:{port}");
        let wanted = json!({ "webkitgtk:browserOptions": { "binary": app, "args": arguments } });
        let session = Session::opened(&address, &wanted).await;
        session.wait_for("h1").await;
        Self { session, _driver: driver }
    }

    /// The scopes of the account that is shown, each by its name alone.
    pub async fn scopes(&self) -> Vec<String> {
        let script = "return [...document.querySelectorAll('[data-test=scopes] [data-scope]')].map(it => it.dataset.scope)";
        let scopes = self.session.script(script).await.unwrap();
        scopes.as_array().unwrap().iter().map(|it| it.as_str().unwrap().to_owned()).collect()
    }

    /// Writes a picture of the window below the target folder.
    pub async fn picture(&self, name: &str) {
        self.session.screenshot(&screenshots().join(format!("{name}.png"))).await;
    }
}

impl Deref for AppWindow {
    type Target = Session;

    fn deref(&self) -> &Session {
        &self.session
    }
}

/// A program of the workspace, beside the test's own.
pub fn binary(name: &str) -> PathBuf {
    profile_folder().join(name)
}

/// Where pictures go: `screenshots` in the target folder.
pub fn screenshots() -> PathBuf {
    profile_folder().parent().unwrap().join("screenshots")
}

/// `target/debug`: the test itself lies there, or in `deps` below.
fn profile_folder() -> PathBuf {
    let own = std::env::current_exe().unwrap();
    let folder = own.parent().unwrap();
    let above = if folder.ends_with("deps") { folder.parent() } else { None };
    above.map_or_else(|| folder.to_owned(), Path::to_owned)
}

/// A port that was free a moment ago; drivers take no listener.
pub(super) fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}
