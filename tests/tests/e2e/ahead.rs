//! Keeping fresh with several accounts, and with a clock that was set back.

use std::sync::Arc;
use std::time::Duration;

use birdkey::token::Needs;
use birdkey_sandbox::{Canned, Route};
use tokio::sync::Notify;

use crate::fresh::{kept, pass, refreshes};
use crate::login::canned;
use crate::stage::{Stage, soon};

/// Issue 17: they went one after the other.
#[tokio::test]
async fn a_server_that_does_not_answer_delays_no_other_account() {
    let stage = Stage::with_app().await;
    for user in ["demo_ada", "demo_grace"] {
        stage.sandbox.set_auto_user(user);
        let id = stage.log_in().await.unwrap();
        stage.engine.token(Some(&id), &Needs::default()).await.unwrap();
    }
    let engine = Arc::clone(&stage.engine);
    let keeping = tokio::spawn(async move { engine.keep_fresh().await });
    stage.clock.sleepers(1).await;
    let never = Canned { hold: Some(Arc::new(Notify::new())), ..canned(503, "") };
    stage.sandbox.answer_next(Route::Token, never);
    let expiries = || {
        let accounts = stage.view().accounts;
        accounts.into_iter().map(|one| one.token.expires_at_ms).collect::<Vec<_>>()
    };
    let before = expiries();

    stage.clock.advance(Duration::from_mins(119));

    soon("the refresh of the other account", async {
        while expiries() == before {
            tokio::task::yield_now().await;
        }
    })
    .await;
    let renewed = expiries().iter().zip(&before).filter(|(now, before)| now != before).count();
    assert_eq!(renewed, 1, "the other one still waits for its answer");
    assert!(stage.engine.is_exchanging());
    keeping.abort();
}

/// Issue 17: the next program that asks would have to wait for a new token.
#[tokio::test]
async fn a_pair_from_the_future_is_refreshed_ahead() {
    let (stage, keeping) = kept(true).await;
    stage.clock.step_wall(-3_600_000);
    pass(&stage, Duration::from_secs(301), Duration::from_secs(1)).await;
    assert_eq!(refreshes(&stage), 1, "once, before anybody asks");
    stage.token().await.unwrap();
    assert_eq!(refreshes(&stage), 1);
    keeping.abort();
}
