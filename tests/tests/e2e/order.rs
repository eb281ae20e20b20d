//! Who needs several accounts takes them in one order.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use birdkey::effects::clock::Clock as _;
use birdkey::effects::files::{self, FileLock, OurFile};
use birdkey::effects::seal;
use birdkey::effects::vault::VaultKind;
use birdkey::engine::{LiveLogin, VaultKey};
use birdkey::login::{Page, Target};
use birdkey_sandbox::{Canned, Route};
use tokio::sync::Notify;

use crate::login::canned;
use crate::stage::Stage;

/// Issue 17: two locks in differing order waited 40 s for each other.
#[tokio::test]
async fn two_who_need_the_same_accounts_do_not_wait_for_each_other() {
    // The ids are random, and with them which of both comes first.
    for _ in 0..4 {
        let stage = Stage::with_app().await;
        let ada = stage.log_in().await.unwrap();
        stage.sandbox.answer_next(Route::UsersMe, canned(402, ""));
        let mut request = stage.engine.login_request(None, Page::Open).unwrap();
        request.target = Target::New;
        let nameless = stage.engine.login_in_view(&request, &LiveLogin::default()).await.unwrap();
        turn_around(&stage.root.path().join("data/accounts.json"));
        let identity = stage.root.path().join("identity");
        std::fs::write(&identity, seal::new_key().expose()).unwrap();

        // The move to another vault takes them as they are listed, the nameless one first; who turns out to
        // be Ada takes her account first.
        let hold = Arc::new(Notify::new());
        let me = Canned { hold: Some(Arc::clone(&hold)), ..canned(200, ADA) };
        stage.sandbox.answer_next(Route::UsersMe, me);
        let refreshed = stage.token_requests() + 1;
        let (engine, id) = (Arc::clone(&stage.engine), nameless.clone());
        let named = tokio::spawn(async move { engine.refresh(Some(&id)).await });
        while stage.token_requests() < refreshed {
            tokio::task::yield_now().await;
        }
        let held = [held(&stage, &nameless).await, held(&stage, &ada).await];
        let engine = Arc::clone(&stage.engine);
        let moved = tokio::spawn(async move {
            engine.use_vault(VaultKind::File, VaultKey::IdentityFile(identity)).await
        });
        stage.clock.until_sleeping(Duration::from_millis(20)).await;
        let answered = profiles(&stage) + 1;
        hold.notify_one();
        while profiles(&stage) < answered {
            tokio::task::yield_now().await;
        }
        // Both wait now, each for its first.
        stage.clock.sleepers(2).await;
        for _ in 0..100 {
            tokio::task::yield_now().await;
        }

        drop(held);
        let began = stage.clock.elapsed();
        let ticks = stage.ticking();
        let (named, moved) = (named.await.unwrap(), moved.await.unwrap());
        ticks.abort();

        assert_eq!(named.unwrap(), ada);
        assert!(moved.is_ok());
        let took = stage.clock.elapsed().saturating_sub(began);
        assert!(took < Duration::from_secs(10), "{took:?}");
    }
}

const ADA: &str =
    r#"{"data":{"id":"1000000000000000001","name":"Ada Demo","username":"demo_ada"}}"#;

/// Holds an account as another process does, as soon as nobody else does.
async fn held(stage: &Stage, id: &str) -> FileLock {
    let lock = OurFile::lock(&stage.root.path().join("data"), id);
    loop {
        if let Some(held) = files::try_lock(&lock).unwrap() {
            return held;
        }
        tokio::task::yield_now().await;
    }
}

/// Lists the accounts in the opposite order.
fn turn_around(list: &Path) {
    let text = std::fs::read_to_string(list).unwrap();
    let mut json: serde_json::Value = serde_json::from_str(&text).unwrap();
    json["accounts"].as_array_mut().unwrap().reverse();
    std::fs::write(list, json.to_string()).unwrap();
}

fn profiles(stage: &Stage) -> usize {
    stage.ledger.requests().iter().filter(|one| one.path == "/2/users/me").count()
}
