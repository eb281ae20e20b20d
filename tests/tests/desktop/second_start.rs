//! A start while the app runs: it hands over to the one that is there, or says why it can't.

use std::process::Child;
use std::time::Duration;

use birdkey_tests::desktop::{Panel, PrivateDesktop, binary, text, until};

use crate::links::{hidden_with, quit};

const PATIENCE: Duration = Duration::from_secs(15);

/// As in a terminal without the session's variables.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_start_that_can_t_reach_the_app_that_runs_says_so_and_is_no_second_one() {
    let desktop = PrivateDesktop::start().await;
    let panel = Panel::start(&desktop).await;
    let mut first = hidden_with(&desktop, &[]);
    panel.entry("Nobody is logged in").await;
    let no_bus = ["DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR"];
    let program = binary("birdkey-desktop").display().to_string();

    let second = desktop.command_without(&program, &no_bus).arg("--hidden").output().unwrap();

    let said = text(&second.stderr);
    assert_eq!(second.status.code(), Some(8), "{said}");
    assert!(said.contains("Birdkey runs already, in another session."), "{said}");
    assert!(first.try_wait().unwrap().is_none(), "the first goes on");
    quit(&panel).await;
    assert!(first.wait().unwrap().success());
    let mut next = hidden_with(&desktop, &[]);
    panel.entry("Nobody is logged in").await;
    quit(&panel).await;
    assert!(next.wait().unwrap().success(), "nothing of the first is in its way");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_starts_at_once_are_one_app() {
    let desktop = PrivateDesktop::start().await;
    let panel = Panel::start(&desktop).await;
    // Each brings something along, which must reach the one that stays, however early it comes.
    let login = ["--log-in", "ab2defgh"];
    let mut starts: Vec<Child> = (0..50).map(|_| hidden_with(&desktop, &login)).collect();
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
    until("each login to arrive", PATIENCE, async || {
        let log = std::fs::read_to_string(&log).unwrap();
        log.matches("a command has given its login up").count() == 50
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
