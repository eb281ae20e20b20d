//! `/2/users/me`: bodies and headers of X.

use std::time::Duration;

use birdkey_sandbox::{Canned, DEMO_CLIENT_ID, Route};

use crate::support::{Bench, exchange};

const FORBIDDEN: &str = "{\n  \"title\": \"Forbidden\",\n  \"type\": \"about:blank\",\n  \
                         \"status\": 403,\n  \"detail\": \"Forbidden\"\n}";

#[tokio::test]
async fn one_scope_alone_is_forbidden_with_the_93_bytes_of_x() {
    let bench = Bench::start().await;
    for scope in ["users.read", "tweet.read"] {
        let code = bench.code(DEMO_CLIENT_ID, scope).await;
        let grant = bench.token(&exchange(&code)).await.json();
        let response = bench.users_me(grant["access_token"].as_str().unwrap()).await;
        assert_eq!(response.status().as_u16(), 403);
        assert_eq!(response.headers()["content-type"], "application/problem+json");
        assert!(!response.headers().contains_key("x-rate-limit-limit"));
        let body = response.text().await.unwrap();
        assert_eq!((body.as_str(), body.len()), (FORBIDDEN, 93));
    }
}

#[tokio::test]
async fn an_unknown_token_and_none_are_unauthorized() {
    let bench = Bench::start().await;
    let refresh_token = bench.login().await["refresh_token"].as_str().unwrap().to_owned();
    for token in ["guessed", "", &refresh_token] {
        assert_eq!(bench.users_me_status(token).await, 401);
    }
    let bare = bench.client.get(bench.url("/2/users/me")).send().await.unwrap();
    assert!(bare.text().await.unwrap().contains("\"title\": \"Unauthorized\""));
}

#[tokio::test]
async fn the_76th_request_in_15_minutes_is_one_too_many() {
    let bench = Bench::start().await;
    let grant = bench.login().await;
    let access = grant["access_token"].as_str().unwrap();
    for used in 1..=75 {
        let response = bench.users_me(access).await;
        let remaining = response.headers()["x-rate-limit-remaining"].to_str().unwrap();
        assert_eq!(remaining, (75 - used).to_string());
    }
    let refused = bench.users_me(access).await;
    assert_eq!(refused.status().as_u16(), 429);
    assert_eq!(refused.headers()["x-rate-limit-limit"], "75");
    assert_eq!(refused.headers()["x-rate-limit-reset"], "1800000900");
    bench.clock.advance(Duration::from_mins(15));
    assert_eq!(bench.users_me_status(access).await, 200);
}

#[tokio::test]
async fn a_prepared_answer_comes_first_and_once() {
    let bench = Bench::start().await;
    let code = bench.code(DEMO_CLIENT_ID, "users.read").await;
    let canned = Canned {
        status: 503,
        headers: vec![("content-type".to_owned(), "text/html".to_owned())],
        body: b"<h1>Over capacity".to_vec(),
        hold: None,
    };
    bench.sandbox.answer_next(Route::Token, canned);
    let broken = bench.token(&exchange(&code)).await;
    assert_eq!((broken.status, broken.text.as_str()), (503, "<h1>Over capacity"));
    assert_eq!(bench.token(&exchange(&code)).await.status, 200, "the code was not touched");
}
