//! Real Chromium, headless, driven by its own driver.

use std::ops::Deref;
use std::process::Stdio;
use std::time::Duration;

use serde_json::json;

use super::app::free_port;
use super::private::PrivateDesktop;
use super::processes::Kept;
use super::wait::until_some;
use super::webdriver::Session;

/// What keeps Chromium from asking the internet for anything.
const QUIET: [&str; 9] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=900,900",
];

/// A browser with a profile of its own; derefs to its session.
pub struct Chromium {
    session: Session,
    _driver: Kept,
}

impl Chromium {
    /// Starts the browser on `desktop`.
    pub async fn start(desktop: &PrivateDesktop) -> Self {
        let port = free_port();
        let mut driver = desktop.command("chromedriver");
        driver.arg(format!("--port={port}")).stdout(Stdio::null()).stderr(Stdio::null());
        let driver = Kept::start(&mut driver);
        let profile = format!("--user-data-dir={}/chromium", desktop.root().display());
        let mut arguments = QUIET.to_vec();
        arguments.push(&profile);
        let wanted = json!({
            "browserName": "chrome",
            "goog:chromeOptions": { "binary": "/usr/bin/chromium", "args": arguments },
        });
        let address = format!("http://127.0.0.1:{port}");
        let session = Session::opened(&address, &wanted).await;
        Self { session, _driver: driver }
    }

    /// Opens the consent page, picks a demo user and presses Authorize; returns the final address.
    pub async fn authorize(&self, url: &str, user: &str) -> String {
        self.go(url).await;
        self.click(&format!("#user-{user}")).await;
        self.click("#authorize").await;
        self.arrived().await
    }

    /// Opens the consent page and presses Cancel; returns the final address.
    pub async fn cancel(&self, url: &str) -> String {
        self.go(url).await;
        self.click("#cancel").await;
        self.arrived().await
    }

    /// Waits for the outcome page.
    async fn arrived(&self) -> String {
        until_some("the outcome page", Duration::from_secs(20), async || {
            Some(self.url().await).filter(|url| url.ends_with("/done"))
        })
        .await
    }
}

impl Deref for Chromium {
    type Target = Session;

    fn deref(&self) -> &Session {
        &self.session
    }
}
