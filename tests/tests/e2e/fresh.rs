//! Keeping fresh: ahead of expiry for what is in use, and no more than needed.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use birdkey::effects::clock::Clock as _;
use birdkey::engine::{NewApp, NewProvider};
use birdkey::token::Needs;
use birdkey::view::AccountState;
use birdkey_sandbox::Plan;
use tokio::task::JoinHandle;

use crate::stage::Stage;

/// Logged in, handed out once when `used`, and kept fresh from now on.
pub async fn kept(used: bool) -> (Stage, JoinHandle<()>) {
    let stage = Stage::with_app().await;
    stage.log_in().await.unwrap();
    if used {
        stage.engine.token(None, &Needs::default()).await.unwrap();
    }
    let engine = Arc::clone(&stage.engine);
    let keeping = tokio::spawn(async move { engine.keep_fresh().await });
    stage.clock.sleepers(1).await;
    (stage, keeping)
}

/// Refreshes answered; the first token request was the login.
pub fn refreshes(stage: &Stage) -> usize {
    let requests = stage.ledger.requests();
    let tokens = requests.iter().filter(|one| one.path == "/2/oauth2/token").count();
    tokens - 1
}

/// Lets time pass in steps; after each the engine sleeps again.
pub async fn pass(stage: &Stage, time: Duration, step: Duration) {
    let end = stage.clock.elapsed() + time;
    while stage.clock.elapsed() < end {
        stage.clock.advance(step);
        settled(stage).await;
    }
}

/// Waits until nobody has anything to do but to sleep for a time that has not come.
pub async fn settled(stage: &Stage) {
    for _ in 0..50 {
        tokio::task::yield_now().await;
    }
    // A request under way has its own limit on this clock, which must not pass meanwhile.
    while stage.somebody_refreshes() {
        tokio::task::yield_now().await;
    }
    stage.clock.sleepers(1).await;
}

#[tokio::test]
async fn an_account_in_use_is_refreshed_shortly_before_its_token_runs_out() {
    let (stage, keeping) = kept(true).await;
    let before = stage.account().token.expires_at_ms.unwrap();
    pass(&stage, Duration::from_secs(7_200 - 151), Duration::from_secs(30)).await;
    assert_eq!(refreshes(&stage), 0, "not earlier than 150 s ahead");
    pass(&stage, Duration::from_secs(62), Duration::from_secs(1)).await;
    while stage.account().token.expires_at_ms == Some(before) {
        tokio::task::yield_now().await;
    }
    assert_eq!(refreshes(&stage), 1, "not later than 90 s ahead");
    keeping.abort();
}

#[tokio::test]
async fn an_idle_account_waits_until_it_is_asked_for() {
    let (stage, keeping) = kept(false).await;
    pass(&stage, Duration::from_hours(4), Duration::from_mins(1)).await;
    assert_eq!(refreshes(&stage), 0);
    keeping.abort();
}

#[tokio::test]
async fn with_an_hour_left_ten_minutes_cost_at_most_three_wakes() {
    let (stage, keeping) = kept(true).await;
    pass(&stage, Duration::from_hours(1), Duration::from_mins(1)).await;
    let before = stage.clock.sleeps();
    pass(&stage, Duration::from_mins(10), Duration::from_secs(1)).await;
    let wakes = stage.clock.sleeps() - before;
    assert!((1..=3).contains(&wakes), "{wakes} wakes");
    keeping.abort();
}

#[tokio::test]
async fn after_a_suspend_the_network_gets_a_few_seconds_first() {
    let (stage, keeping) = kept(true).await;
    stage.clock.step_wall(3 * 3_600_000);
    stage.clock.until_sleeping(Duration::from_mins(5)).await;
    stage.clock.advance(Duration::from_mins(5));
    stage.clock.until_sleeping(Duration::from_secs(5)).await;
    assert_eq!(refreshes(&stage), 0, "nothing is sent into a network that is not there yet");
    stage.clock.advance(Duration::from_secs(5));
    while refreshes(&stage) == 0 {
        tokio::task::yield_now().await;
    }
    keeping.abort();
}

#[tokio::test]
async fn a_change_of_a_file_right_after_a_suspend_does_not_shorten_that() {
    let (stage, keeping) = kept(true).await;
    stage.clock.step_wall(3 * 3_600_000);
    stage.engine.touch();
    stage.clock.until_sleeping(Duration::from_secs(5)).await;
    assert_eq!(refreshes(&stage), 0);
    stage.clock.advance(Duration::from_secs(5));
    while refreshes(&stage) == 0 {
        tokio::task::yield_now().await;
    }
    keeping.abort();
}

