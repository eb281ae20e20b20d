//! One login against the sandbox on a private desktop: what `cargo xtask run` shows without a display.
#![expect(clippy::print_stdout, reason = "a program for a terminal")]

use birdkey_tests::desktop::{
    AppWindow, Chromium, PrivateDesktop, items_of, screenshots, service_of,
};

#[tokio::main(flavor = "current_thread")]
pub(super) async fn main() {
    println!("No display here, so the window opens on a private desktop (Xvfb, own keychain).");
    let desktop = PrivateDesktop::start().await;
    let window = AppWindow::open(&desktop).await;
    println!("The window is open. Trying the sandbox.");
    window.click("[data-test=try-sandbox]").await;
    let url = desktop.browser_url().await;
    let chromium = Chromium::start(&desktop).await;
    println!("The consent page is open in Chromium. Authorizing as @demo_ada.");
    chromium.authorize(&url, "demo_ada").await;
    window.wait_for("[data-test=account]").await;
    window.picture("demo-account").await;

    println!("\nLogged in:");
    println!("  account  {}", window.text("[data-test=account-username]").await);
    println!("  scopes   {}", window.scopes().await.join(", "));
    for (name, css) in [("expiry", "[data-test=expiry]"), ("kept in", "[data-test=vault]")] {
        println!("  {name:<8} {}", window.text(css).await.replace('\n', " "));
    }
    let service = service_of(&desktop);
    for item in items_of(&desktop, &service) {
        println!("  keychain item “{}”, as secret-tool sees it", item.label);
    }
    println!("  picture  {}", screenshots().join("demo-account.png").display());
    chromium.close().await;
    window.close().await;
}
