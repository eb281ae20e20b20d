//! A token that is valid by its clock although an earlier refresh was not answered.

use std::time::Duration;

use birdkey::engine::ApiRequest;
use birdkey::problem::Code;
use birdkey::token::Needs;

use crate::stage::Stage;

/// Issue 17, decision 4.
#[tokio::test]
async fn a_valid_token_is_handed_out_with_a_warning_while_a_refresh_is_unanswered() {
    let stage = Stage::with_app().await;
    stage.log_in().await.unwrap();
    stage.clock.advance(Duration::from_hours(1));
    stage.plan("token:unavailable");
    assert_eq!(stage.engine.refresh(None).await.unwrap_err().code, Code::ServerUnavailable);
    let requests = stage.token_requests();
    let me = ApiRequest { target: "/2/users/me".into(), ..ApiRequest::default() };

    let handed_out = stage.token().await.unwrap();
    let answered = stage.engine.api(None, &me).await.unwrap();

    assert_eq!(handed_out.warning.unwrap().code, Code::RefreshUnanswered);
    assert_eq!(answered.warning.unwrap().code, Code::RefreshUnanswered);
    assert_eq!(answered.answer.status, 200, "it was sent all the same");
    assert_eq!(stage.account().problem.unwrap().code, Code::RefreshUnanswered);
    let longer = Needs { min_valid: Duration::from_secs(7_000), ..Needs::default() };
    let waits = stage.engine.token(None, &longer).await.unwrap_err();
    assert_eq!((waits.code, waits.code.exit_code()), (Code::RefreshUnanswered, 6));
    assert_eq!(stage.token_requests(), requests, "the server is left alone meanwhile");

    stage.rest();
    let answered = stage.engine.api(None, &me).await.unwrap();
    assert_eq!(answered.warning, None, "settled before it was sent");
    assert_eq!(stage.token_requests(), requests + 1);
    assert_eq!(stage.token().await.unwrap().warning, None);
}
