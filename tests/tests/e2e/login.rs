//! Logins that end well.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use birdkey::problem::Code;
use birdkey::protocol::client::ClientType;
use birdkey::view::{AccountState, LoginStage};
use birdkey_sandbox::{Canned, Received, Route};
use tokio::sync::Notify;

use crate::stage::{CLIENT_SECRET, CONFIDENTIAL, START_UNIX_MS, Stage};

#[tokio::test]
async fn a_login_puts_the_grant_into_the_vault_and_names_the_account() {
    let mut stage = Stage::with_app().await;

    let id = stage.log_in().await.unwrap();

    let account = stage.account();
    assert_eq!(account.id, id);
    assert_eq!(account.username, Some("demo_ada".into()));
    assert_eq!(account.name, Some("Ada Demo".into()));
    assert_eq!(account.token.token_type, "bearer");
    assert_eq!(account.token.expires_in_seconds, Some(7_200));
    assert_eq!(account.token.expires_at_ms, Some(START_UNIX_MS + 7_200_000));
    assert_eq!(account.token.access_token, "•••••••• (91 characters)");
    assert_eq!(account.scopes_granted.len(), 3);
    let login = stage.view().login.unwrap();
    assert_eq!((login.stage, login.account_id), (LoginStage::Done, Some(id.clone())));

    let token = stage.engine.token(None, &birdkey::token::Needs::default()).await.unwrap();
    assert!(stage.ledger.issued().contains(&token.access_token.expose().to_owned()));
    let page = stage.watched.pages.recv().await.unwrap();
    assert_eq!(page.status, 200);
    assert!(page.text.contains("You are logged in"), "{}", page.text);
    assert!(page.url.ends_with("/done"), "no code stays in the address bar: {}", page.url);
}

#[tokio::test]
async fn nothing_of_a_login_is_ever_used_twice() {
    let stage = Stage::with_app().await;

    for _ in 0..4 {
        stage.log_in().await.unwrap();
    }

    let all_differ = |kind| {
        let values = stage.ledger.received(kind);
        assert_eq!(values.len(), 4);
        assert_eq!(values.iter().collect::<HashSet<_>>().len(), 4);
        values
    };
    let challenges = all_differ(Received::Challenge);
    let verifiers = all_differ(Received::Verifier);
    all_differ(Received::State);
    all_differ(Received::Code);
    assert!(verifiers.iter().all(|verifier| !challenges.contains(verifier)));
    assert!(verifiers.iter().all(|verifier| verifier.len() == 43));
}

#[tokio::test]
async fn a_confidential_app_logs_in_with_basic_and_its_secret_from_the_vault() {
    let stage = Stage::new().await;
    let app = stage.app(CONFIDENTIAL, ClientType::Confidential, Some(CLIENT_SECRET));
    stage.engine.add_app(app).await.unwrap();

    stage.log_in().await.unwrap();

    assert_eq!(stage.account().username, Some("demo_ada".into()));
}

#[tokio::test]
async fn the_same_user_keeps_the_account_and_another_user_gets_a_new_one() {
    let stage = Stage::with_app().await;

    let first = stage.log_in().await.unwrap();
    let token =
        stage.engine.token(None, &birdkey::token::Needs::default()).await.unwrap().access_token;
    let second = stage.log_in().await.unwrap();
    assert_eq!(first, second);
    assert_eq!(stage.vault.names().len(), 1, "the grant moved, no second item stays");
    let renewed =
        stage.engine.token(None, &birdkey::token::Needs::default()).await.unwrap().access_token;
    assert!(!renewed.matches(token.expose()));

    stage.sandbox.set_auto_user("demo_grace");
    let other = stage.log_in().await.unwrap();
    assert_ne!(other, first);
    let names: Vec<_> = stage.view().accounts.into_iter().map(|one| one.username).collect();
    assert_eq!(names, [Some("demo_ada".into()), Some("demo_grace".into())]);
}

#[tokio::test]
async fn the_login_succeeds_whatever_the_profile_says() {
    let not_enrolled = r#"{"title":"Client Forbidden","reason":"client-not-enrolled"}"#;
    let table = [
        (401, "", Code::ProfileUnauthorized),
        (402, r#"{"title":"CreditsDepleted"}"#, Code::ProfileNoCredits),
        (403, r#"{"title":"Forbidden"}"#, Code::ProfileForbidden),
        (403, not_enrolled, Code::ProfileNotEnrolled),
        (429, "", Code::ProfileRateLimited),
        (503, "<html>", Code::ProfileUnavailable),
        (200, "{\"data\":", Code::ProfileUnavailable),
    ];
    for (status, body, expected) in table {
        let stage = Stage::with_app().await;
        stage.sandbox.answer_next(Route::UsersMe, canned(status, body));

        stage.log_in().await.unwrap();

        let account = stage.account();
        assert_eq!(account.state, AccountState::Ready, "{status}");
        assert_eq!(account.problem.map(|problem| problem.code), Some(expected), "{status} {body}");
        assert!(account.username.is_none());
        assert!(
            stage.engine.token(None, &birdkey::token::Needs::default()).await.is_ok(),
            "a valid token is handed out"
        );
    }
}

#[tokio::test]
async fn a_slow_profile_holds_nothing_up_for_longer_than_5_seconds() {
    let mut stage = Stage::with_app().await;
    let mut held = canned(200, "");
    held.hold = Some(Arc::new(Notify::new()));
    stage.sandbox.answer_next(Route::UsersMe, held);

    let begun = stage.begin();
    let page = stage.watched.pages.recv().await.unwrap();
    assert!(page.text.contains("You are logged in"), "the page does not wait for the profile");
    assert_eq!(stage.account().username, None);
    stage.clock.until_sleeping(Duration::from_secs(5)).await;
    stage.clock.advance(Duration::from_secs(5));

    begun.ended().await.unwrap();
    assert_eq!(stage.account().problem.map(|problem| problem.code), Some(Code::ProfileSlow));
}

#[tokio::test]
async fn odd_token_answers_are_taken_as_far_as_they_go() {
    let table = [
        (r#""expires_in":-5,"#, Some(Code::LifetimeInvalid), None),
        ("", Some(Code::LifetimeMissing), Some(START_UNIX_MS + 7_200_000)),
        (r#""expires_in":60,"more":{"a":[1]},"#, None, Some(START_UNIX_MS + 60_000)),
    ];
    for (fields, note, expires_at_ms) in table {
        let stage = Stage::with_app().await;
        let body = format!(r#"{{{fields}"access_token":"AT","token_type":"Bearer"}}"#);
        stage.sandbox.answer_next(Route::Token, canned(200, &body));
        stage.sandbox.answer_next(Route::UsersMe, canned(200, r#"{"data":{"id":"7"}}"#));

        stage.log_in().await.unwrap();

        let account = stage.account();
        assert_eq!(account.token.expires_at_ms, expires_at_ms, "{fields}");
        assert_eq!(account.problem.map(|problem| problem.code), note, "{fields}");
        assert_eq!(account.state, AccountState::Ready);
        assert!(account.token.refresh_token.is_none());
    }
}

pub fn canned(status: u16, body: &str) -> Canned {
    Canned { status, headers: Vec::new(), body: body.as_bytes().to_vec(), hold: None }
}
