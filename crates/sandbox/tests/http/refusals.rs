//! Each refusal of the token and revoke endpoints, word by word.

use std::time::Duration;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use birdkey_sandbox::{DEMO_CLIENT_ID, Knobs};

use crate::support::{
    Answer, Bench, CHALLENGE, CONFIDENTIAL_ID, Pairs, REDIRECT_URI, SECRET, VERIFIER, exchange,
    with,
};

const CODE: &str = "Value passed for the authorization code was invalid.";
const URI: &str =
    "Value passed for the redirect uri did not match the uri of the authorization code.";
const PROOF: &str = "Value passed for the code verifier did not match the code challenge.";
const TOKEN: &str = "Value passed for the token was invalid.";
const CLIENT: &str = "Value passed for the client id was invalid.";
const HEADER: &str = "Missing valid authorization header";
const GRANT: &str = "Value passed for the grant type was invalid. \
                     Grant type should be one of [authorization_code, refresh_token].";

#[track_caller]
fn assert_refused(answer: &Answer, status: u16, error: &str, description: &str) {
    let expected = format!(r#"{{"error":"{error}","error_description":"{description}"}}"#);
    assert_eq!((answer.status, answer.text.as_str()), (status, expected.as_str()));
}

fn missing(parameter: &str) -> String {
    format!("Missing required parameter [{parameter}].")
}

#[tokio::test]
async fn a_wrong_exchange_is_refused_in_the_words_of_x() {
    let bench = Bench::start().await;
    let long = format!("{REDIRECT_URI}/");
    let cases: &[(Pairs<'_>, &str, &str)] = &[
        (vec![("code", "guessed")], "invalid_request", CODE),
        (vec![("redirect_uri", &long)], "invalid_request", URI),
        (vec![("code_verifier", CHALLENGE)], "invalid_request", PROOF),
        (vec![("grant_type", "client_credentials")], "invalid_request", GRANT),
        (vec![("client_id", "mistyped")], "invalid_client", CLIENT),
        (vec![("client_id", "mistyped"), ("grant_type", "")], "invalid_client", CLIENT),
    ];
    for (changes, error, description) in cases {
        let code = bench.code(DEMO_CLIENT_ID, "users.read").await;
        let answer = bench.token(&with(exchange(&code), changes)).await;
        assert_refused(&answer, 400, error, description);
    }
}

#[tokio::test]
async fn a_missing_parameter_is_named_and_leaves_the_code_alive() {
    let bench = Bench::start().await;
    let code = bench.code(DEMO_CLIENT_ID, "users.read").await;
    for parameter in ["client_id", "grant_type", "code", "redirect_uri", "code_verifier"] {
        let answer = bench.token(&with(exchange(&code), &[(parameter, "")])).await;
        assert_refused(&answer, 400, "invalid_request", &missing(parameter));
    }
    let refresh = vec![("grant_type", "refresh_token"), ("client_id", DEMO_CLIENT_ID)];
    let answer = bench.token(&refresh).await;
    assert_refused(&answer, 400, "invalid_request", &missing("refresh_token"));
    assert_eq!(bench.token(&exchange(&code)).await.status, 200);
}

#[tokio::test]
async fn a_repeated_parameter_is_refused() {
    let bench = Bench::start().await;
    let mut pairs = exchange("a");
    pairs.push(("code", "b"));
    assert_eq!(bench.token(&pairs).await.status, 400);
}

#[tokio::test]
async fn a_json_body_says_what_a_form_says_unless_the_knob_refuses_it() {
    let bench = Bench::start().await;
    let code = bench.code(DEMO_CLIENT_ID, "users.read offline.access").await;
    let json = "application/json; charset=utf-8";
    let exchanged = bench.post_json("/2/oauth2/token", json, &exchange(&code)).await;
    assert_eq!(exchanged.status, 200, "{}", exchanged.text);
    let grant = exchanged.json();
    let refresh = vec![
        ("grant_type", "refresh_token"),
        ("refresh_token", grant["refresh_token"].as_str().unwrap()),
        ("client_id", DEMO_CLIENT_ID),
    ];
    let odd = bench.post_json("/2/oauth2/token", "text/plain", &refresh).await;
    assert_refused(&odd, 400, "invalid_request", &missing("client_id"));

    bench.sandbox.plan("json-bodies=off".parse().unwrap());
    let refused = bench.post_json("/2/oauth2/token", json, &refresh).await;
    assert_refused(&refused, 400, "invalid_request", &missing("client_id"));
    let page = bench.client.get(bench.url("/")).send().await.unwrap().text().await.unwrap();
    assert!(page.contains("JSON is refused"), "{page}");

    bench.sandbox.plan("json-bodies".parse().unwrap());
    let refreshed = bench.post_json("/2/oauth2/token", json, &refresh).await;
    assert_eq!(refreshed.status, 200, "{}", refreshed.text);
    let access = refreshed.json()["access_token"].as_str().unwrap().to_owned();
    let end = vec![
        ("token", access.as_str()),
        ("token_type_hint", "access_token"),
        ("client_id", DEMO_CLIENT_ID),
    ];
    assert_eq!(bench.post_json("/2/oauth2/revoke", json, &end).await.status, 200);
    assert_eq!(bench.users_me_status(&access).await, 401);
    let page = bench.client.get(bench.url("/")).send().await.unwrap().text().await.unwrap();
    assert!(page.contains("forms or JSON"), "{page}");
}

#[tokio::test]
async fn a_json_body_that_is_no_object_of_texts_has_no_client_id() {
    let bench = Bench::start().await;
    for json in ["", "[]", "{", r#"{"client_id":1}"#, r#"{"client_id":["a"]}"#, "null"] {
        let request = bench.client.post(bench.url("/2/oauth2/token"));
        let request = request.header("content-type", "application/json").body(json);
        let answer = request.send().await.unwrap().text().await.unwrap();
        assert!(answer.contains(&missing("client_id")), "{json}: {answer}");
    }
}

#[tokio::test]
async fn a_code_works_once() {
    let bench = Bench::start().await;
    let code = bench.code(DEMO_CLIENT_ID, "users.read").await;
    assert_eq!(bench.token(&exchange(&code)).await.status, 200);
    assert_refused(&bench.token(&exchange(&code)).await, 400, "invalid_request", CODE);
}

#[tokio::test]
async fn a_failed_exchange_burns_the_code_unless_told_otherwise() {
    let bench = Bench::start().await;
    for (burn_code_on_failure, status) in [(true, 400), (false, 200)] {
        bench.sandbox.set_knobs(Knobs { burn_code_on_failure, ..Knobs::default() });
        let code = bench.code(DEMO_CLIENT_ID, "users.read").await;
        let wrong = with(exchange(&code), &[("code_verifier", "wrong")]);
        assert_refused(&bench.token(&wrong).await, 400, "invalid_request", PROOF);
        assert_eq!(bench.token(&exchange(&code)).await.status, status);
    }
}

#[tokio::test]
async fn the_code_of_another_app_is_no_code() {
    let bench = Bench::start().await;
    let code = bench.code(CONFIDENTIAL_ID, "users.read").await;
    assert_refused(&bench.token(&exchange(&code)).await, 400, "invalid_request", CODE);
}

#[tokio::test]
async fn a_public_app_names_itself_in_the_body_and_a_stray_header_does_no_harm() {
    let bench = Bench::start().await;
    let basic = format!("Basic {}", STANDARD.encode(format!("{DEMO_CLIENT_ID}:anything")));
    let code = bench.code(DEMO_CLIENT_ID, "users.read").await;
    let without = with(exchange(&code), &[("client_id", "")]);
    let answer = bench.token_basic(&basic, &without).await;
    assert_refused(&answer, 400, "invalid_request", &missing("client_id"));
    assert_eq!(bench.token_basic(&basic, &exchange(&code)).await.status, 200);
}

#[tokio::test]
async fn a_confidential_app_proves_itself_with_basic_alone() {
    let bench = Bench::start().await;
    // RFC 6749 §2.3.1: both halves are form-encoded first.
    let form_encoded = "a+secret%2Bwith%25reserved%3Asigns";
    let header = |secret: &str| format!("Basic {}", STANDARD.encode(secret));
    let right = header(&format!("{CONFIDENTIAL_ID}:{form_encoded}"));
    let wrong = header(&format!("{CONFIDENTIAL_ID}:wrong"));
    let other = header(&format!("{DEMO_CLIENT_ID}:{form_encoded}"));
    let code = bench.code(CONFIDENTIAL_ID, "users.read").await;
    let named = with(exchange(&code), &[("client_id", CONFIDENTIAL_ID)]);
    let unnamed = with(exchange(&code), &[("client_id", "")]);

    let posted = with(named.clone(), &[("client_secret", SECRET)]);
    assert_refused(&bench.token(&posted).await, 401, "unauthorized_client", HEADER);
    for basic in [&wrong, &other, "Basic !!!", "Bearer x"] {
        let answer = bench.token_basic(basic, &named).await;
        assert_refused(&answer, 401, "unauthorized_client", HEADER);
    }
    assert_eq!(bench.token_basic(&right, &unnamed).await.status, 200);
}

#[tokio::test]
async fn a_junk_refresh_token_tells_a_wrong_id_from_a_wrong_secret() {
    let bench = Bench::start().await;
    let probe = |client_id| {
        vec![("grant_type", "refresh_token"), ("refresh_token", "junk"), ("client_id", client_id)]
    };
    let fine = bench.token(&probe(DEMO_CLIENT_ID)).await;
    assert_refused(&fine, 400, "invalid_request", TOKEN);
    let secret = bench.token(&probe(CONFIDENTIAL_ID)).await;
    assert_refused(&secret, 401, "unauthorized_client", HEADER);
    let id = bench.token(&probe("YmlyZGtleQ\r")).await;
    assert_refused(&id, 400, "invalid_client", CLIENT);
}

#[tokio::test]
async fn revoking_needs_a_hint_and_ends_one_token() {
    let bench = Bench::start().await;
    let grant = bench.login().await;
    let access = grant["access_token"].as_str().unwrap();
    let refresh = grant["refresh_token"].as_str().unwrap();
    let bare = vec![("token", refresh), ("client_id", DEMO_CLIENT_ID)];

    let answer = bench.post("/2/oauth2/revoke", &bare).await;
    assert_refused(&answer, 400, "invalid_request", &missing("token_type_hint"));
    let hinted = with(bare.clone(), &[("token_type_hint", "refresh_token")]);
    let answer = bench.post("/2/oauth2/revoke", &hinted).await;
    assert_eq!((answer.status, answer.text.as_str()), (200, r#"{"revoked":true}"#));
    assert_refused(&bench.refresh(refresh).await, 400, "invalid_request", TOKEN);
    assert_eq!(bench.users_me_status(access).await, 200);

    let again = bench.post("/2/oauth2/revoke", &hinted).await;
    assert_refused(&again, 400, "invalid_request", TOKEN);
    let other =
        vec![("token", access), ("client_id", DEMO_CLIENT_ID), ("token_type_hint", "access_token")];
    assert_eq!(bench.post("/2/oauth2/revoke", &other).await.status, 200);
    assert_eq!(bench.users_me_status(access).await, 401);
}

#[tokio::test]
async fn revoking_can_be_set_to_end_the_pair_and_to_need_no_hint() {
    let bench = Bench::start().await;
    let knobs = Knobs { revoke_needs_hint: false, revoke_kills_pair: true, ..Knobs::default() };
    bench.sandbox.set_knobs(knobs);
    let grant = bench.login().await;
    let refresh = grant["refresh_token"].as_str().unwrap();
    let bare = vec![("token", refresh), ("client_id", DEMO_CLIENT_ID)];
    assert_eq!(bench.post("/2/oauth2/revoke", &bare).await.status, 200);
    assert_eq!(bench.users_me_status(grant["access_token"].as_str().unwrap()).await, 401);
}

#[tokio::test]
async fn a_verifier_too_short_for_the_rfc_is_refused_when_strict() {
    let bench = Bench::start().await;
    let code = bench.code(DEMO_CLIENT_ID, "users.read").await;
    bench.clock.advance(Duration::from_secs(1));
    bench.sandbox.set_knobs(Knobs { strict_pkce: true, ..Knobs::default() });
    let short = with(exchange(&code), &[("code_verifier", &VERIFIER[..42])]);
    assert_refused(&bench.token(&short).await, 400, "invalid_request", PROOF);
}
