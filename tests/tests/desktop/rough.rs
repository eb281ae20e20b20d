//! How the command is treated in life: pipes that close, full disks, odd arguments, interruptions.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use birdkey_sandbox::{Canned, Route};
use birdkey_tests::desktop::{
    PrivateDesktop, binary, birdkey, line, log_in, logged_in, start, text, until,
};

const PATIENCE: Duration = Duration::from_secs(10);

fn shell(desktop: &PrivateDesktop, line: &str) -> Output {
    let birdkey = binary("birdkey").display().to_string();
    desktop.command("bash").env("BIRDKEY", birdkey).args(["-c", line]).output().unwrap()
}

fn is_calm(output: &Output) {
    let said = text(&output.stderr);
    assert!(!said.contains("panicked") && !said.contains("RUST_BACKTRACE"), "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reader_that_goes_away_is_no_failure_and_a_full_disk_is_one() {
    let (desktop, _provider) = logged_in().await;
    for what in ["token", "status --json", "app list", "--help", "api /2/users/me", "activity"] {
        let closed = shell(&desktop, &format!("$BIRDKEY {what} >&-"));
        assert_eq!(closed.status.code(), Some(0), "{what}: {}", text(&closed.stderr));
        is_calm(&closed);
        let line = format!("set -o pipefail; $BIRDKEY {what} | head -c 1");
        let cut = shell(&desktop, &line);
        assert_eq!((cut.status.code(), cut.stdout.len()), (Some(0), 1), "{what}");
        is_calm(&cut);
    }
    for what in ["token", "status --json", "api /2/users/me"] {
        let full = shell(&desktop, &format!("$BIRDKEY {what} > /dev/full"));
        assert_eq!(full.status.code(), Some(3), "{what}: {}", text(&full.stderr));
        assert!(text(&full.stderr).contains("could not be written"), "{}", text(&full.stderr));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_logout_left_alive_is_not_lost_with_its_output() {
    let (desktop, provider) = logged_in().await;
    let notices = || {
        let status = shell(&desktop, "$BIRDKEY status --json");
        let shown: serde_json::Value = serde_json::from_slice(&status.stdout).unwrap();
        shown["notices"].as_array().unwrap().len()
    };
    for _ in ["refresh token", "access token"] {
        let body = br#"{"error":"unsupported_token_type"}"#.to_vec();
        let refusal = Canned { status: 400, headers: vec![], body, hold: None };
        provider.sandbox.answer_next(Route::Revoke, refusal);
    }

    let full = shell(&desktop, "$BIRDKEY logout --json > /dev/full");

    assert_eq!(full.status.code(), Some(3), "{}", text(&full.stderr));
    assert_eq!(notices(), 1, "it was not read");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn arguments_that_are_no_text_and_endless_input_are_refused_in_words() {
    let (desktop, _provider) = logged_in().await;
    let odd = OsStr::from_bytes(b"@a\xff\xfeda");
    let program = binary("birdkey").display().to_string();
    for before in [&["token", "--account"][..], &["login", "--app"], &["api"]] {
        let output = desktop.command(&program).args(before).arg(odd).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{before:?}: {}", text(&output.stderr));
        assert!(text(&output.stderr).starts_with("error: "), "{}", text(&output.stderr));
        is_calm(&output);
    }
    // A program's own arguments are passed on, whatever they are.
    let passed = desktop.command(&program).args(["exec", "--", "printf", "%s"]).arg(odd).output();
    assert_eq!(passed.unwrap().stdout, odd.as_bytes());

    let much = "x".repeat(10 * 1024 * 1024);
    let add = ["app", "add", "--client-id", "Y2xpZW50", "--confidential", "--client-secret-file"];
    let secret = give_all(&desktop, &[&add[..], &["-"]].concat(), &much);
    assert_eq!(secret.status.code(), Some(3), "{}", text(&secret.stderr));
    is_calm(&secret);
    let unread = give_all(&desktop, &["token"], &much);
    assert!(unread.status.success(), "input that nobody asked for is left alone");
    // The server refuses it, in words or by hanging up; either way nobody panics.
    let body = give_all(&desktop, &["api", "/2/users/me", "-X", "POST", "-d", "-"], &much);
    is_calm(&body);
    assert!(matches!(body.status.code(), Some(5 | 6)), "{}", text(&body.stderr));
}

/// A command that does not read all of it closes the pipe.
fn give_all(desktop: &PrivateDesktop, arguments: &[&str], input: &str) -> Output {
    use std::io::Write as _;
    let mut child = start(desktop, arguments);
    child.stdin.take().unwrap().write_all(input.as_bytes()).ok();
    child.wait_with_output().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_interrupted_login_or_refresh_loses_nothing() {
    let (desktop, provider) = logged_in().await;
    let interrupt = |pid: u32| {
        let sent = Command::new("kill").args(["-INT", &pid.to_string()]).status();
        assert!(sent.unwrap().success());
    };

    // A login that waits for the browser ends at once, and the port is free again.
    let mut login = start(&desktop, &["login", "--no-browser"]);
    line(&mut login);
    interrupt(login.id());
    let ended = login.wait_with_output().unwrap();
    assert_eq!(ended.status.code(), Some(5), "{}", text(&ended.stderr));
    is_calm(&ended);
    let port = provider.redirect_uri.trim_start_matches("http://").trim_end_matches("/callback");
    std::net::TcpListener::bind(port).unwrap();

    // A refresh whose answer is on its way waits for it, and stores it.
    // The request is counted before the delay, which is long enough for the signal to come first.
    provider.sandbox.plan("token:delay=2000".parse().unwrap());
    let before = text(&birdkey(&desktop, &["token"]).stdout);
    let refresh = start(&desktop, &["refresh"]);
    until("the refresh to be sent", PATIENCE, async || provider.refreshes() == 1).await;
    interrupt(refresh.id());
    let ended = refresh.wait_with_output().unwrap();
    assert_eq!(ended.status.code(), Some(130), "{}", text(&ended.stderr));
    assert!(text(&ended.stderr).contains("Waiting for the answer"), "{}", text(&ended.stderr));
    let after = text(&birdkey(&desktop, &["token"]).stdout);
    assert_ne!(before, after, "the new token is the one that is handed out");
    assert!(birdkey(&desktop, &["refresh"]).status.success(), "and its refresh token works");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn verbose_shows_each_request_without_its_secrets() {
    let (desktop, provider) = logged_in().await;
    let output = birdkey(&desktop, &["refresh", "--verbose"]);
    assert!(output.status.success());
    let said = text(&output.stderr);
    let token = format!("POST {}/2/oauth2/token", provider.address);
    assert!(said.contains(&token) && said.contains("refresh_token=[redacted]"), "{said}");
    assert!(said.contains("Bearer [redacted]") && said.contains("status=200"), "{said}");
    assert!(provider.secrets().iter().all(|secret| !said.contains(secret)), "{said}");
    let (login, _) = log_in(&desktop, &["--verbose"]).await;
    let request = birdkey(&desktop, &["api", "/2/users/me", "-v"]);
    let said = format!("{}{}", text(&login.stderr), text(&request.stderr));
    assert!(said.contains("code_verifier=[redacted]"), "{said}");
    assert!(said.contains(&format!("GET {}/2/users/me", provider.address)), "{said}");
    assert!(provider.secrets().iter().all(|secret| !said.contains(secret)), "{said}");
    let quiet = birdkey(&desktop, &["refresh"]);
    assert_eq!(text(&quiet.stderr).lines().count(), 1, "{}", text(&quiet.stderr));
}

#[test]
fn the_command_needs_neither_gtk_nor_webkit() {
    let libraries = Command::new("ldd").arg(binary("birdkey")).stdin(Stdio::null()).output();
    let libraries = text(&libraries.unwrap().stdout).to_lowercase();
    assert!(libraries.contains("libc.so"), "{libraries}");
    for unwanted in ["gtk", "webkit", "gdk", "glib", "dbus", "ssl"] {
        assert!(!libraries.contains(unwanted), "{libraries}");
    }
}
