//! Links as the system hands them over: by the desktop's own opener, to an app that runs or not.

use std::process::{Child, Command};
use std::time::Duration;

use birdkey_sandbox::Approve;
use birdkey_tests::desktop::{
    AppWindow, Panel, PrivateDesktop, Provider, binary, birdkey, items_of, leads_to, service_of,
    start, text, until,
};

const PATIENCE: Duration = Duration::from_secs(15);
const LINK: &str = "app.birdkey:/callback";

/// A sandbox whose demo app is registered with the link, and that app in Birdkey.
async fn provider_of_links(desktop: &PrivateDesktop) -> Provider {
    let provider = Provider::start(Approve::Auto).await;
    let added = birdkey(desktop, &provider.add_with_link());
    assert!(added.status.success(), "{}", text(&added.stderr));
    provider
}

/// What a browser does with a link that is not its own.
fn open(desktop: &PrivateDesktop, link: &str) {
    let opened = desktop.command("gio").args(["open", link]).output().unwrap();
    assert!(opened.status.success(), "{}", text(&opened.stderr));
}

fn hidden_with(desktop: &PrivateDesktop, link: &str) -> Child {
    let mut app = desktop.command(binary("birdkey-desktop").display().to_string());
    app.args(["--hidden", link]).spawn().unwrap()
}

