//! Logins that wait: hints, time-outs, cancelling, taken ports, browsers that don't open.

use std::time::Duration;

use birdkey::problem::Code;
use birdkey::view::LoginStage;
use birdkey_sandbox::Route;

use crate::browser::{Manner, visit};
use crate::login::canned;
use crate::stage::{PUBLIC, Stage};

const FIVE_MINUTES: Duration = Duration::from_mins(5);

async fn waiting_stage() -> Stage {
    let stage = Stage::with_app().await;
    stage.browser.behave(Manner::Keep);
    stage
}

#[tokio::test]
async fn after_20_seconds_the_causes_are_shown_with_what_to_compare() {
    let stage = waiting_stage().await;
    let begun = stage.begin();
    stage.clock.until_sleeping(Duration::from_secs(20)).await;
    let login = stage.view().login.unwrap();
    assert!(!login.nothing_came_back);

    let mut changes = stage.engine.changes();
    stage.clock.advance(Duration::from_secs(20));
    changes.wait_for(|_| stage.view().login.unwrap().nothing_came_back).await.unwrap();

    let login = stage.view().login.unwrap();
    assert_eq!((login.redirect_uri, login.client_id), (stage.redirect_uri.clone(), PUBLIC.into()));
    assert_eq!(login.stage, LoginStage::Waiting);
    begun.login.cancel();
    begun.ended().await.unwrap_err();
}

#[tokio::test]
async fn a_login_nobody_finishes_ends_after_its_time() {
    let stage = waiting_stage().await;
    let begun = stage.begin();
    stage.clock.until_sleeping(FIVE_MINUTES).await;
    stage.clock.advance(FIVE_MINUTES);

    let problem = begun.ended().await.unwrap_err();

    assert_eq!((problem.code, problem.code.exit_code()), (Code::LoginTimedOut, 8));
    assert!(problem.why.contains("5 minutes"), "{problem:?}");
    assert_closed(&stage).await;
}

#[tokio::test]
async fn at_the_time_out_a_probe_names_a_wrong_id_or_secret() {
    let table = [
        (400, r#"{"error":"invalid_client"}"#, Code::ClientIdWrong),
        (401, r#"{"error":"unauthorized_client"}"#, Code::AppTypeWrong),
        (503, "", Code::LoginTimedOut),
        (400, r#"{"error":"invalid_grant"}"#, Code::LoginTimedOut),
    ];
    for (status, body, expected) in table {
        let stage = waiting_stage().await;
        stage.sandbox.answer_next(Route::Token, canned(status, body));
        let begun = stage.begin();
        stage.clock.until_sleeping(FIVE_MINUTES).await;
        stage.clock.advance(FIVE_MINUTES);

        assert_eq!(begun.ended().await.unwrap_err().code, expected, "{status} {body}");
        let asked =
            stage.ledger.requests().iter().filter(|one| one.path == "/2/oauth2/token").count();
        assert_eq!(asked, 1, "the probe runs once");
    }
}

#[tokio::test]
async fn a_cancelled_login_closes_its_port_and_leaves_no_trace() {
    let stage = waiting_stage().await;
    let begun = stage.begin();
    stage.clock.until_sleeping(FIVE_MINUTES).await;

    begun.login.cancel();

    let problem = begun.ended().await.unwrap_err();
    assert_eq!((problem.code, problem.code.exit_code()), (Code::LoginCancelled, 5));
    assert!(stage.view().login.is_none());
    assert!(stage.vault.names().is_empty());
    assert_closed(&stage).await;
}

#[tokio::test]
async fn taken_ports_are_named() {
    let stage = Stage::new().await;
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let mut app = stage.public();
    app.redirect_uris = vec![format!("http://127.0.0.1:{port}/callback")];
    stage.engine.add_app(app).await.unwrap();

    let problem = stage.log_in().await.unwrap_err();

    assert_eq!(problem.code, Code::PortsTaken);
    assert!(problem.why.contains(&port.to_string()), "{problem:?}");
}

#[tokio::test]
async fn without_a_browser_the_login_waits_and_says_so() {
    let stage = Stage::with_app().await;
    stage.browser.behave(Manner::Missing);
    let begun = stage.begin();
    let mut changes = stage.engine.changes();
    let shown = |stage: &Stage| stage.view().login.and_then(|login| login.browser_problem);
    changes.wait_for(|_| shown(&stage).is_some()).await.unwrap();
    assert_eq!(shown(&stage).unwrap().code, Code::BrowserNotFound);

    // The user copies the link into a browser instead.
    let address = begun.login.address().unwrap();
    let page = visit(address.expose()).await;

    assert!(page.text.contains("You are logged in"), "{}", page.text);
    begun.ended().await.unwrap();
}

#[tokio::test]
async fn a_login_that_no_browser_was_opened_for_says_so_when_its_time_is_over() {
    let stage = Stage::with_app().await;
    stage.browser.behave(Manner::Missing);
    let begun = stage.begin();
    let mut changes = stage.engine.changes();
    let shown = || stage.view().login.and_then(|login| login.browser_problem);
    changes.wait_for(|_| shown().is_some()).await.unwrap();

    stage.browser.behave(Manner::Keep);
    stage.engine.open_again(&begun.login).await.unwrap();
    assert!(shown().is_none(), "it opened after all");

    stage.clock.until_sleeping(FIVE_MINUTES).await;
    stage.clock.advance(FIVE_MINUTES);
    let problem = begun.ended().await.unwrap_err();
    assert_eq!(problem.code, Code::LoginTimedOut);
    assert!(problem.why.contains("No browser was opened"), "{problem:?}");
    assert!(problem.hint.contains("birdkey login --paste"), "{problem:?}");
}

#[tokio::test]
async fn a_second_login_does_not_disturb_the_first() {
    let stage = waiting_stage().await;
    let first = stage.begin();
    stage.clock.until_sleeping(FIVE_MINUTES).await;

    let problem = stage.log_in().await.unwrap_err();

    assert_eq!(problem.code, Code::LoginRunning);
    let address = first.login.address().unwrap();
    visit(address.expose()).await;
    first.ended().await.unwrap();
}

/// Nothing listens at the redirect URI any more.
async fn assert_closed(stage: &Stage) {
    let client = crate::browser::client(reqwest::redirect::Policy::none());
    let refused = client.get(&stage.redirect_uri).send().await.unwrap_err();
    assert!(refused.is_connect(), "{refused}");
}
