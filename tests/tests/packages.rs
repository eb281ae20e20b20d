//! The packages as a person meets them: installed, found in the menu, used, upgraded, removed.
//!
//! Changes the machine, so only `cargo xtask test --packages` runs it, which names the packages.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests fail by panicking")]

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use birdkey_sandbox::Approve;
use birdkey_tests::desktop::{
    Notifications, Panel, PrivateDesktop, Provider, items_of, leads_to, screenshots, service_of,
    text, until, until_some,
};
use birdkey_tests::scan::find_in_tree;

const PATIENCE: Duration = Duration::from_secs(20);
const LINK: &str = "app.birdkey:/callback";
const APP: &str = "/usr/bin/birdkey-desktop";
/// More than a picture of an empty window takes.
const BLANK_BYTES: u64 = 5_000;
const ENTRY: &str = "/usr/share/applications/birdkey.desktop";

/// A package that was built for this test.
fn package(variable: &str) -> PathBuf {
    let path = std::env::var_os(variable).map(PathBuf::from);
    path.unwrap_or_else(|| panic!("{variable} names no package: run cargo xtask test --packages"))
}

/// A program that only root may run.
fn as_root(program: &str) -> Command {
    let id = Command::new("id").arg("-u").output().unwrap();
    if text(&id.stdout) == "0" {
        return Command::new(program);
    }
    let mut sudo = Command::new("sudo");
    sudo.arg(program);
    sudo
}

fn apt(arguments: &[&str]) {
    let mut apt = as_root("apt-get");
    apt.args(["-o", "DPkg::Lock::Timeout=120", "-y", "-q"]).args(arguments);
    let done = apt.env("DEBIAN_FRONTEND", "noninteractive").output().unwrap();
    assert!(done.status.success(), "{}\n{}", text(&done.stdout), text(&done.stderr));
}

fn install(deb: &Path) {
    apt(&["--no-install-recommends", "install", &deb.display().to_string()]);
}

/// Removes it also when the test fails.
struct Installed;

impl Drop for Installed {
    fn drop(&mut self) {
        let removed = as_root("dpkg").args(["--remove", "birdkey"]).output().unwrap();
        // A second panic would hide the first.
        assert!(std::thread::panicking() || removed.status.success(), "{}", text(&removed.stderr));
    }
}

/// Runs a program of the desktop to its end.
fn run(desktop: &PrivateDesktop, line: &[&str]) -> String {
    let done = desktop.command(line[0]).args(&line[1..]).output().unwrap();
    assert!(done.status.success(), "{line:?}: {}", text(&done.stderr));
    text(&done.stdout)
}

/// What a browser does with a link that is not its own. The app that it may start outlives it, and
/// would hold pipes open.
fn follow(desktop: &PrivateDesktop, link: &str) {
    let mut gio = desktop.command("gio");
    let opened = gio.args(["open", link]).stdout(Stdio::null()).stderr(Stdio::null()).status();
    assert!(opened.unwrap().success(), "{link}");
}

/// The app's process on this desktop.
fn running(desktop: &PrivateDesktop) -> Option<u32> {
    let here = desktop.root().display().to_string();
    let found = Command::new("pgrep").args(["-f", APP]).output().unwrap();
    let environment = |pid: &str| std::fs::read(format!("/proc/{pid}/environ")).unwrap_or_default();
    let pid =
        text(&found.stdout).lines().find(|pid| text(&environment(pid)).contains(&here))?.to_owned();
    pid.parse().ok()
}

/// The file that a process runs: whether it is the one that is installed now.
fn runs_what_is_installed(pid: u32) -> bool {
    std::fs::read_link(format!("/proc/{pid}/exe")).is_ok_and(|exe| exe == Path::new(APP))
}

