//! What a server or the network does to a refresh, and what it costs.

use std::time::Duration;

use birdkey::problem::Code;
use birdkey::token::Needs;
use birdkey::view::AccountState;

use crate::refresh::expired;

#[tokio::test]
async fn no_trouble_of_the_server_ends_the_grant_or_changes_the_vault() {
    let table = [
        ("token:rate-limited-old", Code::RateLimited, 6, 0),
        ("token:unavailable", Code::ServerUnavailable, 6, 1),
        ("token:bad-gateway", Code::ServerUnavailable, 6, 1),
        ("token:outage", Code::ServerUnavailable, 6, 1),
        ("token:empty=500", Code::ServerUnavailable, 6, 1),
        ("token:html=504", Code::ServerUnavailable, 6, 1),
        ("token:empty=429", Code::RateLimited, 6, 0),
        ("token:html=429", Code::RateLimited, 6, 0),
        ("token:html=403", Code::AnswerNotJson, 6, 1),
        ("token:drop-before", Code::ConnectionBrokeOff, 6, 1),
        ("token:refuse=4", Code::AppTypeWrong, 3, 0),
        ("token:refuse=6", Code::AppTypeWrong, 3, 0),
        ("token:refuse=7", Code::ClientIdWrong, 3, 0),
        ("token:refuse=11", Code::RequestRefused, 5, 0),
    ];
    for (line, code, exit_code, intents) in table {
        let stage = expired().await;
        let before = stage.vault.texts();
        stage.plan(line);

        let problem = stage.token().await.unwrap_err();

        assert_eq!((problem.code, problem.code.exit_code()), (code, exit_code), "{line}");
        assert_eq!(stage.vault.texts(), before, "{line}");
        assert_eq!(stage.intents(), intents, "{line}: a note only where the token may be spent");
        assert_eq!(stage.account().state, AccountState::Refreshable, "{line}");
        stage.rest();
        assert!(stage.token().await.is_ok(), "{line}: the next try works");
    }
}

#[tokio::test]
async fn a_spoiled_reply_after_the_rotation_is_told_as_such() {
    let table =
        [("token:truncated", Code::AnswerCutOff), ("token:oversized", Code::AnswerTooLarge)];
    for (line, code) in table {
        let stage = expired().await;
        let before = stage.vault.texts();
        stage.plan(line);
        assert_eq!(stage.token().await.unwrap_err().code, code, "{line}");
        assert_eq!((stage.vault.texts(), stage.intents()), (before, 1), "{line}");
        stage.rest();
        assert_eq!(stage.token().await.unwrap_err().code, Code::RefreshReplyLost, "{line}");
    }
}

#[tokio::test]
async fn odd_but_whole_replies_are_taken() {
    for line in [
        "token:wrong-type",
        "token:no-refresh-token",
        "token:duplicate-keys",
        "token:skewed-date=-7200",
    ] {
        let stage = expired().await;
        stage.plan(line);
        assert!(stage.works_at_the_server(&stage.token().await.unwrap()).await, "{line}");
        assert!(stage.account().token.refresh_token.is_some(), "{line}: the old one is kept");
    }
}

#[tokio::test]
async fn scopes_that_a_refresh_took_away_are_shown() {
    let stage = expired().await;
    stage.plan("token:fewer-scopes");
    stage.token().await.unwrap();
    let account = stage.account();
    assert!(!account.scopes_granted.contains(&"users.read".to_owned()));
    let problem = account.problem.unwrap();
    assert!(problem.code == Code::ScopesLost && problem.why.contains("users.read"), "{problem:?}");
}

#[tokio::test]
async fn a_server_that_asks_to_be_left_alone_is_asked_by_no_program_but_by_the_user() {
    for line in ["token:rate-limited=300", "token:rate-limited=300*2"] {
        let stage = expired().await;
        stage.plan(line);
        let asked = async |engine: &birdkey::Engine| {
            engine.token(None, &Needs::default()).await.map(drop).map_err(|problem| problem.code)
        };
        assert_eq!(asked(&stage.engine).await, Err(Code::RateLimited));
        let requests = stage.token_requests();

        stage.clock.advance(Duration::from_secs(299));
        assert_eq!(asked(&stage.second_engine()).await, Err(Code::RateLimited));
        assert_eq!(stage.token_requests(), requests, "no other program asks either");

        if line.ends_with('2') {
            stage.engine.refresh(None).await.unwrap_err();
            assert_eq!(stage.token_requests(), requests + 1, "a person may");
            continue;
        }
        stage.clock.advance(Duration::from_secs(1));
        assert_eq!(asked(&stage.engine).await, Ok(()));
    }
}
