//! Links as the system hands them over: by the desktop's own opener, to an app that runs or not.

use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::Duration;

use birdkey_sandbox::Approve;
use birdkey_tests::desktop::{
    AppWindow, Notifications, Panel, PrivateDesktop, Provider, binary, birdkey, items_of, leads_to,
    service_of, start, text, until,
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

pub fn hidden_with(desktop: &PrivateDesktop, arguments: &[&str]) -> Child {
    let mut app = desktop.command(binary("birdkey-desktop").display().to_string());
    app.arg("--hidden").args(arguments).spawn().unwrap()
}

pub async fn quit(panel: &Panel) {
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
    assert!(entry.contains("birdkey-desktop --hidden\n"), "{entry}");
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
async fn a_link_to_an_app_that_is_not_running_opens_no_window_and_writes_nothing_down() {
    let desktop = PrivateDesktop::start().await;
    let notifications = Notifications::start(&desktop).await;
    let forgotten = format!("{LINK}?state=of-a-login-that-is-gone&code=abc");
    let long = format!("{LINK}?state={}", "A".repeat(100_000));
    let test = "app.birdkey:/self-test?ab2defghab2defgh";
    open_by_start(&desktop, &forgotten).await;
    assert_eq!(notifications.shown(), [""; 0], "no app takes links, so it is nobody's");
    let provider = provider_of_links(&desktop).await;
    let before = files_of(&desktop);

    for link in [forgotten.as_str(), "app.birdkey://evil.example/", &long, test] {
        open_by_start(&desktop, link).await;
    }

    assert_eq!(files_of(&desktop), before);
    let shown = notifications.shown();
    assert_eq!(shown.len(), 1, "{shown:?}");
    assert!(shown[0].starts_with("The login that this link belongs to is gone."), "{shown:?}");
    assert_eq!(provider.exchanges(), 0, "nothing was sent");
}

/// All files of Birdkey with what is in them.
fn files_of(desktop: &PrivateDesktop) -> Vec<(PathBuf, Vec<u8>)> {
    let mut folders = vec![desktop.data(), desktop.config()];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    files.sort();
    files.into_iter().map(|path| (path.clone(), std::fs::read(path).unwrap())).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn links_that_are_not_the_answer_leave_the_login_waiting_and_no_line_in_the_log() {
    let desktop = PrivateDesktop::start().await;
    let provider = provider_of_links(&desktop).await;
    let forgotten = format!("{LINK}?state=of-a-login-that-is-gone&code=abc");
    let window = AppWindow::open(&desktop).await;
    open_by_start(&desktop, &forgotten).await;
    window.wait_for("[data-test=login-failed]").await;
    assert!(window.has("[data-test=problem][data-code=login_gone]").await);
    window.picture("32-login-gone").await;
    let log = std::fs::read_to_string(desktop.data().join("birdkey.log")).unwrap();
    assert!(!log.contains("notice") && !log.contains("birdkey_desktop::links: "), "{log}");
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
    let log = std::fs::read_to_string(desktop.data().join("birdkey.log")).unwrap();
    assert_eq!(log.matches("birdkey_desktop::links: ").count(), 1, "the answer alone: {log}");
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

/// What the doctor says of links in an environment: the level and the words.
fn links_by_doctor(desktop: &PrivateDesktop, data_home: &Path) -> (String, String) {
    let mut doctor = desktop.command(binary("birdkey").display().to_string());
    doctor.args(["doctor", "--offline", "--json"]).env("XDG_DATA_HOME", data_home);
    let report = doctor.output().unwrap();
    let report: serde_json::Value = serde_json::from_slice(&report.stdout).unwrap();
    let links = report["findings"].as_array().unwrap().iter().find(|it| it["check"] == "links");
    let text = |name: &str| links.unwrap()[name].as_str().unwrap().to_owned();
    (text("level"), text("what"))
}

/// The app in a folder of its own, as a person unpacks it.
fn unpacked(desktop: &PrivateDesktop, folder: &str) -> PathBuf {
    let program = desktop.root().join(folder).join("birdkey-desktop");
    std::fs::create_dir_all(program.parent().unwrap()).unwrap();
    let built = binary("birdkey-desktop");
    if std::fs::hard_link(&built, &program).is_err() {
        std::fs::copy(built, &program).unwrap();
    }
    program
}

/// Who starts a session may split the line at blanks, or read it as a shell does: one plain word means the
/// same to both.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_start_with_the_session_finds_an_app_in_a_folder_with_an_odd_name() {
    let desktop = PrivateDesktop::start().await;
    let _provider = provider_of_links(&desktop).await;
    let program = unpacked(&desktop, "my $apps");
    let window = AppWindow::open_at(&desktop, &program).await;
    window.click("[data-test=nav-settings]").await;
    window.click("[data-test=start-at-login]").await;
    window.wait_for("[data-test=start-at-login]:checked").await;

    let home = desktop.root().join("home");
    let entry = std::fs::read_to_string(home.join(".config/autostart/birdkey.desktop")).unwrap();
    let link = home.join(".local/share/birdkey/birdkey-desktop");
    assert!(entry.contains(&format!("\nExec={} --hidden\n", link.display())), "{entry}");
    assert_eq!(std::fs::read_link(link).unwrap(), program);
    window.close().await;
}

/// A whole login whose link the program opens.
async fn logs_in_by(desktop: &PrivateDesktop, data_home: &Path, opener: &[&str]) {
    let login = start(desktop, &["login"]);
    let back = leads_to(&desktop.browser_url().await).await;
    let mut open = desktop.command(opener[0]);
    let opened = open.args(&opener[1..]).arg(&back).env("XDG_DATA_HOME", data_home).output();
    let opened = opened.unwrap();
    assert!(opened.status.success(), "{opener:?}: {}", text(&opened.stderr));
    let ended = login.wait_with_output().unwrap();
    assert!(ended.status.success(), "{opener:?}: {}", text(&ended.stderr));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn links_arrive_by_each_opener_wherever_the_app_lies_and_the_doctor_tries_one() {
    let desktop = PrivateDesktop::start().await;
    let _provider = provider_of_links(&desktop).await;
    let panel = Panel::start(&desktop).await;
    let usual = desktop.root().join("home/.local/share");
    for folder in ["apps", "my apps", "100%", "a\"b$c`d\\e"] {
        let program = unpacked(&desktop, folder);
        let mut app = desktop.command(program.to_str().unwrap()).arg("--hidden").spawn().unwrap();
        until(folder, PATIENCE, async || links_by_doctor(&desktop, &usual).0 == "ok").await;
        logs_in_by(&desktop, &usual, &["xdg-open"]).await;
        logs_in_by(&desktop, &usual, &["gio", "open"]).await;
        quit(&panel).await;
        app.wait().unwrap();

        let (level, said) = links_by_doctor(&desktop, &usual);
        assert_eq!(level, "ok", "{folder}: not running: {said}");
        std::fs::remove_file(program).unwrap();
        let (level, said) = links_by_doctor(&desktop, &usual);
        assert_eq!(level, "warning", "{folder}: gone: {said}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_no_place_is_plain_some_openers_work_and_the_doctor_says_which_does_not() {
    let desktop = PrivateDesktop::start().await;
    let _provider = provider_of_links(&desktop).await;
    let panel = Panel::start(&desktop).await;
    let odd = desktop.root().join("my data");
    let program = unpacked(&desktop, "my apps");
    let mut app = desktop.command(program.to_str().unwrap());
    let mut app = app.arg("--hidden").env("XDG_DATA_HOME", &odd).spawn().unwrap();
    let entry = odd.join("applications/birdkey-desktop-handler.desktop");
    until("the entry", PATIENCE, async || entry.exists()).await;

    until("gio to know it", PATIENCE, async || {
        let asked = ["mime", "x-scheme-handler/app.birdkey"];
        let known = desktop.command("gio").args(asked).env("XDG_DATA_HOME", &odd).output();
        text(&known.unwrap().stdout).contains("birdkey-desktop-handler.desktop")
    })
    .await;
    logs_in_by(&desktop, &odd, &["gio", "open"]).await;

    let (level, said) = links_by_doctor(&desktop, &odd);
    assert_eq!(level, "warning", "{said}");
    quit(&panel).await;
    app.wait().unwrap();
}