async fn app_of_links(desktop: &PrivateDesktop) -> Provider {
    let provider = Provider::start(Approve::Auto).await;
    run(desktop, &[&["birdkey"], &provider.add_with_link()[..]].concat());
    provider
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_person_installs_uses_upgrades_and_removes_it() {
    let (deb, newer) = (package("BIRDKEY_DEB"), package("BIRDKEY_NEWER_DEB"));
    install(&deb);
    let installed = Installed;
    let desktop = PrivateDesktop::start().await;
    let handler = run(&desktop, &["gio", "mime", "x-scheme-handler/app.birdkey"]);
    assert!(handler.contains("birdkey.desktop"), "{handler}");
    assert!(
        !desktop.root().join("home/.config/autostart").exists(),
        "it starts by itself only if told"
    );

    let provider = app_of_links(&desktop).await;
    let panel = Panel::start(&desktop).await;
    start_from_the_menu(&desktop).await;
    log_in_from_the_tray(&desktop, &panel).await;
    assert_eq!(provider.exchanges(), 1);
    let token = run(&desktop, &["birdkey", "token"]);

    upgrade_while_it_runs(&desktop, &panel, &newer).await;
    assert_eq!(run(&desktop, &["birdkey", "token"]), token, "the login went on");

    panel.click("Quit Birdkey").await;
    until("the app to end", PATIENCE, async || running(&desktop).is_none()).await;
    cold_link(&desktop, &provider).await;

    drop(installed);
    assert!(!Path::new(APP).exists() && !Path::new(ENTRY).exists(), "it is removed");
    assert_eq!(items_of(&desktop, &service_of(&desktop)).len(), 1, "the grant is the user's");
    assert!(desktop.config().join("config.toml").exists());
}

async fn start_from_the_menu(desktop: &PrivateDesktop) {
    let mut launch = desktop.command("gio");
    // It asks for a WebDriver to be let in, which no package does.
    launch.env("TAURI_WEBVIEW_AUTOMATION", "true").env("TAURI_AUTOMATION", "true");
    assert!(launch.args(["launch", ENTRY]).status().unwrap().success());
    let pid = until_some("the app", PATIENCE, async || running(desktop)).await;
    let environment = || std::fs::read(format!("/proc/{pid}/environ")).unwrap_or_default();
    until("a start without automation", PATIENCE, async || {
        !text(&environment()).contains("AUTOMATION")
    })
    .await;
    until("its window", PATIENCE, async || window(desktop).is_some()).await;
    let picture = screenshots().join("40-installed.png").display().to_string();
    until("the page to be painted", PATIENCE, async || {
        run(desktop, &["timeout", "20", "import", "-window", "root", &picture]);
        std::fs::metadata(&picture).is_ok_and(|file| file.len() > BLANK_BYTES)
    })
    .await;
}

/// The id of the app's visible window.
fn window(desktop: &PrivateDesktop) -> Option<String> {
    let mut search = desktop.command("xdotool");
    let found = search.args(["search", "--onlyvisible", "--name", "^Birdkey$"]).output().unwrap();
    text(&found.stdout).lines().last().map(str::to_owned)
}

async fn log_in_from_the_tray(desktop: &PrivateDesktop, panel: &Panel) {
    panel.click("Log in with Sandbox").await;
    let link = leads_to(&desktop.browser_url().await).await;
    assert!(link.starts_with(LINK), "{link}");
    follow(desktop, &link);
    panel.entry("Ada Demo (@demo_ada)").await;
}

async fn upgrade_while_it_runs(desktop: &PrivateDesktop, panel: &Panel, newer: &Path) {
    let before = running(desktop).unwrap();
    assert!(runs_what_is_installed(before));
    install(newer);
    assert!(!runs_what_is_installed(before), "it goes on as it was");
    panel.click("Restart: a newer version is installed").await;
    until("the newer one", PATIENCE, async || running(desktop).is_some_and(runs_what_is_installed))
        .await;
    panel.entry("Ada Demo (@demo_ada)").await;
    panel.gone("Restart: a newer version").await;
}

/// The link of a login that is gone: the person is told, no window opens, nothing is sent or written.
async fn cold_link(desktop: &PrivateDesktop, provider: &Provider) {
    let notifications = Notifications::start(desktop).await;
    let log = || std::fs::read_to_string(desktop.data().join("birdkey.log")).unwrap();
    let before = log();
    let link = format!("{LINK}?state=of-a-login-that-is-gone&code=no-secret-of-anybody");
    follow(desktop, &link);
    until("the person to be told", PATIENCE, async || !notifications.shown().is_empty()).await;
    until("its end", PATIENCE, async || running(desktop).is_none()).await;
    let shown = notifications.shown();
    assert_eq!(shown.len(), 1, "{shown:?}");
    assert!(shown[0].starts_with("The login that this link belongs to is gone."), "{shown:?}");
    assert_eq!(window(desktop), None);
    assert_eq!(log(), before);
    assert_eq!(provider.exchanges(), 1, "nothing was sent");
    let code = ["no-secret-of-anybody".to_owned()];
    assert_eq!(find_in_tree(&desktop.data(), &code), Vec::<String>::new(), "nor written down");
}
