//! What a person does less often: a secret by the clipboard, a locked keychain, a second start.

use std::time::Duration;

use birdkey_tests::desktop::{
    AppWindow, CLIENT_SECRET, CONFIDENTIAL, Chromium, PrivateDesktop, birdkey, items_of,
    service_of, text, until,
};
use birdkey_tests::scan::find_in_tree;

const PATIENCE: Duration = Duration::from_secs(10);

async fn logged_in(desktop: &PrivateDesktop, window: &AppWindow) {
    let chromium = Chromium::start(desktop).await;
    window.click("[data-test=try-sandbox]").await;
    chromium.authorize(&desktop.browser_url().await, "demo_ada").await;
    window.wait_for("[data-test=account-username]").await;
    chromium.close().await;
}

#[tokio::test]
async fn a_client_secret_goes_from_the_clipboard_to_the_keychain_past_the_page() {
    let desktop = PrivateDesktop::start().await;
    let window = AppWindow::open(&desktop).await;
    window.click("[data-test=set-up-x]").await;
    window.type_into("[data-test=x-client-id]", &format!(" {CONFIDENTIAL} ")).await;
    window.click("[data-test=x-type-confidential]").await;
    window.click("[data-test=x-save]").await;
    window.wait_for("[data-test=take-secret-screen]").await;
    window.picture("16-client-secret").await;
    desktop.copy("two lines\nare no secret");
    window.click("[data-test=take-secret]").await;
    assert!(window.text("[data-test=problem-what]").await.contains("not a client secret"));
    assert_eq!(desktop.clipboard(), "two lines\nare no secret", "what was refused is not lost");
    desktop.copy(CLIENT_SECRET);

    // Back and in again: a click that follows at once is the second half of a double click.
    window.click("[data-test=back]").await;
    window.click("[data-test=change-secret]").await;
    window.click("[data-test=take-secret]").await;

    window.wait_for("[data-test=app-ready]").await;
    let items = items_of(&desktop, &service_of(&desktop));
    assert!(items.len() == 1 && items[0].secret.contains(CLIENT_SECRET), "in the keychain");
    assert!(!window.source().await.contains(CLIENT_SECRET), "not in the page");
    let secrets = [CLIENT_SECRET.to_owned()];
    assert!(find_in_tree(&desktop.root().join("data"), &secrets).is_empty(), "not in a file");
    assert!(find_in_tree(&desktop.config(), &secrets).is_empty(), "not in the configuration");
    until("the clipboard to be emptied", PATIENCE, async || desktop.clipboard().is_empty()).await;
    window.picture("17-app-ready").await;
    window.close().await;
}

#[tokio::test]
async fn a_locked_keychain_is_shown_and_its_own_prompt_makes_the_account_ready_again() {
    let desktop = PrivateDesktop::start().await;
    let window = AppWindow::open(&desktop).await;
    logged_in(&desktop, &window).await;
    desktop.lock_keychain();

    window.click("[data-test=copy-token]").await;

    window.wait_for("[data-test=unlock]").await;
    window.picture("18-keychain-locked").await;
    window.click("[data-test=unlock]").await;
    desktop.answer_prompt().await;
    window.wait_for("[data-test=account][data-state=ready]").await;
    window.close().await;
}

#[tokio::test]
async fn an_account_outlives_the_window_and_removing_the_sandbox_clears_everything() {
    let desktop = PrivateDesktop::start().await;
    let window = AppWindow::open(&desktop).await;
    logged_in(&desktop, &window).await;
    window.close().await;
    let token = birdkey(&desktop, &["token"]);
    assert!(token.status.success(), "without the window: {}", text(&token.stderr));

    let window = AppWindow::open(&desktop).await;
    window.wait_for("[data-test=account][data-state=ready]").await;
    assert!(window.text("[data-test=account-username]").await.contains("demo_ada"));
    window.click("[data-test=nav-sandbox]").await;
    window.picture("19-sandbox").await;
    window.click("[data-test=remove-sandbox]").await;
    window.click("[data-test=confirm-yes]").await;

    window.wait_for("[data-test=set-up-x]").await;
    assert!(items_of(&desktop, &service_of(&desktop)).is_empty(), "the keychain");
    assert!(!desktop.data().join("sandbox.json").exists(), "the sandbox's own file");
    assert_eq!(birdkey(&desktop, &["token"]).status.code(), Some(4));
    let apps = birdkey(&desktop, &["app", "list", "--json"]);
    let apps: serde_json::Value = serde_json::from_slice(&apps.stdout).unwrap();
    assert_eq!(apps["apps"].as_array().unwrap().len(), 0, "the configuration");
    window.close().await;
}
