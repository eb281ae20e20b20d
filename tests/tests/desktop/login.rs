//! From the first run to the logout, as a person goes.

use birdkey_tests::desktop::{
    AppWindow, Chromium, PrivateDesktop, arguments_of_all, birdkey, items_of, service_of,
};
use birdkey_tests::scan::find_in_tree;

#[tokio::test]
async fn a_person_tries_the_sandbox_copies_the_token_and_logs_out() {
    let desktop = PrivateDesktop::start().await;
    let window = AppWindow::open(&desktop).await;
    window.picture("01-first-run").await;
    window.click("[data-test=try-sandbox]").await;
    window.wait_for("[data-test=waiting]").await;
    window.picture("02-waiting").await;

    let url = desktop.browser_url().await;
    let chromium = Chromium::start(&desktop).await;
    chromium.go(&url).await;
    chromium.screenshot(&birdkey_tests::desktop::screenshots().join("03-consent.png")).await;
    let last = chromium.authorize(&url, "demo_ada").await;
    assert!(!last.contains("code="), "no code in the address bar: {last}");
    chromium.screenshot(&birdkey_tests::desktop::screenshots().join("04-done.png")).await;

    window.wait_for("[data-test=account]").await;
    assert!(window.text("[data-test=account-username]").await.contains("demo_ada"));
    assert_eq!(window.scopes().await, ["tweet.read", "users.read", "offline.access"]);
    let quiet = std::time::Duration::from_secs(10);
    birdkey_tests::desktop::until("the toast to go", quiet, async || {
        window
            .script("return document.querySelector('[data-test=toast]')?.innerText ?? ''")
            .await
            .unwrap()
            == ""
    })
    .await;
    window.picture("05-account").await;
    let item = only_item(&desktop);
    assert_eq!(item.label, "Birdkey: @demo_ada (Sandbox)");

    window.click("[data-test=copy-token]").await;
    let grant: serde_json::Value = serde_json::from_str(&item.secret).unwrap();
    let access_token = grant["access_token"].as_str().unwrap();
    birdkey_tests::desktop::until(
        "the copied token",
        std::time::Duration::from_secs(5),
        async || desktop.clipboard() == access_token,
    )
    .await;
    assert_nothing_leaked(&desktop, &window, &grant).await;

    try_a_request(&window, &desktop, &grant).await;
    log_out(&window).await;
    window.picture("06-logged-out").await;
    assert!(items_of(&desktop, &service_of(&desktop)).is_empty(), "the keychain is empty again");
    let me = reqwest::Client::builder().no_proxy().build().unwrap();
    let origin = grant["binding"]["api_origin"].as_str().unwrap();
    let me = me.get(format!("{origin}/2/users/me")).bearer_auth(access_token).send().await.unwrap();
    assert_eq!(me.status(), 401, "the token is dead at the server");
    chromium.close().await;
    window.close().await;
}

#[tokio::test]
async fn a_person_who_cancels_reads_why_and_can_try_again() {
    let desktop = PrivateDesktop::start().await;
    let window = AppWindow::open(&desktop).await;
    window.click("[data-test=try-sandbox]").await;
    let url = desktop.browser_url().await;
    let chromium = Chromium::start(&desktop).await;

    chromium.cancel(&url).await;

    chromium.screenshot(&birdkey_tests::desktop::screenshots().join("07-denied-page.png")).await;
    assert!(window.text("[data-test=problem-why]").await.contains("Cancel"));
    window.picture("08-denied").await;
    assert!(items_of(&desktop, &service_of(&desktop)).is_empty());
    chromium.close().await;
    window.close().await;
}

/// Sends a request from the window, whose answer shows there and never the token.
async fn try_a_request(window: &AppWindow, desktop: &PrivateDesktop, grant: &serde_json::Value) {
    assert!(
        window.text("[data-test=fingerprint]").await.len() > 16,
        "the inspector tells tokens apart"
    );
    window.click("[data-test=try-request]").await;
    window.click("[data-test=request-send]").await;
    window.wait_for("[data-test=answer]").await;
    assert!(window.text("[data-test=answer-status]").await.contains("200"));
    birdkey_tests::desktop::until(
        "the text of the answer",
        std::time::Duration::from_secs(5),
        async || window.text("[data-test=answer-text]").await.contains("demo_ada"),
    )
    .await;
    window.picture("09-request").await;
    assert_nothing_leaked(desktop, window, grant).await;
    window.click("[data-test=back]").await;
    window.wait_for("[data-test=account]").await;
    window.click("[data-test=nav-activity]").await;
    window.wait_for("[data-test=activity-entry]").await;
    assert!(birdkey(desktop, &["token"]).status.success());
    birdkey_tests::desktop::until(
        "what a program did to show by itself",
        std::time::Duration::from_secs(5),
        async || window.text("[data-test=activity-count]").await.contains("1 new entry"),
    )
    .await;
    window.picture("09-activity").await;
    window.click("[data-test=nav-account]").await;
    window.wait_for("[data-test=account]").await;
}

fn only_item(desktop: &PrivateDesktop) -> birdkey_tests::desktop::Item {
    let mut items = items_of(desktop, &service_of(desktop));
    assert_eq!(items.len(), 1, "one grant, one item");
    items.remove(0)
}

pub async fn log_out(window: &AppWindow) {
    window.click("[data-test=log-out]").await;
    window.click("[data-test=confirm-yes]").await;
    window.wait_for("[data-test=logout-result]").await;
}

/// Neither token is in any file, any process's arguments, or the page.
async fn assert_nothing_leaked(
    desktop: &PrivateDesktop,
    window: &AppWindow,
    grant: &serde_json::Value,
) {
    let secrets: Vec<String> = ["access_token", "refresh_token"]
        .iter()
        .map(|name| grant[name].as_str().unwrap().to_owned())
        .collect();
    let found: Vec<_> = ["config", "data", "tmp", "home/.config", "home/.cache", "window.log"]
        .iter()
        .flat_map(|folder| find_in_tree(&desktop.root().join(folder), &secrets))
        .collect();
    assert_eq!(found, Vec::<String>::new());
    assert!(
        std::fs::read_to_string(desktop.data().join("birdkey.log")).unwrap().contains("answered")
    );
    let page = window.source().await;
    for secret in &secrets {
        assert!(!page.contains(secret), "the page of the webview");
        assert!(arguments_of_all().iter().all(|line| !line.contains(secret)), "arguments");
    }
}
