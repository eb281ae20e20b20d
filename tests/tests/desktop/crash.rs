//! A refresh killed at any instant: the account works, or says truly why it does not.

use std::process::Stdio;
use std::time::Duration;

use birdkey_sandbox::{Approve, DEMO_CLIENT_ID};
use birdkey_tests::desktop::{
    PrivateDesktop, Provider, binary, birdkey, find_in_tree, items_of, log_in, service_of, text,
};

/// The instants of the kills are spread over this time in steps of a millisecond.
const KILLS: u64 = 40;

/// Starts a refresh and kills it after a while; true when it was still running.
fn killed(desktop: &PrivateDesktop, after: Duration) -> bool {
    let program = binary("birdkey").display().to_string();
    let mut command = desktop.command(&program);
    command.arg("refresh").stdout(Stdio::null()).stderr(Stdio::null());
    let mut refresh = command.spawn().unwrap();
    // The instant of the kill is the thing under test; nothing is waited for.
    std::thread::sleep(after);
    let running = refresh.try_wait().unwrap().is_none();
    refresh.kill().unwrap();
    refresh.wait().unwrap();
    running
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refresh_killed_at_any_instant_loses_nothing_that_the_server_did_not_take() {
    let desktop = PrivateDesktop::start().await;
    let provider = Provider::start(Approve::Auto).await;
    assert!(birdkey(&desktop, &provider.add(DEMO_CLIENT_ID)).status.success());
    log_in(&desktop, &[]).await;
    let (mut in_time, mut lost) = (0, 0);
    for instant in 0..KILLS {
        in_time += usize::from(killed(&desktop, Duration::from_millis(instant)));
        let newest = provider.newest_refresh_token();
        let held = items_of(&desktop, &service_of(&desktop)).remove(0).secret.contains(&newest);

        let next = birdkey(&desktop, &["refresh", "--json"]);

        if next.status.success() {
            assert!(held, "{instant} ms: what works is what the vault held");
            continue;
        }
        let said = text(&next.stderr);
        assert_eq!(next.status.code(), Some(4), "{instant} ms: {said}");
        assert!(said.contains("refresh_reply_lost"), "{instant} ms: {said}");
        assert!(!held, "{instant} ms: the server rotated and the vault never saw it");
        lost += 1;
        birdkey(&desktop, &["logout"]);
        log_in(&desktop, &[]).await;
    }
    assert!(in_time > 0, "some kills hit");
    println!("{in_time} of {KILLS} kills hit a running refresh; {lost} replies were lost");
    assert!(find_in_tree(&desktop.data(), &provider.secrets()).is_empty(), "no token in a file");
}
