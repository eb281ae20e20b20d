//! Window and command tell one story: what one does, the other shows within a second.

use std::io::Read as _;
use std::process::Stdio;
use std::time::Duration;

use birdkey_tests::desktop::{
    AppWindow, Chromium, PrivateDesktop, binary, birdkey, items_of, service_of, text, until,
};

use crate::login::log_out;

/// Within this time the other side shows what one did.
const SOON: Duration = Duration::from_secs(1);

#[tokio::test]
async fn the_command_logs_in_hands_out_and_logs_out_while_the_window_watches() {
    let desktop = PrivateDesktop::start().await;
    let window = AppWindow::open(&desktop).await;
    let chromium = Chromium::start(&desktop).await;
    window.click("[data-test=try-sandbox]").await;
    chromium.authorize(&desktop.browser_url().await, "demo_ada").await;
    window.wait_for("[data-test=account]").await;

    // The window logged in, the command hands out.
    let token = birdkey(&desktop, &["token"]);
    assert!(token.status.success(), "{}", text(&token.stderr));
    let grant = items_of(&desktop, &service_of(&desktop)).remove(0).secret;
    assert!(grant.contains(&text(&token.stdout)), "the token of the keychain");
    assert_eq!(text(&token.stderr), "", "nothing but the token");
    let status = birdkey(&desktop, &["status"]);
    assert!(text(&status.stdout).contains("Ada Demo (@demo_ada)"), "{}", text(&status.stdout));

    // The command logs out, the window shows it.
    let logout = birdkey(&desktop, &["logout"]);
    assert!(logout.status.success(), "{}", text(&logout.stderr));
    until("the window to show the logout", SOON, async || !window.has("[data-test=account]").await)
        .await;
    assert_eq!(birdkey(&desktop, &["token"]).status.code(), Some(4));

    // The command logs in, the window shows it.
    let program = binary("birdkey").display().to_string();
    let mut login = desktop.command(&program);
    let mut login = login.arg("login").stderr(Stdio::piped()).spawn().unwrap();
    chromium.authorize(&desktop.browser_url().await, "demo_grace").await;
    until("the window to show the login", SOON, async || {
        window.has("[data-test=account-username]").await
    })
    .await;
    assert!(window.text("[data-test=account-username]").await.contains("demo_grace"));
    assert!(login.wait().unwrap().success());
    let mut said = String::new();
    login.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert!(said.contains("Logged in as Grace Demo (@demo_grace)"), "{said}");

    // The window logs out, the command shows it.
    log_out(&window).await;
    until("the command to show the logout", SOON, async || {
        birdkey(&desktop, &["token"]).status.code() == Some(4)
    })
    .await;
    chromium.close().await;
    window.close().await;
}

#[tokio::test]
async fn without_bus_display_or_home_each_program_says_what_to_do() {
    let desktop = PrivateDesktop::start().await;
    let none = ["DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR", "HOME"];

    let app = binary("birdkey-desktop").display().to_string();
    let window = desktop.command_without(&app, &none).output().unwrap();
    assert_eq!(window.status.code(), Some(3), "{}", text(&window.stderr));
    assert!(text(&window.stderr).contains("birdkey --help"), "{}", text(&window.stderr));

    let command = binary("birdkey").display().to_string();
    let client_id = "YmlyZGtleS1zYW5kYm94LWRlbW86MTpuYQ";
    let add = ["app", "add", "--provider", "sandbox", "--client-id", client_id];
    let added = desktop.command_without(&command, &none).args(add).output().unwrap();
    assert!(added.status.success(), "{}", text(&added.stderr));
    let login = desktop.command_without(&command, &none).arg("login").output().unwrap();
    assert_eq!(login.status.code(), Some(7), "{}", text(&login.stderr));
    assert!(text(&login.stderr).contains("No keychain is running"), "{}", text(&login.stderr));
    let status = desktop.command_without(&command, &none).arg("status").output().unwrap();
    assert!(status.status.success(), "{}", text(&status.stderr));
}
