//! An exchange of tokens is begun only by somebody who will see its end.

use std::sync::Arc;
use std::time::Duration;

use birdkey::effects::files::{self, FileLock, OurFile};
use birdkey::problem::{Code, Problem};
use birdkey::token::Needs;
use birdkey_sandbox::Received;
use tokio::task::JoinHandle;

use crate::browser::{Manner, visit};
use crate::refresh::expired;
use crate::stage::{Stage, soon};

/// Asks for a token in a task of its own.
fn asking(stage: &Stage) -> JoinHandle<Result<(), Problem>> {
    let engine = Arc::clone(&stage.engine);
    tokio::spawn(async move { engine.token(None, &Needs::default()).await.map(drop) })
}

/// Holds the only account as another process does.
fn held_elsewhere(stage: &Stage) -> FileLock {
    let lock = OurFile::lock(&stage.root.path().join("data"), &stage.account().id);
    files::try_lock(&lock).unwrap().unwrap()
}

/// All that could go on does.
async fn pass(stage: &Stage, time: Duration) {
    for _ in 0..20 {
        stage.clock.advance(time / 20);
        for _ in 0..50 {
            tokio::task::yield_now().await;
        }
        while stage.somebody_refreshes() {
            tokio::task::yield_now().await;
        }
    }
}

/// Issue 17, decision 1; from the note on nobody cancels it, as
/// `a_caller_that_goes_away_does_not_cut_the_reply_off` has it.
#[tokio::test]
async fn a_caller_that_goes_away_before_the_note_cancels_its_refresh() {
    let stage = expired().await;
    let held = held_elsewhere(&stage);
    let asked = asking(&stage);
    stage.clock.until_sleeping(Duration::from_millis(20)).await;

    asked.abort();
    asked.await.unwrap_err();
    drop(held);
    pass(&stage, Duration::from_secs(20)).await;

    assert_eq!((stage.token_requests(), stage.intents()), (1, 0), "nothing was sent or noted");
    assert!(!stage.engine.is_exchanging());
    assert!(stage.token().await.is_ok(), "and the account is free");
}

/// Issue 17: after *Quit* began no new refresh starts.
#[tokio::test]
async fn a_program_that_ends_begins_no_refresh() {
    let stage = expired().await;
    let held = held_elsewhere(&stage);
    let waits = asking(&stage);
    stage.clock.until_sleeping(Duration::from_millis(20)).await;

    stage.engine.close();
    drop(held);
    stage.clock.advance(Duration::from_millis(20));

    let late = waits.await.unwrap().unwrap_err();
    let refused = stage.token().await.unwrap_err();
    assert_eq!((late.code, refused.code), (Code::RefreshCutOff, Code::RefreshCutOff));
    assert_eq!((stage.token_requests(), stage.intents()), (1, 0), "nothing was sent or noted");
    let other = stage.second_engine();
    assert!(other.token(None, &Needs::default()).await.is_ok(), "nothing was lost");
}

/// Issue 17: nor does the automatic one.
#[tokio::test]
async fn a_program_that_ends_keeps_nothing_fresh_any_more() {
    let (stage, keeping) = crate::fresh::kept(true).await;
    stage.engine.close();
    stage.clock.advance(Duration::from_hours(2));
    soon("the end of keeping fresh", keeping).await.unwrap();
    assert_eq!((crate::fresh::refreshes(&stage), stage.intents()), (0, 0));
}

/// Issue 17: nor the exchange of a code.
#[tokio::test]
async fn a_program_that_ends_exchanges_no_code() {
    let stage = Stage::with_app().await;
    stage.browser.behave(Manner::Keep);
    let begun = stage.begin();
    stage.clock.until_sleeping(Duration::from_mins(5)).await;
    let page = begun.login.address().unwrap();

    stage.engine.close();
    visit(page.expose()).await;

    assert_eq!(begun.ended().await.unwrap_err().code, Code::LoginCancelled);
    assert!(stage.ledger.received(Received::Code).is_empty(), "the code was not used");
    assert!(stage.view().accounts.is_empty() && stage.view().notices.is_empty());
}
