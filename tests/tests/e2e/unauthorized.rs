//! A 401 of the API: each new token is a rotation, so one is asked for only where it may help.

use std::time::Duration;

use birdkey::Engine;
use birdkey::engine::{ApiAnswer, ApiRequest};
use birdkey::problem::{Code, Unauthorized};
use birdkey_sandbox::{Canned, Route};

use crate::login::canned;
use crate::stage::Stage;

const BODY: &str = r#"{"title":"Unauthorized","detail":"Not for you.","status":401}"#;
const INVALID_TOKEN: &str = r#"Bearer realm="x", error="invalid_token""#;
const OTHER: &str = r#"Bearer error="insufficient_scope", scope="tweet.write""#;

async fn logged_in(age_seconds: u64) -> Stage {
    let stage = Stage::with_app().await;
    stage.log_in().await.unwrap();
    stage.clock.advance(Duration::from_secs(age_seconds));
    stage
}

fn refused(challenge: Option<&str>) -> Canned {
    let named = |value: &str| ("www-authenticate".to_owned(), value.to_owned());
    Canned { headers: challenge.map(named).into_iter().collect(), ..canned(401, BODY) }
}

async fn call(engine: &Engine) -> ApiAnswer {
    let target = "/2/users/me".to_owned();
    engine.api(None, &ApiRequest { target, ..ApiRequest::default() }).await.unwrap()
}

/// Issue 17, L19.
#[tokio::test]
async fn three_calls_to_an_endpoint_that_answers_401_cost_one_refresh() {
    for challenge in [None, Some(INVALID_TOKEN)] {
        let stage = logged_in(3_600).await;
        for _ in 0..4 {
            stage.sandbox.answer_next(Route::UsersMe, refused(challenge));
        }
        for engine in [&stage.engine, &stage.engine, &stage.second_engine()] {
            let answered = call(engine).await;
            assert_eq!(answered.answer.status, 401);
            assert_eq!(answered.unauthorized, Some(Unauthorized::NewTokenRefused));
            // The age of the pair alone would not spare it.
            stage.clock.advance(Duration::from_secs(61));
        }
        assert_eq!(stage.token_requests(), 2, "the login and one refresh: {challenge:?}");
        assert_eq!(call(&stage.engine).await.answer.status, 200, "none was sent more often");
    }
}

/// Issue 17, L19.
#[tokio::test]
async fn a_401_leads_to_a_refresh_only_when_the_pair_is_old_and_no_other_reason_is_named() {
    let table = [
        (0, None, Some(Unauthorized::TokenIsNew)),
        (59, Some(INVALID_TOKEN), Some(Unauthorized::TokenIsNew)),
        (3_600, Some(OTHER), Some(Unauthorized::OtherReason)),
        (60, None, None),
        (60, Some("Bearer"), None),
        (3_600, Some(INVALID_TOKEN), None),
    ];
    for (age, challenge, expected) in table {
        let stage = logged_in(age).await;
        stage.sandbox.answer_next(Route::UsersMe, refused(challenge));

        let answered = call(&stage.engine).await;

        let refreshed = expected.is_none();
        assert_eq!(answered.unauthorized, expected, "{age} s, {challenge:?}");
        assert_eq!(answered.answer.status, if refreshed { 200 } else { 401 }, "{age} s");
        let requests = stage.token_requests();
        assert_eq!(requests, 1 + usize::from(refreshed), "{age} s, {challenge:?}");
    }
}

/// Issue 17, L14.
#[tokio::test]
async fn a_401_after_a_refused_refresh_says_that_there_is_no_new_token_and_why() {
    let table = [
        ("token:refuse=5", Code::RefreshRefused, "birdkey login"),
        ("token:unavailable", Code::ServerUnavailable, "again"),
    ];
    for (line, code, hint) in table {
        let stage = logged_in(3_600).await;
        stage.sandbox.answer_next(Route::UsersMe, refused(Some(INVALID_TOKEN)));
        stage.plan(line);

        let answered = call(&stage.engine).await;

        let problem = answered.problem(BODY.as_bytes(), 0);
        assert_eq!(problem.code, code, "{problem:?}");
        assert!(problem.what.contains("there is no new one"), "{}", problem.what);
        assert!(problem.why.contains("Not for you."), "what the API said: {}", problem.why);
        let because = match answered.unauthorized.unwrap() {
            Unauthorized::NoNewToken(because) => because,
            other @ (Unauthorized::NewTokenRefused
            | Unauthorized::TokenIsNew
            | Unauthorized::OtherReason) => panic!("{other:?}"),
        };
        assert!(problem.why.contains(&because.what.to_string()), "{}", problem.why);
        assert!(
            problem.hint.contains(hint) && !problem.hint.contains("outage"),
            "{}",
            problem.hint
        );
    }
}
