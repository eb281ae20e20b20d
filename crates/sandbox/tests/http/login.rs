//! Authorize, consent, exchange: the way of a login that works.

use std::collections::BTreeSet;
use std::time::Duration;

use birdkey_sandbox::{DEMO_CLIENT_ID, Knobs, Received};

use crate::support::{
    Bench, CHALLENGE, CONFIDENTIAL_ID, VERIFIER, authorize_pairs, exchange, location, query, with,
};

#[tokio::test]
async fn a_login_ends_in_a_grant_of_x_shape_and_a_profile() {
    let bench = Bench::start().await;
    let grant = bench.login().await;

    assert_eq!(grant["token_type"], "bearer");
    assert_eq!(grant["expires_in"], 7200);
    let scopes: BTreeSet<_> = grant["scope"].as_str().unwrap().split(' ').collect();
    assert_eq!(scopes, BTreeSet::from(["offline.access", "tweet.read", "users.read"]));
    assert_ne!(grant["scope"], "tweet.read users.read offline.access");
    for token in ["access_token", "refresh_token"] {
        assert_eq!(grant[token].as_str().unwrap().len(), 91, "{token}");
    }
    let profile = bench.users_me(grant["access_token"].as_str().unwrap()).await;
    let expected =
        r#"{"data":{"id":"1000000000000000001","name":"Ada Demo","username":"demo_ada"}}"#;
    assert_eq!(profile.text().await.unwrap(), expected);
}

#[tokio::test]
async fn the_redirect_has_state_first_and_an_issuer_only_if_asked_to() {
    let bench = Bench::start().await;
    let redirect = location(&bench.authorize(&authorize_pairs(DEMO_CLIENT_ID)).await);
    assert!(redirect.starts_with("http://127.0.0.1:8720/callback?state=the-state&code="));
    assert_eq!(query(&redirect, "iss"), None);

    let send_issuer = Some("https://issuer.example".to_owned());
    bench.sandbox.set_knobs(Knobs { send_issuer, ..Knobs::default() });
    let redirect = location(&bench.authorize(&authorize_pairs(DEMO_CLIENT_ID)).await);
    assert_eq!(query(&redirect, "iss").as_deref(), Some("https://issuer.example"));
}

#[tokio::test]
async fn plain_pkce_works_unless_strict() {
    let bench = Bench::start().await;
    let plain = with(
        authorize_pairs(DEMO_CLIENT_ID),
        &[("code_challenge", "challenge"), ("code_challenge_method", "plain")],
    );
    let code = query(&location(&bench.authorize(&plain).await), "code").unwrap();
    let answer = bench.token(&with(exchange(&code), &[("code_verifier", "challenge")])).await;
    assert_eq!(answer.status, 200);

    bench.sandbox.set_knobs(Knobs { strict_pkce: true, ..Knobs::default() });
    let page = bench.authorize(&plain).await;
    assert_eq!(page.status().as_u16(), 200);
    assert!(page.text().await.unwrap().contains("Something went wrong"));
    bench.login().await;
}

#[tokio::test]
async fn without_offline_access_there_is_no_refresh_token() {
    let bench = Bench::start().await;
    let code = bench.code(DEMO_CLIENT_ID, "tweet.read users.read").await;
    let grant = bench.token(&exchange(&code)).await.json();
    assert!(grant.get("refresh_token").is_none());
    assert!(grant.get("access_token").is_some());
}

#[tokio::test]
async fn a_new_login_of_the_same_app_and_user_ends_the_earlier_grant() {
    let bench = Bench::start().await;
    let first = bench.login().await;
    bench.sandbox.set_auto_user("demo_grace");
    let grace = bench.login().await;
    bench.sandbox.set_auto_user("demo_ada");
    let second = bench.login().await;

    let access = |grant: &serde_json::Value| grant["access_token"].as_str().unwrap().to_owned();
    assert_eq!(bench.users_me_status(&access(&first)).await, 401);
    assert_eq!(bench.refresh(first["refresh_token"].as_str().unwrap()).await.status, 400);
    assert_eq!(bench.users_me_status(&access(&second)).await, 200);
    assert_eq!(bench.users_me_status(&access(&grace)).await, 200);
}

#[tokio::test]
async fn a_code_works_for_30_seconds_and_not_a_moment_longer() {
    let bench = Bench::start().await;
    for (waited, status) in [(29_999, 200), (30_000, 400)] {
        let code = bench.code(DEMO_CLIENT_ID, "users.read").await;
        bench.clock.advance(Duration::from_millis(waited));
        assert_eq!(bench.token(&exchange(&code)).await.status, status, "after {waited} ms");
    }
}

#[tokio::test]
async fn the_answer_can_lack_its_lifetime_or_have_a_negative_one() {
    let bench = Bench::start().await;
    bench.sandbox.set_knobs(Knobs { expires_in: None, ..Knobs::default() });
    assert!(bench.login().await.get("expires_in").is_none());
    bench.sandbox.set_knobs(Knobs { expires_in: Some(-5), ..Knobs::default() });
    assert_eq!(bench.login().await["expires_in"], -5);
}

#[tokio::test]
async fn the_ledger_knows_every_secret_that_passed() {
    let bench = Bench::start().await;
    let grant = bench.login().await;
    let code = bench.code(CONFIDENTIAL_ID, "users.read").await;

    let issued = bench.ledger.issued();
    assert_eq!(issued.len(), 4);
    assert!(issued.contains(&code));
    assert!(issued.iter().any(|secret| grant["refresh_token"] == secret.as_str()));
    assert_eq!(bench.ledger.received(Received::State), ["the-state", "the-state"]);
    assert_eq!(bench.ledger.received(Received::Challenge), [CHALLENGE, CHALLENGE]);
    assert_eq!(bench.ledger.received(Received::Verifier), [VERIFIER]);
    assert_eq!(bench.ledger.received(Received::Code), [issued[0].as_str()]);
    let requests = bench.ledger.requests();
    assert_eq!(requests[1].path, "/2/oauth2/token");
    assert_eq!((requests[1].method.as_str(), requests[1].status), ("POST", 200));
    assert!(requests.iter().all(|request| !request.path.contains('?')));
}
