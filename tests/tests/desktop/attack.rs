//! What a page in the webview could do, if somebody managed to run a script in it.

use birdkey_tests::desktop::{AppWindow, PrivateDesktop};

/// Calls a Tauri command by hand and says how it ended.
fn invoke(command: &str, arguments: &str) -> String {
    format!(
        "const done = arguments[arguments.length - 1];
         window.__TAURI_INTERNALS__.invoke('{command}', {arguments})
           .then(value => done('allowed: ' + JSON.stringify(value)), error => done('refused: ' + error));"
    )
}

#[tokio::test]
async fn the_page_can_call_our_commands_and_nothing_else() {
    let desktop = PrivateDesktop::start().await;
    let window = AppWindow::open(&desktop).await;

    let ours = window.script_async(&invoke("look_again", "{}")).await.unwrap();
    assert_eq!(ours, "allowed: null", "the way in works at all");
    for (command, arguments) in [
        (
            "plugin:event|listen",
            "{event: 'deep-link://new-url', target: {kind: 'Any'}, handler: 1}",
        ),
        ("plugin:event|emit", "{event: 'deep-link://new-url', payload: 1}"),
        ("plugin:deep-link|get_current", "{}"),
        ("plugin:deep-link|register", "{protocol: 'x'}"),
        ("plugin:webview|create_webview_window", "{options: {label: 'a', url: 'https://x.com'}}"),
        ("plugin:window|create", "{options: {label: 'a'}}"),
        ("plugin:webview|internal_toggle_devtools", "{}"),
        ("plugin:path|resolve_directory", "{directory: 1}"),
        ("plugin:app|version", "{}"),
    ] {
        let ended = window.script_async(&invoke(command, arguments)).await.unwrap();
        let ended = ended.as_str().unwrap().to_owned();
        assert!(ended.starts_with("refused"), "{command}: {ended}");
    }
    window.close().await;
}

#[tokio::test]
async fn the_page_cannot_leave_open_windows_or_load_anything() {
    let desktop = PrivateDesktop::start().await;
    let window = AppWindow::open(&desktop).await;
    let before = window.url().await;

    let opened = window.script("return window.open('https://x.com/') === null").await.unwrap();
    assert_eq!(opened, true, "no second window");
    let loaded = window
        .script_async(
            "const done = arguments[arguments.length - 1];
             fetch('http://127.0.0.1:9/').then(() => done('loaded'), error => done('' + error));",
        )
        .await
        .unwrap();
    assert_ne!(loaded, "loaded");
    window.script("location.href = 'http://127.0.0.1:9/'").await.ok();

    window.wait_for("h1").await;
    assert_eq!(window.url().await, before, "no navigation away");
    assert_eq!(window.script("return typeof window.__TAURI__").await.unwrap(), "undefined");
    window.close().await;
}
