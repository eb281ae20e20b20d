//! The settings of the real window: each change is one of `config.toml`, or an act of Rust.

use std::time::Duration;

use birdkey_tests::desktop::{AppWindow, logged_in, until};

const PATIENCE: Duration = Duration::from_secs(10);

/// Puts a value into a control, as a person's choice does.
async fn put(window: &AppWindow, test: &str, value: &str) {
    let script = format!(
        "const it = document.querySelector('[data-test={test}]'); it.value = '{value}'; \
         for (const kind of ['input', 'change']) it.dispatchEvent(new Event(kind, {{ bubbles: true }}));"
    );
    window.script(&script).await.unwrap();
}

async fn html(window: &AppWindow, attribute: &str) -> String {
    let script = format!("return document.documentElement.getAttribute('{attribute}') ?? ''");
    window.script(&script).await.unwrap().as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn theme_language_and_an_app_are_changed_and_the_doctor_is_asked_in_the_window() {
    let (desktop, provider) = logged_in().await;
    let config = || std::fs::read_to_string(desktop.config().join("config.toml")).unwrap();
    let window = AppWindow::open(&desktop).await;
    window.click("[data-test=nav-settings]").await;
    window.wait_for("[data-test=settings]").await;

    put(&window, "theme", "dark").await;
    until("the dark theme", PATIENCE, async || html(&window, "data-theme").await == "dark").await;
    put(&window, "language", "de").await;
    until("German", PATIENCE, async || html(&window, "lang").await == "de").await;
    put(&window, "clipboard-seconds", "30").await;
    until("all three in the file", PATIENCE, async || {
        let written = config();
        ["theme = \"dark\"", "language = \"de\"", "clipboard_seconds = 30"]
            .iter()
            .all(|line| written.contains(line))
    })
    .await;
    assert!(window.text("[data-test=settings]").await.contains("Einstellungen"));
    window.picture("14-settings-dark-german").await;

    window.click("[data-test=examine]").await;
    window.wait_for("[data-test=finding]").await;
    let found = window.text("[data-test=doctor]").await;
    assert!(found.contains("Tokens liegen hier"), "in German: {found}");
    window.click("[data-test=copy-report]").await;
    until("the report, in English", PATIENCE, async || {
        desktop.clipboard().contains("Registration")
            && desktop.clipboard().contains("birdkey 0.1.0 on")
    })
    .await;
    let told = format!("{}{found}", desktop.clipboard());
    assert!(provider.secrets().iter().all(|secret| !told.contains(secret)), "{told}");

    window.click("[data-test=settings-check-app]").await;
    window.wait_for("[data-test=checked]").await;
    window.click("[data-test=edit-app]").await;
    window.wait_for("[data-test=app-form]").await;
    put(&window, "app-name", "Renamed").await;
    window.click("[data-test=save-app]").await;
    until("the new name", PATIENCE, async || config().contains("name = \"Renamed\"")).await;
    window.close().await;
}
