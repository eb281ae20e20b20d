//! The browser as a user's own scripts see it.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use tempfile::TempDir;

use super::launch::EARLY;
use super::{Browser as _, BrowserError, SystemBrowser};
use crate::effects::manual_clock::ManualClock;

const URL: &str = "https://x.com/i/oauth2/authorize?a=%20b&c='d'&e=$(id)`id`;f g\"h\\%s*";

/// A folder with scripts in it, and what they wrote.
struct Desk(TempDir);

impl Desk {
    fn new() -> Self {
        Self(TempDir::new().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Writes a script; `$OUT` in it is this folder.
    fn script(&self, name: &str, body: &str) -> String {
        let path = self.path(name);
        let body = body.replace("$OUT", self.0.path().to_str().unwrap());
        // Written by another process: a test that forks while we hold it open would make it "text file busy".
        let written = Command::new("/bin/sh")
            .args(["-c", "printf '#!/bin/sh\n%s\n' \"$2\" >\"$1\" && chmod 755 \"$1\"", "sh"])
            .args([path.as_os_str(), body.as_ref()])
            .status();
        assert!(written.unwrap().success());
        path.to_str().unwrap().to_owned()
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap_or_default()
    }
}

fn variables(extra: &[(&str, &str)]) -> Vec<(OsString, OsString)> {
    let base = [("PATH", "/usr/bin:/bin"), ("HOME", "/nowhere")];
    base.iter().chain(extra).map(|(name, value)| (name.into(), value.into())).collect()
}

/// Time stands still: a script is waited for however long it takes.
fn browser(extra: &[(&str, &str)]) -> SystemBrowser {
    SystemBrowser::new(Arc::new(ManualClock::at(0)), variables(extra))
}

#[tokio::test]
async fn the_address_arrives_byte_for_byte_and_no_shell_reads_it() {
    let desk = Desk::new();
    let script = desk.script("show", "printf '%s|' \"$@\" >$OUT/seen");
    let cases = [
        (script.clone(), format!("{URL}|")),
        (format!("{script} -n '%s' $HOME"), format!("-n|{URL}|$HOME|")),
        (format!("{script} --page=%s"), format!("--page={URL}|")),
    ];
    for (list, expected) in cases {
        browser(&[("BROWSER", &list)]).open(URL).await.unwrap();
        assert_eq!(desk.read("seen"), expected, "{list}");
    }
}

#[tokio::test]
async fn commands_are_tried_in_order_until_one_does_not_fail() {
    let desk = Desk::new();
    let failing = desk.script("failing", "echo failing >>$OUT/seen; exit 3");
    let good = desk.script("good", "echo good >>$OUT/seen");
    let never = desk.script("never", "echo never >>$OUT/seen");
    let list = format!("/nowhere/at/all:{failing}:{good}:{never}");

    browser(&[("BROWSER", &list)]).open(URL).await.unwrap();

    assert_eq!(desk.read("seen"), "failing\ngood\n");
}

#[tokio::test]
async fn when_all_fail_the_program_of_browser_is_named_without_its_arguments() {
    let desk = Desk::new();
    let failing = desk.script("failing", "exit 1");
    desk.script("xdg-open", "echo xdg-open $BROWSER >>$OUT/seen; exit 4");
    let folder = desk.0.path().to_str().unwrap().to_owned();
    for named in [failing.as_str(), "/nowhere/at/all"] {
        let list = format!("{named} --secret");
        let variables = [("BROWSER", list.as_str()), ("DISPLAY", ":1"), ("PATH", &folder)];
        let refused = browser(&variables).open(URL).await;
        assert!(
            matches!(&refused, Err(BrowserError::Failed { program }) if program == named),
            "{refused:?}"
        );
    }
    if cfg!(target_os = "linux") {
        assert_eq!(desk.read("seen"), "xdg-open\nxdg-open\n", "the desktop was tried, too");
    }
}

#[tokio::test]
async fn a_browser_that_keeps_running_counts_as_started_and_is_left_alone() {
    let desk = Desk::new();
    let fifo = desk.path("gate");
    assert!(Command::new("mkfifo").arg(&fifo).status().unwrap().success());
    let script = desk.script("run", "ps -o pgid= -p $$ >$OUT/group; echo $$ >$OUT/pid; read line <$OUT/gate; echo end >$OUT/seen");
    let clock = ManualClock::at(0);
    let browser = SystemBrowser::new(Arc::new(clock.clone()), variables(&[("BROWSER", &script)]));

    let opened = tokio::spawn(async move { browser.open(URL).await });
    clock.until_sleeping(EARLY).await;
    clock.advance(EARLY);
    opened.await.unwrap().unwrap();

    std::fs::write(&fifo, "go\n").unwrap();
    until_there(&desk.path("seen"));
    assert_eq!(desk.read("group").trim(), desk.read("pid").trim(), "a process group of its own");
}

fn until_there(path: &Path) {
    while !path.exists() {
        std::thread::yield_now();
    }
}

#[tokio::test]
async fn the_browser_does_not_inherit_variables_of_our_bundle() {
    let desk = Desk::new();
    let script = desk.script("show", "env >$OUT/seen");
    let ours = [
        ("BROWSER", script.as_str()),
        ("LD_LIBRARY_PATH", "/ours"),
        ("GTK_PATH", "/ours"),
        ("GIO_MODULE_DIR", "/ours"),
        ("PYTHONHOME", "/ours"),
        ("TAURI_AUTOMATION", "true"),
        ("TAURI_WEBVIEW_AUTOMATION", "true"),
        ("LANG", "de_DE.UTF-8"),
    ];

    browser(&ours).open(URL).await.unwrap();

    let seen = desk.read("seen");
    assert!(!seen.contains("/ours") && !seen.contains("TAURI"), "{seen}");
    assert!(seen.contains("LANG=de_DE.UTF-8") && seen.contains("HOME=/nowhere"), "{seen}");
}

#[tokio::test]
async fn without_display_and_browser_none_is_found() {
    for extra in [&[][..], &[("BROWSER", " ")], &[("DISPLAY", "")]] {
        if cfg!(target_os = "macos") && extra.iter().all(|(name, _)| *name != "BROWSER") {
            continue; // There is always a display there.
        }
        let refused = browser(extra).open(URL).await;
        assert!(matches!(refused, Err(BrowserError::NotFound)), "{extra:?}: {refused:?}");
    }
}

#[tokio::test]
async fn the_desktop_opener_is_used_when_browser_is_not_set() {
    let desk = Desk::new();
    desk.script("xdg-open", "echo xdg-open >>$OUT/seen; exit 4");
    desk.script("gio", "echo gio $1 >>$OUT/seen; exit 2");
    desk.script(
        "open",
        "echo xdg-open >>$OUT/seen; echo gio open >>$OUT/seen; echo last >>$OUT/seen",
    );
    desk.script("sensible-browser", "echo last >>$OUT/seen");
    let folder = desk.0.path().to_str().unwrap().to_owned();

    browser(&[("PATH", &folder), ("WAYLAND_DISPLAY", "wayland-0")]).open(URL).await.unwrap();

    assert_eq!(desk.read("seen"), "xdg-open\ngio open\nlast\n");
}

#[tokio::test]
async fn the_desktop_opens_the_page_when_browser_cannot_be_started() {
    let desk = Desk::new();
    let failing = desk.script("failing", "exit 1");
    for opener in ["xdg-open", "open"] {
        desk.script(opener, "echo opened ${BROWSER:-without BROWSER} >>$OUT/seen");
    }
    let folder = desk.0.path().to_str().unwrap().to_owned();
    for named in [failing.as_str(), "/nowhere/at/all", "/"] {
        let browser = browser(&[("BROWSER", named), ("DISPLAY", ":1"), ("PATH", &folder)]);
        browser.open(URL).await.unwrap();
        assert_eq!(browser.found().unwrap(), if named == failing { named } else { "xdg-open" });
    }

    assert_eq!(desk.read("seen"), "opened without BROWSER\n".repeat(3));
}

#[tokio::test]
async fn only_pages_of_the_web_are_opened() {
    let desk = Desk::new();
    let script = desk.script("show", "echo opened >$OUT/seen");
    let addresses = [
        "file:///etc/passwd",
        "javascript:alert(1)",
        "-version",
        "x.com",
        " https://x.com",
        "https://",
        "http://a\nb",
        "",
    ];
    for address in addresses {
        let refused = browser(&[("BROWSER", &script)]).open(address).await;
        assert!(matches!(refused, Err(BrowserError::NotWeb)), "{address:?}: {refused:?}");
    }
    assert_eq!(desk.read("seen"), "");
}
