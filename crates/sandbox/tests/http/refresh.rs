//! Refresh: rotation, reuse and lifetimes.

use std::time::Duration;

use birdkey_sandbox::{DEMO_CLIENT_ID, Knobs};

use crate::support::{Bench, CONFIDENTIAL_ID, SECRET, with};

#[tokio::test]
async fn a_refresh_replaces_the_refresh_token_and_leaves_the_access_token_alive() {
    let bench = Bench::start().await;
    let first = bench.login().await;
    let answer = bench.refresh(first["refresh_token"].as_str().unwrap()).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let second = answer.json();

    assert_ne!(second["refresh_token"], first["refresh_token"]);
    assert_ne!(second["access_token"], first["access_token"]);
    assert_eq!(bench.refresh(first["refresh_token"].as_str().unwrap()).await.status, 400);
    for grant in [&first, &second] {
        assert_eq!(bench.users_me_status(grant["access_token"].as_str().unwrap()).await, 200);
    }
    // Reuse alone ends nothing by default.
    assert_eq!(bench.refresh(second["refresh_token"].as_str().unwrap()).await.status, 200);
}

#[tokio::test]
async fn a_reused_refresh_token_can_be_set_to_end_the_grant() {
    let bench = Bench::start().await;
    bench.sandbox.set_knobs(Knobs { family_revoke: true, ..Knobs::default() });
    let first = bench.login().await;
    let second = bench.refresh(first["refresh_token"].as_str().unwrap()).await.json();
    assert_eq!(bench.refresh(first["refresh_token"].as_str().unwrap()).await.status, 400);
    assert_eq!(bench.refresh(second["refresh_token"].as_str().unwrap()).await.status, 400);
    assert_eq!(bench.users_me_status(second["access_token"].as_str().unwrap()).await, 401);
}

#[tokio::test]
async fn within_the_grace_the_replaced_token_still_refreshes() {
    let bench = Bench::start().await;
    let rotation_grace = Duration::from_secs(10);
    bench.sandbox.set_knobs(Knobs { rotation_grace, ..Knobs::default() });
    let first = bench.login().await;
    let replaced = first["refresh_token"].as_str().unwrap();
    assert_eq!(bench.refresh(replaced).await.status, 200);
    bench.clock.advance(Duration::from_millis(9_999));
    assert_eq!(bench.refresh(replaced).await.status, 200);
    bench.clock.advance(Duration::from_millis(1));
    assert_eq!(bench.refresh(replaced).await.status, 400);
}

#[tokio::test]
async fn a_refresh_can_be_set_to_end_the_earlier_access_token() {
    let bench = Bench::start().await;
    bench.sandbox.set_knobs(Knobs { old_access_dies: true, ..Knobs::default() });
    let first = bench.login().await;
    assert_eq!(bench.refresh(first["refresh_token"].as_str().unwrap()).await.status, 200);
    assert_eq!(bench.users_me_status(first["access_token"].as_str().unwrap()).await, 401);
}

#[tokio::test]
async fn an_access_token_lives_two_hours_and_its_refresh_token_on() {
    let bench = Bench::start().await;
    let grant = bench.login().await;
    let access = grant["access_token"].as_str().unwrap();
    bench.clock.advance(Duration::from_millis(7_199_999));
    assert_eq!(bench.users_me_status(access).await, 200);
    bench.clock.advance(Duration::from_millis(1));
    assert_eq!(bench.users_me_status(access).await, 401);
    bench.clock.advance(Duration::from_hours(24 * 180));
    assert_eq!(bench.refresh(grant["refresh_token"].as_str().unwrap()).await.status, 200);
}

#[tokio::test]
async fn a_refresh_token_dies_after_six_months() {
    let bench = Bench::start().await;
    let grant = bench.login().await;
    bench.clock.advance(Duration::from_hours(24 * 182));
    assert_eq!(bench.refresh(grant["refresh_token"].as_str().unwrap()).await.status, 400);
}

#[tokio::test]
async fn the_refresh_token_of_another_app_is_refused_and_stays_alive() {
    let bench = Bench::start().await;
    let grant = bench.login().await;
    let refresh_token = grant["refresh_token"].as_str().unwrap();
    let pairs = vec![
        ("grant_type", "refresh_token"),
        ("refresh_token", refresh_token),
        ("client_id", DEMO_CLIENT_ID),
    ];
    bench.sandbox.register(birdkey_sandbox::Registration {
        client_id: "another".to_owned(),
        ..birdkey_sandbox::demo_registration(Vec::new())
    });
    let other = bench.token(&with(pairs.clone(), &[("client_id", "another")])).await;
    assert_eq!(other.json()["error"], "invalid_client");
    let header_only = bench.token(&with(pairs, &[("client_id", CONFIDENTIAL_ID)])).await;
    assert_eq!(header_only.status, 401);
    assert!(!header_only.text.contains(SECRET));
    assert_eq!(bench.refresh(refresh_token).await.status, 200);
}
