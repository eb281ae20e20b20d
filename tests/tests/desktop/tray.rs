//! The tray: everything by its menu, with no window open.

use std::process::{Child, Command};
use std::time::{Duration, Instant};

use birdkey_sandbox::{Approve, DEMO_CLIENT_ID};
use birdkey_tests::desktop::{
    Chromium, Display, Notifications, Panel, PrivateDesktop, Provider, binary, birdkey, items_of,
    log_in, service_of, text, until, until_some,
};

const PATIENCE: Duration = Duration::from_secs(10);
/// What another program did has to show within this time.
const SHOWN: Duration = Duration::from_secs(1);

fn hidden(desktop: &PrivateDesktop) -> Child {
    let mut app: Command = desktop.command(binary("birdkey-desktop").display().to_string());
    app.arg("--hidden").spawn().unwrap()
}

/// Whether a process of WebKit runs below this one.
fn has_webview(pid: u32) -> bool {
    let listed = Command::new("ps").args(["-o", "comm=", "--ppid", &pid.to_string()]).output();
    text(&listed.unwrap().stdout).contains("WebKitWebProc")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_person_logs_in_copies_and_quits_by_the_menu_with_no_window_open() {
    let desktop = PrivateDesktop::start().await;
    let provider = Provider::start(Approve::Ask).await;
    let panel = Panel::start(&desktop).await;
    let mut app = hidden(&desktop);
    panel.entry("Nobody is logged in").await;
    let nobody = panel.icon().await;

    assert!(birdkey(&desktop, &provider.add(DEMO_CLIENT_ID)).status.success());
    panel.click("Log in with Sandbox").await;
    let chromium = Chromium::start(&desktop).await;
    panel.entry("Waiting for you in the browser").await;
    chromium.authorize(&desktop.browser_url().await, "demo_ada").await;
    panel.entry("Ada Demo (@demo_ada)").await;
    let state = panel.entry("    valid until ").await;
    assert!(state.label.ends_with(|c: char| c.is_ascii_digit()) && !state.enabled, "{state:?}");
    panel.entry("One account is logged in").await;
    until("another icon", PATIENCE, async || panel.icon().await != nobody).await;
    assert_eq!(items_of(&desktop, &service_of(&desktop)).len(), 1, "in the real keychain");

    panel.click("Copy access token").await;
    until("the token to be copied", PATIENCE, async || !desktop.clipboard().is_empty()).await;
    assert_eq!(desktop.clipboard(), text(&birdkey(&desktop, &["token"]).stdout));
    assert!(!panel.entry("Log in again").await.enabled, "there is no need");
    panel.click("Refresh now").await;
    until("the refresh", PATIENCE, async || provider.refreshes() == 1).await;

    panel.click("Pause keeping fresh").await;
    until("the pause in the configuration", PATIENCE, async || {
        let config = std::fs::read_to_string(desktop.config().join("config.toml")).unwrap();
        config.contains("keep_fresh = false")
    })
    .await;
    assert!(panel.entry("Pause keeping fresh").await.checked);

    assert!(!has_webview(app.id()), "all of it with no window");
    panel.click("Quit Birdkey").await;
    assert!(app.wait().unwrap().success());
    assert_eq!(desktop.clipboard(), "", "a copied token goes with the app");
    chromium.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_terminal_does_shows_in_the_tray_within_a_second() {
    let desktop = PrivateDesktop::start().await;
    let provider = Provider::start(Approve::Auto).await;
    assert!(birdkey(&desktop, &provider.add(DEMO_CLIENT_ID)).status.success());
    let panel = Panel::start(&desktop).await;
    let mut app = hidden(&desktop);
    panel.entry("Nobody is logged in").await;

    let (login, _) = log_in(&desktop, &[]).await;
    assert!(login.status.success(), "{}", text(&login.stderr));
    let began = Instant::now();
    panel.entry("Ada Demo (@demo_ada)").await;
    assert!(began.elapsed() < SHOWN, "a login after {:?}", began.elapsed());

    let path = desktop.config().join("config.toml");
    let edited = std::fs::read_to_string(&path).unwrap().replace("\"Sandbox\"", "\"By hand\"");
    std::fs::write(&path, edited).unwrap();
    let began = Instant::now();
    panel.entry("Log in with By hand").await;
    assert!(began.elapsed() < SHOWN, "a hand edit after {:?}", began.elapsed());

    assert!(birdkey(&desktop, &["logout"]).status.success());
    let began = Instant::now();
    panel.gone("Ada Demo").await;
    assert!(began.elapsed() < SHOWN, "a logout after {:?}", began.elapsed());

    panel.click("Quit Birdkey").await;
    assert!(app.wait().unwrap().success());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_login_from_the_tray_that_no_browser_was_opened_for_says_so() {
    let desktop = PrivateDesktop::start().await;
    let provider = Provider::start(Approve::Auto).await;
    assert!(birdkey(&desktop, &provider.add(DEMO_CLIENT_ID)).status.success());
    let notifications = Notifications::start(&desktop).await;
    let panel = Panel::start(&desktop).await;
    // The desktop's own openers can't, either.
    let openers = desktop.root().join("openers");
    std::fs::create_dir(&openers).unwrap();
    for opener in ["xdg-open", "gio", "sensible-browser", "x-www-browser"] {
        std::os::unix::fs::symlink("/bin/false", openers.join(opener)).unwrap();
    }
    let path = format!("{}:{}", openers.display(), std::env::var("PATH").unwrap());
    let mut app = desktop.command(binary("birdkey-desktop").display().to_string());
    let app = app.arg("--hidden").env("BROWSER", "/nowhere/<b>at</b>/all").env("PATH", path);
    let mut app = app.spawn().unwrap();
    panel.click("Log in with Sandbox").await;

    until("it to say so", PATIENCE, async || {
        let as_text = "/nowhere/&lt;b&gt;at&lt;/b&gt;/all could not";
        notifications.shown().iter().any(|shown| shown.contains(as_text))
    })
    .await;

    panel.click("Quit Birdkey").await;
    assert!(app.wait().unwrap().success());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_no_tray_is_or_stays_the_app_has_a_window() {
    let desktop = PrivateDesktop::start().await;
    let panel = Panel::start(&desktop).await;
    let mut app = hidden(&desktop);
    panel.entry("Nobody is logged in").await;
    assert!(!has_webview(app.id()));
    drop(panel);
    until("a window, as the panel ended", PATIENCE, async || has_webview(app.id())).await;
    let panel = Panel::start(&desktop).await;
    panel.entry("Nobody is logged in").await;
    panel.click("Quit Birdkey").await;
    assert!(app.wait().unwrap().success());
    drop(panel);

    let mut app = hidden(&desktop);
    until("a window, as no panel came", 2 * PATIENCE, async || has_webview(app.id())).await;
    assert!(Command::new("kill").arg(app.id().to_string()).status().unwrap().success());
    assert!(app.wait().unwrap().success());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn closing_the_window_where_no_tray_is_says_what_became_of_it() {
    let desktop = PrivateDesktop::start().await;
    std::fs::create_dir_all(desktop.config()).unwrap();
    std::fs::write(desktop.config().join("config.toml"), "language = \"de\"\n").unwrap();
    let notifications = Notifications::start(&desktop).await;
    let display = Display::of(&desktop);
    let mut app = desktop.command(binary("birdkey-desktop").display().to_string()).spawn().unwrap();
    let window = until_some("the window", PATIENCE, async || display.shows("Birdkey")).await;
    display.focus(window);
    let log = desktop.data().join("birdkey.log");
    until("it to know that there is no tray", 2 * PATIENCE, async || {
        std::fs::read_to_string(&log).unwrap_or_default().contains("tray hosted=false")
    })
    .await;
    assert_eq!(notifications.shown(), [""; 0], "nothing is said to who looks at the window");

    display.close(window);
    until("the notification", PATIENCE, async || !notifications.shown().is_empty()).await;
    display.close(window);
    assert!(Command::new("kill").arg(app.id().to_string()).status().unwrap().success());
    assert!(app.wait().unwrap().success());
    // After its end nothing more can come.
    let shown = notifications.shown();
    assert_eq!(shown.len(), 1, "once: {shown:?}");
    assert!(shown[0].contains("minimiert"), "in German: {shown:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_start_hands_over_and_a_signal_ends_the_app_cleanly() {
    let desktop = PrivateDesktop::start().await;
    let panel = Panel::start(&desktop).await;
    let mut app = hidden(&desktop);
    panel.entry("Nobody is logged in").await;
    assert!(!has_webview(app.id()));

    let mut odd = desktop.command(binary("birdkey-desktop").display().to_string());
    let no_text = std::os::unix::ffi::OsStringExt::from_vec(b"\xff\xfe".to_vec());
    let odd = odd.arg("--hidden").arg::<std::ffi::OsString>(no_text).output().unwrap();
    assert!(odd.status.success(), "it ends at once: {}", text(&odd.stderr));
    assert!(!text(&odd.stderr).contains("panicked"), "{}", text(&odd.stderr));
    assert!(!has_webview(app.id()), "a session that starts it twice wants no window");
    let mut second = desktop.command(binary("birdkey-desktop").display().to_string());
    assert!(second.status().unwrap().success(), "it ends at once");
    until("the window of the first", PATIENCE, async || has_webview(app.id())).await;

    let told = Command::new("kill").arg(app.id().to_string()).status().unwrap();
    assert!(told.success());
    assert!(app.wait().unwrap().success(), "SIGTERM is a Quit");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copied_token_leaves_the_clipboard_after_a_while_unless_something_else_is_there() {
    let desktop = PrivateDesktop::start().await;
    let provider = Provider::start(Approve::Auto).await;
    assert!(birdkey(&desktop, &provider.add(DEMO_CLIENT_ID)).status.success());
    let config = desktop.config().join("config.toml");
    let text = std::fs::read_to_string(&config).unwrap();
    std::fs::write(&config, format!("clipboard_seconds = 5\n{text}")).unwrap();
    let (login, _) = log_in(&desktop, &[]).await;
    assert!(login.status.success());
    let panel = Panel::start(&desktop).await;
    let mut app = hidden(&desktop);

    panel.click("Copy access token").await;
    until("the token to be copied", PATIENCE, async || !desktop.clipboard().is_empty()).await;
    until("it to be taken out", PATIENCE, async || desktop.clipboard().is_empty()).await;

    panel.click("Copy access token").await;
    until("the token to be copied", PATIENCE, async || !desktop.clipboard().is_empty()).await;
    desktop.copy("something of the user's");
    panel.click("Quit Birdkey").await;
    assert!(app.wait().unwrap().success());
    assert_eq!(desktop.clipboard(), "something of the user's", "what is not ours stays");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_the_library_of_the_tray_the_app_has_a_window() {
    let desktop = PrivateDesktop::start().await;
    let probe = desktop.command("unshare").args(["-m", "true"]).output();
    if !probe.is_ok_and(|output| output.status.success()) {
        println!("skipped: this user may not make a mount namespace");
        return;
    }
    let panel = Panel::start(&desktop).await;
    // In a mount namespace of its own, where the libraries are empty files.
    let gone =
        "for library in /usr/lib/*/lib*appindicator3.so*; do mount --bind /dev/null $library; done";
    let program = binary("birdkey-desktop").display().to_string();
    let mut app = desktop.command("unshare");
    app.args(["-m", "sh", "-c", &format!("{gone}; exec {program} --hidden")]);
    let said = std::fs::File::create(desktop.root().join("said")).unwrap();
    let mut app = app.stderr(said).spawn().unwrap();

    until("a window", PATIENCE, async || has_webview(app.id())).await;
    assert!(panel.entries().await.is_none(), "there is no icon");
    assert!(Command::new("kill").arg(app.id().to_string()).status().unwrap().success());
    assert!(app.wait().unwrap().success());
    let said = std::fs::read_to_string(desktop.root().join("said")).unwrap();
    assert!(!said.contains("panicked"), "{said}");
    let log = std::fs::read_to_string(desktop.data().join("birdkey.log")).unwrap();
    assert!(log.contains("there is no tray icon: its library is missing"), "{log}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_newer_program_in_its_place_is_noticed_and_started() {
    let desktop = PrivateDesktop::start().await;
    let panel = Panel::start(&desktop).await;
    let installed = desktop.root().join("birdkey-desktop");
    let program = binary("birdkey-desktop");
    std::fs::copy(&program, &installed).unwrap();
    let mut app = desktop.command(installed.display().to_string());
    let mut app = app.arg("--hidden").spawn().unwrap();
    panel.entry("Nobody is logged in").await;
    // As packages do it: beside, then in its place.
    let beside = desktop.root().join("birdkey-desktop.new");
    std::fs::copy(&program, &beside).unwrap();
    std::fs::rename(&beside, &installed).unwrap();
    panel.entry("Restart: a newer version is installed").await;
    assert!(app.try_wait().unwrap().is_none(), "it goes on as it was");
    panel.click("Restart: a newer version").await;

    assert!(app.wait().unwrap().success(), "it makes room");
    panel.gone("Restart: a newer version").await;
    panel.entry("Nobody is logged in").await;
    assert!(hidden(&desktop).wait().unwrap().success(), "it is the one that later starts find");
    panel.click("Quit Birdkey").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn quitting_while_a_code_is_exchanged_loses_nothing() {
    let desktop = PrivateDesktop::start().await;
    let provider = Provider::start(Approve::Auto).await;
    assert!(birdkey(&desktop, &provider.add(DEMO_CLIENT_ID)).status.success());
    let panel = Panel::start(&desktop).await;
    let mut app = hidden(&desktop);
    provider.sandbox.plan("token:delay=3000".parse().unwrap());
    panel.click("Log in with Sandbox").await;
    let page = desktop.browser_url().await;
    let browser = tokio::spawn(async move {
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        client.get(page).send().await.unwrap().status()
    });
    let log = desktop.data().join("birdkey.log");
    until("the code to be sent", PATIENCE, async || {
        std::fs::read_to_string(&log).is_ok_and(|log| log.contains("the code is exchanged"))
    })
    .await;

    panel.click("Quit Birdkey").await;

    assert!(app.wait().unwrap().success());
    assert!(browser.await.unwrap().is_success());
    assert_eq!(items_of(&desktop, &service_of(&desktop)).len(), 1, "the grant is in the keychain");
    assert!(birdkey(&desktop, &["token"]).status.success());
}
