//! The keychain killed, locked, restarted and frozen: an answer in time, nothing lost, and healed
//! without a restart of ours.

use std::process::Stdio;
use std::time::{Duration, Instant};

use super::ground::{Ended, Ground, ended};
use crate::desktop::until_some;

/// Within this time there is an answer, whatever the keychain does.
const ANSWER: Duration = Duration::from_secs(5);
/// The sandbox takes this long to answer a refresh, so that the keychain can fail meanwhile.
const DELAY: Duration = Duration::from_millis(700);

/// Ends within the limit, and so.
fn answers(ground: &Ground, arguments: &[&str], expected: &[Ended], when: &str) -> Duration {
    let began = Instant::now();
    let found = ground.ends(arguments);
    let took = began.elapsed();
    assert!(expected.contains(&found), "{arguments:?} {when}: {found:?}");
    assert!(took < ANSWER, "{arguments:?} {when} took {took:?}");
    took
}

/// Lets something happen to the keychain while the server works on a refresh.
async fn in_the_middle(ground: &Ground, happens: impl FnOnce()) -> (Ended, Duration) {
    ground.plan(&format!("token:delay={}", DELAY.as_millis()));
    let before = ground.provider.refreshes();
    let mut command = ground.command(&["refresh", "--json"]);
    let began = Instant::now();
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // Its note is written last before it sends.
    until_some("the refresh to be sent", ANSWER, async || (ground.intents() == 1).then_some(()))
        .await;
    happens();
    let output = child.wait_with_output().unwrap();
    assert_eq!(ground.provider.refreshes(), before + 1);
    (ended(&output), began.elapsed())
}

pub(super) async fn run(ground: Ground) -> Vec<String> {
    let desktop = &ground.desktop;
    let mut longest = Duration::ZERO;
    let mut note = |took: Duration| longest = longest.max(took);

    // Frozen: every operation says so in time, and works when the keychain does again.
    desktop.signal_keyring("STOP");
    for arguments in [&["token"][..], &["refresh"], &["logout"]] {
        note(answers(&ground, arguments, &[Ended::with(7, "vault_timed_out")], "while frozen"));
    }
    desktop.signal_keyring("CONT");
    ground.succeeds(&["refresh"]);

    // Frozen, killed or locked between the server's rotation and our write: the pair waits.
    let waits = Ended::with(7, "refresh_waits");
    for name in ["frozen", "killed", "locked"] {
        let (found, took) = in_the_middle(&ground, || match name {
            "frozen" => desktop.signal_keyring("STOP"),
            "killed" => desktop.signal_keyring("KILL"),
            _ => desktop.lock_keyring(),
        })
        .await;
        assert_eq!(found, waits, "{name} in the middle of a refresh");
        assert!(took < ANSWER + DELAY, "{name}: {took:?}");
        note(took);
        match name {
            "frozen" => desktop.signal_keyring("CONT"),
            _ => desktop.restart_keyring().await,
        }
        ground.succeeds(&["token"]);
        ground.succeeds(&["refresh"]);
    }

    // Gone, then locked: no prompt, no loss; then there again.
    desktop.signal_keyring("KILL");
    let gone = [
        Ended::with(7, "vault_missing"),
        Ended::with(7, "vault_locked"),
        Ended::with(7, "vault_no_collection"),
    ];
    note(answers(&ground, &["token"], &gone, "while killed"));
    desktop.restart_keyring().await;
    ground.succeeds(&["refresh"]);
    desktop.lock_keyring();
    for arguments in [&["token"][..], &["refresh"]] {
        note(answers(&ground, arguments, &[Ended::with(7, "vault_locked")], "while locked"));
    }
    desktop.restart_keyring().await;
    ground.succeeds(&["refresh"]);
    ground.assert_no_leak();
    vec![format!(
        "keychain frozen, killed, locked, restarted, between and amid token, refresh and logout: longest answer {:.1} s, nothing lost",
        longest.as_secs_f64()
    )]
}
