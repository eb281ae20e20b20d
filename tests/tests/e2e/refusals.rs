//! Logins that fail: each cause has its own Problem and exit code, and loses nothing.

use std::time::Duration;

use birdkey::problem::{Code, Problem};
use birdkey::protocol::client::ClientType;
use birdkey::view::LoginStage;
use birdkey_sandbox::Route;

use crate::browser::{Manner, location, visit};
use crate::login::canned;
use crate::stage::{CONFIDENTIAL, PUBLIC, Stage};

/// A stage in which somebody is logged in already, so that there is something to lose.
async fn with_an_account() -> (Stage, Vec<String>) {
    let mut stage = Stage::with_app().await;
    stage.log_in().await.unwrap();
    stage.watched.opened.recv().await.unwrap();
    stage.watched.pages.recv().await.unwrap();
    let names = stage.vault.names();
    (stage, names)
}

/// The Problem of a login that fails, as engine, window and browser page show it.
async fn refused(stage: &mut Stage) -> Problem {
    let problem = stage.log_in().await.unwrap_err();
    let login = stage.view().login.unwrap();
    assert_eq!(login.stage, LoginStage::Failed);
    assert_eq!(login.problem.as_ref(), Some(&problem), "the window says the same");
    let page = stage.watched.pages.recv().await.unwrap();
    assert!(
        page.text.contains(&escaped(&problem.what.to_string())),
        "so does the browser page: {}",
        page.text
    );
    assert!(page.url.ends_with("/done"), "{}", page.url);
    problem
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;").replace('\'', "&#39;")
}

