//! A refresh that was begun on another machine with the same folders, or before a restart: whoever
//! did may still be at it, although its lock looks free.

use std::sync::Arc;
use std::time::Duration;

use birdkey::Engine;
use birdkey::effects::clock::Clock as _;
use birdkey::problem::Code;
use birdkey::token::Needs;

use crate::stage::{Stage, soon};

/// How long a request may be under way.
const LIMIT: Duration = Duration::from_secs(35);

/// Logged in `age` ago; a refresh has just been begun by the host of the stage, and cut off.
async fn cut_off(age: Duration) -> Stage {
    let stage = Stage::with_app().await;
    stage.log_in().await.unwrap();
    let serial = stage.token().await.unwrap().serial;
    stage.clock.advance(age);
    let note = serde_json::json!({
        "serial": serial, "at_ms": stage.clock.now_unix_ms(), "machine": "this", "boot": "now",
    });
    let path = stage.root.path().join(format!("data/locks/{}.intent", stage.account().id));
    std::fs::write(path, note.to_string()).unwrap();
    stage
}

async fn serial(engine: &Engine) -> String {
    let handed_out = engine.token(None, &Needs::default()).await.unwrap();
    assert_eq!(handed_out.warning, None);
    handed_out.serial
}

/// Issue 17, decision 4.
#[tokio::test]
async fn a_refresh_begun_elsewhere_is_left_alone_for_one_request_then_resolved() {
    for (machine, boot) in [("other", "now"), ("this", "before"), ("other", "before")] {
        let stage = cut_off(Duration::from_mins(1)).await;
        let before = stage.token_requests();
        let engine = stage.engine_on(machine, boot);
        let old = serial(&engine).await;
        stage.clock.advance(LIMIT.saturating_sub(Duration::from_millis(1)));
        assert_eq!(serial(&engine).await, old, "{machine} {boot}: valid, and handed out");
        assert_eq!((stage.token_requests(), stage.intents()), (before, 1), "{machine} {boot}");

        stage.clock.advance(Duration::from_millis(1));

        assert_ne!(serial(&engine).await, old, "{machine} {boot}: it asked what came of it");
        assert_eq!((stage.token_requests(), stage.intents()), (before + 1, 0), "{machine} {boot}");
        assert!(stage.works_at_the_server(&stage.token().await.unwrap()).await);
    }
}

/// The contrast: on this machine a free lock says that nobody is at it.
#[tokio::test]
async fn a_refresh_cut_off_on_this_machine_is_resolved_at_once() {
    let stage = cut_off(Duration::from_mins(1)).await;
    serial(&stage.engine).await;
    assert_eq!((stage.token_requests(), stage.intents()), (2, 0));
}

/// Issue 17, decision 4.
#[tokio::test]
async fn who_needs_a_new_token_waits_for_a_refresh_begun_elsewhere() {
    let stage = cut_off(Duration::from_hours(2)).await;
    let engine = stage.engine_on("other", "now");
    let asked = Arc::clone(&engine);
    let asked = tokio::spawn(async move { asked.token(None, &Needs::default()).await });
    soon("a wait for the other machine", stage.clock.until_sleeping(LIMIT)).await;
    assert_eq!(stage.token_requests(), 1, "not before");
    stage.clock.advance(LIMIT);
    assert!(stage.works_at_the_server(&asked.await.unwrap().unwrap()).await);
    assert_eq!((stage.token_requests(), stage.intents()), (2, 0));

    // Who goes away meanwhile has begun nothing: it was before the note of its own.
    let stage = cut_off(Duration::from_hours(2)).await;
    let engine = stage.engine_on("other", "now");
    let left = tokio::spawn(async move { engine.token(None, &Needs::default()).await.map(drop) });
    soon("a wait for the other machine", stage.clock.until_sleeping(LIMIT)).await;
    left.abort();
    left.await.unwrap_err();
    stage.clock.advance(LIMIT);
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    assert_eq!((stage.token_requests(), stage.intents()), (1, 1), "only the old note is there");
}

/// Issue 17, decision 4: what it may have brought about is lost without a word otherwise.
#[tokio::test]
async fn a_refresh_begun_elsewhere_that_rotated_is_named_as_the_cause() {
    let stage = cut_off(Duration::from_mins(1)).await;
    stage.clock.advance(LIMIT);
    stage.plan("token:refuse=5");
    let engine = stage.engine_on("other", "now");
    let lost = engine.token(None, &Needs::default()).await.unwrap_err();
    assert_eq!((lost.code, lost.code.exit_code()), (Code::RefreshReplyLost, 4));
}
