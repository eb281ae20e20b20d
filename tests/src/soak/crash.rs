//! A refresh killed at any instant: the account works, or says truly why it does not.

use std::time::{Duration, Instant};

use super::ground::{Ended, Ground};
use super::kills::{killed, median, spread};
use crate::desktop::{birdkey, text};

/// Refreshes that are measured.
const MEASURED: usize = 25;

/// How long a refresh takes, and of that the time from the reply to the pair in the vault.
fn measured(ground: &Ground) -> (Duration, Duration) {
    let (mut whole, mut storing) = (Vec::new(), Vec::new());
    for _ in 0..MEASURED {
        let began = Instant::now();
        let mut command = ground.command(&["refresh"]);
        let output = command.env("BIRDKEY_LOG", "birdkey=debug").output().unwrap();
        whole.push(began.elapsed());
        let log = text(&output.stderr);
        let (_, rest) = log.split_once("store_microseconds=").unwrap_or_else(|| panic!("{log}"));
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        storing.push(Duration::from_micros(digits.parse().unwrap()));
    }
    (median(whole), median(storing))
}

pub(super) async fn run(ground: Ground, kills: usize, grace: bool) -> Vec<String> {
    // Another account, which nothing that happens to the first may cost.
    ground.provider.sandbox.set_auto_user("demo_grace");
    ground.log_in().await;
    ground.provider.sandbox.set_auto_user("demo_ada");
    // By ids: the sandbox answers a limited number of profiles, so later logins have no name.
    let ids = || birdkey::store::accounts::read(&ground.desktop.data()).unwrap().accounts;
    let other = ids().pop().unwrap().id;
    let first = || ids().into_iter().find(|account| account.id != other).unwrap().id;
    ground.succeeds(&["switch", &first()]);
    if grace {
        ground.plan("rotation-grace=60");
    }
    let (whole, storing) = measured(&ground);
    let (mut hits, mut lost) = (0, 0);
    for n in 0..kills {
        let killed = killed(&ground, &["refresh"], whole.mul_f64(1.1 * spread(n)));
        hits += usize::from(killed.hit);
        let next = ground.ends(&["refresh"]);
        // Asked afterwards: what the killed process sent may have been still on its way before.
        let newest = ground.provider.newest_refresh_token();
        let held = ground.held().await.iter().any(|item| item.contains(&newest));
        if next == Ended::well() {
            assert!(held, "kill {n}: what was issued last is what the vault holds");
            continue;
        }
        assert_eq!(next, Ended::with(4, "refresh_reply_lost"), "kill {n}");
        assert!(!held && !grace, "kill {n}: the server rotated and the vault never saw it");
        lost += 1;
        // What never arrived can't be revoked, and the logout says so by its exit code too.
        let logout = birdkey(&ground.desktop, &["logout", "--json"]);
        let said = text(&logout.stdout);
        assert!(said.contains("\"newer_tokens_may_live\""), "kill {n}: {said}");
        ground.log_in().await;
        ground.succeeds(&["switch", &first()]);
    }
    ground.succeeds(&["token", "--account", &other]);
    ground.succeeds(&["refresh", "--account", &other]);
    ground.assert_no_leak().await;
    assert!(hits * 3 > kills, "{hits} of {kills} kills hit a running refresh");
    vec![
        format!(
            "crash, {}, grace {}: {kills} kills, {hits} hit a running refresh, {lost} replies lost, each of them told as such; the other account works, no secret in a file",
            ground.kind,
            if grace { "on" } else { "off" }
        ),
        format!(
            "  medians of {MEASURED}: a refresh {:.1} ms, from the reply to the pair in the vault {:.1} ms",
            whole.as_secs_f64() * 1e3,
            storing.as_secs_f64() * 1e3
        ),
    ]
}