#[tokio::test]
async fn every_answer_of_the_token_endpoint_has_a_problem_of_its_own() {
    let x = |text: &str| format!(r#"{{"error":"invalid_request","error_description":"{text}"}}"#);
    let code = x("Value passed for the authorization code was invalid.");
    let redirect =
        x("Value passed for the redirect uri did not match the uri of the authorization code.");
    let verifier = x("Value passed for the code verifier did not match the code challenge.");
    let other = x("Missing required parameter [grant_type].");
    let big = "x".repeat(1024 * 1024 + 1);
    let table = [
        (400, code.as_str(), Code::CodeRefused, 5),
        (400, &redirect, Code::RedirectUriWrong, 3),
        (400, &verifier, Code::VerifierRefused, 5),
        (200, r#"{"access_token":"A\r\nX: y"}"#, Code::TokenUnusable, 6),
        (200, r#"{"access_token":"A","refresh_token":"R\u009b"}"#, Code::TokenUnusable, 6),
        (400, r#"{"error":"invalid_grant"}"#, Code::GrantRefused, 5),
        (400, r#"{"error":"invalid_client"}"#, Code::ClientIdWrong, 3),
        (401, r#"{"error":"unauthorized_client"}"#, Code::AppTypeWrong, 3),
        (400, &other, Code::RequestRefused, 5),
        (429, "", Code::RateLimited, 6),
        (500, "", Code::ServerUnavailable, 6),
        (503, "<html>", Code::ServerUnavailable, 6),
        (401, "", Code::ServerUnavailable, 6),
        (403, "<html>", Code::AnswerNotJson, 6),
        (200, "<html>", Code::AnswerNotJson, 6),
        (200, r#"{"access_token":"AT"#, Code::AnswerCutOff, 6),
        (200, r#"{"token_type":"bearer"}"#, Code::AnswerWithoutToken, 6),
        (200, r#"{"access_token":"AT","token_type":"mac"}"#, Code::TokenTypeUnknown, 6),
        (302, "", Code::ServerRedirects, 6),
        (200, &big, Code::AnswerTooLarge, 6),
    ];
    let (mut stage, before) = with_an_account().await;
    for (status, body, expected, exit_code) in table {
        let mut answer = canned(status, body);
        answer.headers.push(("location".into(), "https://elsewhere.example/".into()));
        stage.sandbox.answer_next(Route::Token, answer);

        let problem = refused(&mut stage).await;

        assert_eq!(problem.code, expected, "{status} {body:.60}");
        assert_eq!(problem.code.exit_code(), exit_code, "{expected:?}");
        assert_eq!(stage.vault.names(), before, "nothing stored was lost: {expected:?}");
        assert!(stage.engine.token(None, &birdkey::token::Needs::default()).await.is_ok());
    }
}

#[tokio::test]
async fn a_user_who_cancels_is_told_so() {
    let (mut stage, before) = with_an_account().await;
    stage.browser.behave(Manner::Keep);
    let begun = stage.begin();
    let url = stage.watched.opened.recv().await.unwrap();
    let state = url.split("state=").nth(1).unwrap().split('&').next().unwrap().to_owned();

    let page = visit(&format!("{}?error=access_denied&state={state}", stage.redirect_uri)).await;

    let problem = begun.ended().await.unwrap_err();
    assert_eq!((problem.code, problem.code.exit_code()), (Code::LoginDenied, 5));
    assert!(page.text.contains("Cancel"), "{}", page.text);
    assert_eq!(stage.vault.names(), before);
}

#[tokio::test]
async fn a_code_that_comes_too_late_is_refused_with_the_reason() {
    let stage = Stage::with_app().await;
    stage.browser.behave(Manner::Keep);
    let mut stage = stage;
    let begun = stage.begin();
    let url = stage.watched.opened.recv().await.unwrap();
    let back = location(&url).await;
    stage.clock.advance(Duration::from_secs(31));

    let page = visit(&back).await;

    let problem = begun.ended().await.unwrap_err();
    assert_eq!(problem.code, Code::CodeRefused);
    assert!(problem.why.contains("30 seconds"), "{problem:?}");
    assert!(page.text.contains("30 seconds"), "{}", page.text);
}

#[tokio::test]
async fn wrong_secrets_and_wrong_types_are_told_apart() {
    let table = [
        (CONFIDENTIAL, ClientType::Confidential, Some("not-the-secret"), Code::ClientSecretWrong),
        (CONFIDENTIAL, ClientType::Public, None, Code::AppTypeWrong),
        (PUBLIC, ClientType::Confidential, Some("a-secret"), Code::AppTypeWrong),
    ];
    for (client_id, client_type, secret, expected) in table {
        let mut stage = Stage::new().await;
        stage.engine.add_app(stage.app(client_id, client_type, secret)).await.unwrap();

        let problem = refused(&mut stage).await;

        assert_eq!(problem.code, expected, "{client_type:?}");
        assert_eq!(problem.code.exit_code(), 3);
    }
}

#[tokio::test]
async fn a_confidential_app_without_its_secret_opens_no_browser() {
    let mut stage = Stage::new().await;
    let app = stage.app(CONFIDENTIAL, ClientType::Confidential, None);
    stage.engine.add_app(app).await.unwrap();

    let problem = stage.log_in().await.unwrap_err();

    assert_eq!(problem.code, Code::ClientSecretMissing);
    assert!(stage.watched.opened.try_recv().is_err());
}

#[tokio::test]
async fn a_sandbox_that_is_not_running_is_no_dead_grant() {
    let (mut stage, before) = with_an_account().await;
    stage.stop_sandbox().await;

    assert!(
        stage.engine.token(None, &birdkey::token::Needs::default()).await.is_ok(),
        "a valid token is still handed out"
    );
    stage.engine.look_for_sandbox().await;
    assert_eq!(stage.account().state, birdkey::view::AccountState::SandboxOff);
    assert_eq!(stage.vault.names(), before);
}

#[tokio::test]
async fn an_unknown_app_is_named_with_those_there_are() {
    let stage = Stage::with_app().await;
    let problem = stage.engine.login_request(Some("nope"), birdkey::login::Page::Open).unwrap_err();
    assert_eq!(problem.code, Code::AppUnknown);
    assert!(problem.why.contains("Test"), "{problem:?}");
}

#[tokio::test]
async fn a_broken_configuration_is_shown_and_left_alone() {
    let (stage, before) = with_an_account().await;
    let path = stage.root.path().join("config/config.toml");
    std::fs::write(&path, "[apps.k3\nname = 1").unwrap();

    let shown = stage.view().problem.unwrap();
    let problem = stage.engine.token(None, &birdkey::token::Needs::default()).await.unwrap_err();

    assert_eq!((shown.code, problem.code), (Code::ConfigBroken, Code::ConfigBroken));
    assert!(problem.why.contains("line 1"), "{problem:?}");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "[apps.k3\nname = 1");
    assert_eq!(stage.vault.names(), before);
}

#[tokio::test]
async fn endpoints_changed_under_a_grant_send_nothing() {
    let (stage, before) = with_an_account().await;
    let path = stage.root.path().join("config/config.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text.replace(&stage.address, "https://stranger.example")).unwrap();

    let problem = stage.engine.token(None, &birdkey::token::Needs::default()).await.unwrap_err();

    assert_eq!((problem.code, problem.code.exit_code()), (Code::EndpointsChanged, 3));
    assert!(problem.why.contains("stranger.example"), "{problem:?}");
    assert_eq!(stage.vault.names(), before);
}
