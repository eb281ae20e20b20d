//! Between a stored grant and the answer whose it is, other programs go on.

use std::sync::Arc;
use std::time::Duration;

use birdkey::problem::Code;
use birdkey::token::Needs;
use birdkey_sandbox::Route;
use tokio::sync::Notify;

use crate::login::canned;
use crate::stage::{Begun, Stage};

/// Ada, as the profile tells her.
const ADA: &str =
    r#"{"data":{"id":"1000000000000000001","name":"Ada Demo","username":"demo_ada"}}"#;

/// A login whose grant is stored, and whose profile is answered when told to.
async fn stored(stage: &mut Stage) -> (Begun, Arc<Notify>) {
    let answer = Arc::new(Notify::new());
    let mut held = canned(200, ADA);
    held.hold = Some(Arc::clone(&answer));
    stage.sandbox.answer_next(Route::UsersMe, held);
    let begun = stage.begin();
    stage.watched.pages.recv().await.unwrap();
    (begun, answer)
}

async fn one_account_that_works(stage: &Stage) -> String {
    let account = stage.account();
    assert_eq!(account.username, Some("demo_ada".into()));
    assert_eq!(stage.vault.names().len(), 1, "no second item stays");
    let token = stage.token().await.unwrap();
    assert!(stage.works_at_the_server(&token).await);
    stage.engine.refresh(None).await.unwrap();
    account.id
}

#[tokio::test]
async fn a_refresh_before_the_names_are_known_is_not_written_over() {
    for again in [false, true] {
        let mut stage = Stage::with_app().await;
        if again {
            stage.log_in().await.unwrap();
            stage.watched.pages.recv().await.unwrap();
        }
        let (begun, answer) = stored(&mut stage).await;
        let newest = stage.view().accounts.pop().unwrap().id;
        // No answer about the names, so that only the pair changes.
        stage.sandbox.answer_next(Route::UsersMe, canned(503, ""));
        stage.engine.refresh(Some(&newest)).await.unwrap();

        answer.notify_one();
        let settled = begun.ended().await.unwrap();

        assert_eq!(settled, one_account_that_works(&stage).await, "again: {again}");
    }
}

#[tokio::test]
async fn a_logout_of_the_older_account_does_not_take_the_new_login_along() {
    let mut stage = Stage::with_app().await;
    let older = stage.log_in().await.unwrap();
    stage.watched.pages.recv().await.unwrap();
    let (begun, answer) = stored(&mut stage).await;

    let holder = stage.root.path().join(format!("data/locks/{older}.holder"));
    std::fs::remove_file(&holder).unwrap();
    let revoked = Arc::new(Notify::new());
    let mut held = canned(200, r#"{"revoked":true}"#);
    held.hold = Some(Arc::clone(&revoked));
    stage.sandbox.answer_next(Route::Revoke, held);
    let (engine, id) = (Arc::clone(&stage.engine), older.clone());
    let logout = tokio::spawn(async move { engine.log_out(Some(&id)).await });
    while !holder.exists() {
        tokio::task::yield_now().await;
    }
    answer.notify_one();
    // The login has seen the older account and waits for its turn there.
    stage.clock.until_sleeping(Duration::from_secs(40)).await;
    revoked.notify_one();
    logout.await.unwrap().unwrap();
    let settled = begun.ended().await.unwrap();

    assert_ne!(settled, older);
    assert_eq!(settled, one_account_that_works(&stage).await);
}

#[tokio::test]
async fn a_list_that_can_t_be_written_leaves_one_copy_of_a_moved_grant() {
    let mut stage = Stage::with_app().await;
    let older = stage.log_in().await.unwrap();
    stage.watched.pages.recv().await.unwrap();
    let (begun, answer) = stored(&mut stage).await;
    let list = stage.root.path().join("data/accounts.json");
    let whole = std::fs::read_to_string(&list).unwrap();
    stage.vault.on_next_write({
        let list = list.clone();
        move || std::fs::write(&list, "broken").unwrap()
    });

    answer.notify_one();
    assert_eq!(begun.ended().await.unwrap(), older);

    std::fs::write(&list, whole).unwrap();
    assert_eq!(stage.vault.names().len(), 1, "two would end each other's login");
    let token = stage.engine.token(Some(&older), &Needs::default()).await.unwrap();
    assert!(stage.works_at_the_server(&token).await);
}

#[tokio::test]
async fn an_account_without_a_name_moves_into_the_older_one_once_it_has_it() {
    let stage = Stage::with_app().await;
    let older = stage.log_in().await.unwrap();
    stage.sandbox.answer_next(Route::UsersMe, canned(402, ""));
    let nameless = stage.log_in().await.unwrap();
    assert_ne!(older, nameless);

    assert_eq!(stage.engine.refresh(Some(&nameless)).await.unwrap(), older);

    assert_eq!(one_account_that_works(&stage).await, older);
}

#[tokio::test]
async fn a_login_that_could_not_be_listed_opens_no_browser_and_ends_no_grant() {
    let stage = Stage::with_app().await;
    stage.log_in().await.unwrap();
    let token = stage.token().await.unwrap();
    let list = stage.root.path().join("data/accounts.json");
    let whole = std::fs::read_to_string(&list).unwrap();
    let requests = stage.token_requests();
    std::fs::write(&list, "broken").unwrap();

    assert_eq!(stage.log_in().await.unwrap_err().code, Code::AccountsBroken);

    std::fs::write(&list, whole).unwrap();
    assert_eq!(stage.token_requests(), requests);
    assert!(stage.works_at_the_server(&token).await, "the login that was there");
}