async fn quit(panel: &Panel) {
    panel.click("Quit Birdkey").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_person_tries_links_uses_them_and_logs_in_by_one() {
    let desktop = PrivateDesktop::start().await;
    let provider = provider_of_links(&desktop).await;
    let config = desktop.config().join("config.toml");
    let loopback = std::fs::read_to_string(&config).unwrap().replace(LINK, &provider.redirect_uri);
    std::fs::write(&config, loopback).unwrap();
    let window = AppWindow::open(&desktop).await;
    window.click("[data-test=nav-settings]").await;
    window.wait_for("[data-test=settings]").await;
    window.picture("30-settings").await;

    let autostart = desktop.root().join("home/.config/autostart");
    let entries = || {
        let mut names = birdkey::effects::files::names_in(&autostart);
        names.retain(|name| name.ends_with(".desktop"));
        names
    };
    assert!(entries().is_empty(), "only if told");
    window.click("[data-test=start-at-login]").await;
    until("the entry", PATIENCE, async || !entries().is_empty()).await;
    let entry = std::fs::read_to_string(autostart.join(&entries()[0])).unwrap();
    assert!(entry.contains("birdkey-desktop\" --hidden"), "{entry}");
    window.wait_for("[data-test=start-at-login]:checked").await;
    window.click("[data-test=start-at-login]").await;
    until("the entry to go", PATIENCE, async || entries().is_empty()).await;

    window.click("[data-test=test-deep-link]").await;
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let page = client.get(desktop.browser_url().await).send().await.unwrap();
    let page = page.text().await.unwrap();
    let link = page.split("href=\"").nth(1).unwrap().split('"').next().unwrap();
    assert!(link.starts_with("app.birdkey:/self-test?"), "{link}");
    open(&desktop, link);
    window.wait_for("[data-test=use-deep-link]").await;
    window.picture("31-links-work").await;
    window.script("document.querySelector('[data-test=open-log]').scrollIntoView()").await.unwrap();
    window.picture("33-about").await;
    window.click("[data-test=use-deep-link]").await;
    until("the link in the configuration", PATIENCE, async || {
        std::fs::read_to_string(&config).unwrap().contains(&format!("[\"{LINK}\", "))
    })
    .await;

    window.click("[data-test=nav-sandbox]").await;
    window.click("[data-test=log-in]").await;
    let back = leads_to(&desktop.browser_url().await).await;
    assert!(back.starts_with(LINK), "{back}");
    open(&desktop, &back);
    window.wait_for("[data-test=account][data-state=ready]").await;
    assert_eq!(items_of(&desktop, &service_of(&desktop)).len(), 1, "in the real keychain");
    assert!(birdkey(&desktop, &["token"]).status.success());
    assert_eq!(provider.exchanges(), 1);
    window.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_command_logs_in_by_the_desktop_app_whether_it_runs_or_not() {
    let desktop = PrivateDesktop::start().await;
    let provider = provider_of_links(&desktop).await;
    let panel = Panel::start(&desktop).await;
    for already in ["not running", "running"] {
        let login = start(&desktop, &["login"]);
        let back = leads_to(&desktop.browser_url().await).await;
        open(&desktop, &back);
        let ended = login.wait_with_output().unwrap();
        let said = text(&ended.stderr);
        assert!(ended.status.success(), "{already}: {said}");
        assert!(said.contains("Logged in as Ada Demo (@demo_ada)"), "{already}: {said}");
        assert!(text(&ended.stdout).is_empty(), "{already}");
    }
    assert_eq!(provider.exchanges(), 2, "one a login");

    let login = start(&desktop, &["login"]);
    panel.entry("Waiting for you in the browser").await;
    let interrupted = Command::new("kill").args(["-INT", &login.id().to_string()]).status();
    assert!(interrupted.unwrap().success());
    let ended = login.wait_with_output().unwrap();
    assert_eq!(ended.status.code(), Some(5), "{}", text(&ended.stderr));
    panel.entry("One account is logged in").await;

    let printed = start(&desktop, &["login", "--no-browser"]).wait_with_output().unwrap();
    assert_eq!(printed.status.code(), Some(3));
    assert!(text(&printed.stderr).contains("Leave --no-browser out"), "{}", text(&printed.stderr));
    quit(&panel).await;
    let path = "DISPLAY";
    let mut headless = desktop.command_without(binary("birdkey").display().to_string(), &[path]);
    let headless = headless.arg("login").output().unwrap();
    assert_eq!(headless.status.code(), Some(3));
    let said = text(&headless.stderr);
    assert!(said.contains("add http://127.0.0.1:8731/callback"), "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_link_that_starts_the_app_finds_no_login_and_sends_nothing() {
    let desktop = PrivateDesktop::start().await;
    let provider = provider_of_links(&desktop).await;
    let forgotten = format!("{LINK}?state=of-a-login-that-is-gone&code=abc");
    let window = AppWindow::open_with(&desktop, &[&forgotten]).await;
    window.wait_for("[data-test=login-failed]").await;
    assert!(window.has("[data-test=problem][data-code=login_gone]").await);
    window.picture("32-login-gone").await;
    assert_eq!(provider.exchanges(), 0, "nothing was sent");

    window.click("[data-test=try-again]").await;
    let back = leads_to(&desktop.browser_url().await).await;
    // What any program of this user can call; none of it is the answer.
    let bus = zbus::connection::Builder::address(desktop.bus_address().as_str()).unwrap();
    let bus = bus.build().await.unwrap();
    let service = service_of(&desktop);
    let digits = service.split('(').nth(1).unwrap().trim_end_matches(')');
    let name = format!("app.birdkey.desktop.at-{digits}.SingleInstance");
    for n in 0..1_000 {
        hand_over(&bus, &name, &format!("{LINK}?state=guess{n}&code=abc")).await;
    }
    hand_over(&bus, &name, &format!("{back}&padding={}", "A".repeat(1_000_000))).await;
    hand_over(&bus, &name, &back.replace("state=", "state=x")).await;
    hand_over(&bus, &name, &back.replace("state=", "nostate=")).await;
    window.wait_for("[data-test=waiting]").await;
    open_by_start(&desktop, &back).await;

    window.wait_for("[data-test=account][data-state=ready]").await;
    assert_eq!(provider.exchanges(), 1);
    window.close().await;
}

/// The interface by which a second start reaches the first.
async fn hand_over(bus: &zbus::Connection, name: &str, link: &str) {
    let path = format!("/{}", name.replace('.', "/").replace('-', "_"));
    let arguments = (vec!["birdkey-desktop", link], "/");
    let called = bus
        .call_method(
            Some(name),
            path.as_str(),
            Some("org.SingleInstance.DBus"),
            "ExecuteCallback",
            &arguments,
        )
        .await;
    called.unwrap();
}

/// A second start with the link, as Windows and most desktops do it.
async fn open_by_start(desktop: &PrivateDesktop, link: &str) {
    let mut again = desktop.command(binary("birdkey-desktop").display().to_string());
    let mut again = again.arg(link).spawn().unwrap();
    until("the second start to end", PATIENCE, async || {
        again.try_wait().unwrap().is_some_and(|ended| ended.success())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_starts_at_once_are_one_app() {
    let desktop = PrivateDesktop::start().await;
    let panel = Panel::start(&desktop).await;
    // Each brings something along, which must reach the one that stays, however early it comes.
    let _provider = provider_of_links(&desktop).await;
    let link = format!("{LINK}?state=of-a-login-that-is-gone&code=abc");
    let mut starts: Vec<Child> = (0..50).map(|_| hidden_with(&desktop, &link)).collect();
    panel.entry("Nobody is logged in").await;
    until("all but one to end", 4 * PATIENCE, async || {
        let running = starts.iter_mut().map(|it| usize::from(it.try_wait().unwrap().is_none()));
        running.sum::<usize>() == 1
    })
    .await;
    let badly = starts.iter_mut().filter_map(|it| it.try_wait().unwrap());
    let badly: Vec<_> = badly.filter(|ended| !ended.success()).collect();
    assert!(badly.is_empty(), "second starts: {badly:?}");
    let log = desktop.data().join("birdkey.log");
    until("each link to arrive", PATIENCE, async || {
        std::fs::read_to_string(&log).unwrap().matches("a link arrived").count() == 50
    })
    .await;
    quit(&panel).await;
    for (nth, mut one) in starts.into_iter().enumerate() {
        let ended = one.wait().unwrap();
        assert!(ended.success(), "start {nth}: {ended}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_start_beside_an_app_that_hangs_says_so() {
    let desktop = PrivateDesktop::start().await;
    let panel = Panel::start(&desktop).await;
    let mut app = desktop.command(binary("birdkey-desktop").display().to_string());
    let mut app = app.arg("--hidden").spawn().unwrap();
    panel.entry("Nobody is logged in").await;
    let pid = app.id().to_string();
    let tell = |signal: &str| {
        assert!(desktop.command("kill").args([signal, &pid]).status().unwrap().success());
    };
    tell("-STOP");
    let mut second = desktop.command(binary("birdkey-desktop").display().to_string());
    let second = second.output().unwrap();
    tell("-CONT");
    let said = String::from_utf8(second.stderr).unwrap();
    assert_eq!(second.status.code(), Some(8), "{said}");
    assert!(said.contains("runs already, but does not answer"), "{said}");
    quit(&panel).await;
    assert!(app.wait().unwrap().success());
}
