//! The other states of the window, each with a picture to be judged.

use birdkey_tests::desktop::{AppWindow, Chromium, Display, PrivateDesktop, until};
use std::time::Duration;

#[tokio::test]
async fn setting_up_with_x_explains_the_console_and_recognizes_an_api_key() {
    let desktop = PrivateDesktop::start().await;
    let window = AppWindow::open(&desktop).await;
    window.click("[data-test=set-up-x]").await;
    window.wait_for("[data-test=x-client-id]").await;
    window.picture("10-set-up-x").await;
    turns_with_the_wheel(&desktop, &window).await;
    let shown = window.script("return document.body.innerText").await.unwrap();
    for uri in ["http://127.0.0.1:8731/callback", "http://127.0.0.1:28731/callback"] {
        assert!(shown.as_str().unwrap().contains(uri), "{uri}");
    }

    window.type_into("[data-test=x-client-id]", "aB3dEfGh1jKlMn0pQrStUvWx9").await;
    until("the explanation", Duration::from_secs(5), async || {
        let shown = window.script("return document.body.innerText").await.unwrap();
        shown.as_str().unwrap().contains("API key")
    })
    .await;
    window.picture("11-api-key").await;
    window.click("[data-test=copy-uri]").await;
    until("the copied redirect URI", Duration::from_secs(5), async || {
        desktop.clipboard() == "http://127.0.0.1:8731/callback"
    })
    .await;
    window.close().await;
}

/// How the window is drawn decides over this: WebKit's own settings for it can stop the wheel.
async fn turns_with_the_wheel(desktop: &PrivateDesktop, window: &AppWindow) {
    let display = Display::of(desktop);
    let place = "return document.querySelector('.pane').scrollTop";
    assert_eq!(window.script(place).await.unwrap().as_f64(), Some(0.0));
    let shown = display.shows("Birdkey").unwrap();
    until("the page to scroll", Duration::from_secs(10), async || {
        display.turn_wheel(shown);
        window.script(place).await.unwrap().as_f64() > Some(0.0)
    })
    .await;
}

#[tokio::test]
async fn a_broken_configuration_is_shown_and_its_repair_too() {
    let desktop = PrivateDesktop::start().await;
    let window = AppWindow::open(&desktop).await;
    let path = desktop.config().join("config.toml");

    std::fs::write(&path, "[apps.k3\n").unwrap();
    assert!(window.text("[data-test=problem-why]").await.contains("line 1"));
    window.picture("12-config-broken").await;

    std::fs::write(&path, "").unwrap();
    until("the problem to go", Duration::from_secs(1), async || {
        !window.has("[data-test=problem]").await
    })
    .await;
    window.close().await;
}

#[tokio::test]
async fn a_dark_desktop_gets_a_dark_window() {
    let desktop = PrivateDesktop::start().await;
    let window = AppWindow::open_in(&desktop, "Adwaita:dark").await;
    let color = "return getComputedStyle(document.documentElement).backgroundColor";
    let color = window.script(color).await.unwrap().as_str().unwrap().to_owned();
    let parts: Vec<u32> =
        color.split(|c: char| !c.is_ascii_digit()).filter_map(|part| part.parse().ok()).collect();
    assert!(parts.len() >= 3 && parts[..3].iter().all(|part| *part < 64), "{color}");
    window.picture("13-dark-first-run").await;
    window.click("[data-test=try-sandbox]").await;
    window.wait_for("[data-test=waiting]").await;
    window.picture("14-dark-waiting").await;
    let chromium = Chromium::start(&desktop).await;
    chromium.authorize(&desktop.browser_url().await, "demo_ada").await;
    window.wait_for("[data-test=account-username]").await;
    window.picture("15-dark-account").await;
    chromium.close().await;
    window.close().await;
}