#[tokio::test]
async fn an_account_that_is_due_and_can_t_be_refreshed_is_not_tried_without_end() {
    let (stage, keeping) = kept(true).await;
    let path = stage.root.path().join("config/config.toml");
    let right = std::fs::read_to_string(&path).unwrap();
    pass(&stage, Duration::from_secs(7_000), Duration::from_mins(1)).await;
    for wrong in ["", "not = [toml"] {
        std::fs::write(&path, wrong).unwrap();
        pass(&stage, Duration::from_mins(5), Duration::from_mins(1)).await;
        let before = stage.clock.sleeps();
        pass(&stage, Duration::from_mins(10), Duration::from_secs(1)).await;
        let wakes = stage.clock.sleeps() - before;
        assert!((2..=11).contains(&wakes), "{wakes} wakes with {wrong:?}");
    }
    assert_eq!(refreshes(&stage), 0);

    std::fs::write(&path, right).unwrap();
    pass(&stage, Duration::from_secs(61), Duration::from_secs(1)).await;
    assert_eq!(refreshes(&stage), 1, "fixed, it goes on");
    keeping.abort();
}

#[tokio::test]
async fn a_clock_set_back_does_not_stretch_a_pause() {
    let (stage, keeping) = kept(true).await;
    stage.sandbox.plan("token:rate-limited-old".parse::<Plan>().unwrap());
    // Two hours, less two minutes and what spreads the accounts; the pause begins with the attempt.
    pass(&stage, Duration::from_secs(7_049), Duration::from_secs(1)).await;
    for _ in 0..62 {
        if refreshes(&stage) == 0 {
            pass(&stage, Duration::from_secs(1), Duration::from_secs(1)).await;
        }
    }
    assert_eq!(refreshes(&stage), 1, "it was refused");
    stage.clock.step_wall(-30_000);
    pass(&stage, Duration::from_secs(61), Duration::from_secs(1)).await;
    assert_eq!(refreshes(&stage), 2, "a minute is a minute");
    keeping.abort();
}

#[tokio::test]
async fn a_server_that_asks_to_wait_is_left_alone_for_that_long() {
    let (stage, keeping) = kept(true).await;
    stage.sandbox.plan("token:rate-limited=300".parse::<Plan>().unwrap());
    pass(&stage, Duration::from_secs(7_200 - 151), Duration::from_secs(30)).await;
    let mut tried_at = None;
    for second in 0..450 {
        pass(&stage, Duration::from_secs(1), Duration::from_secs(1)).await;
        match (refreshes(&stage), tried_at) {
            (1, None) => tried_at = Some(second),
            (2, Some(tried)) => {
                assert!((299..330).contains(&(second - tried)), "again after {} s", second - tried);
                keeping.abort();
                return;
            }
            _ => {}
        }
    }
    panic!("it was never tried again");
}

#[tokio::test]
async fn a_keychain_that_is_locked_at_the_start_is_waited_for() {
    let stage = Stage::with_app().await;
    stage.log_in().await.unwrap();
    stage.vault.fail_with(birdkey::effects::vault::memory::Trouble::Locked);
    stage.engine.look_again().await;
    assert_eq!(stage.account().state, AccountState::VaultUnavailable);
    let engine = Arc::clone(&stage.engine);
    let keeping = tokio::spawn(async move { engine.keep_fresh().await });
    stage.clock.until_sleeping(Duration::from_secs(2)).await;
    let reads = stage.vault.calls().reads;
    pass(&stage, Duration::from_mins(10), Duration::from_secs(1)).await;
    let looks = stage.vault.calls().reads - reads;
    assert!((10..=20).contains(&looks), "{looks} looks in ten minutes");
    assert_eq!(stage.vault.calls().unlocks, 0, "nobody is asked for a password");

    stage.vault.heal();
    pass(&stage, Duration::from_mins(1), Duration::from_secs(1)).await;
    assert_eq!(stage.account().state, AccountState::Ready);
    keeping.abort();
}

#[tokio::test]
async fn without_a_network_nothing_is_started() {
    let stage = Stage::with_app().await;
    // The sandbox by the name of a machine elsewhere: it is not on loopback.
    let app = stage.engine.add_app(NewApp {
        provider: NewProvider::Sandbox { address: "https://elsewhere.invalid".into() },
        ..stage.public()
    });
    let app = app.await.unwrap();
    stage.log_in_through(&stage.view().apps[0].id).await.unwrap();
    stage.engine.token(None, &Needs::default()).await.unwrap();
    let list = stage.root.path().join("data/accounts.json");
    let text = std::fs::read_to_string(&list).unwrap();
    let first = stage.view().apps[0].id.clone();
    std::fs::write(&list, text.replace(&first, &app.id)).unwrap();
    stage.network.store(false, Ordering::SeqCst);
    let engine = Arc::clone(&stage.engine);
    let keeping = tokio::spawn(async move { engine.keep_fresh().await });
    stage.clock.sleepers(1).await;

    let reads = stage.vault.calls().reads;
    pass(&stage, Duration::from_secs(7_300), Duration::from_secs(30)).await;
    assert_eq!(stage.vault.calls().reads, reads, "not even begun");
    stage.network.store(true, Ordering::SeqCst);
    pass(&stage, Duration::from_secs(61), Duration::from_secs(1)).await;
    assert!(stage.vault.calls().reads > reads, "back again, it goes on");
    keeping.abort();
}
