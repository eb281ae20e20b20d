//! A login for one account: the account is the identity, and the profile only an attribute of it.

use std::sync::Arc;
use std::time::Duration;

use birdkey::engine::LiveLogin;
use birdkey::login::Page;
use birdkey::problem::{Code, Problem};
use birdkey_sandbox::Route;

use crate::hanging::{Tries, hang};
use crate::login::canned;
use crate::stage::Stage;

/// How a server leaves open who logged in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Silence {
    Answers(u16),
    Slow,
    NotOffered,
}

/// Logs in, for an account when one is given; its id, and why another one is not renewed.
async fn log_in(stage: &Stage, slow: &Tries, account: Option<&str>) -> (String, Option<Problem>) {
    let request = match account {
        Some(id) => stage.engine.login_again_request(id, Page::Open).unwrap(),
        None => stage.engine.login_request(None, Page::Open).unwrap(),
    };
    let live = LiveLogin::default();
    let (engine, shown) = (Arc::clone(&stage.engine), live.clone());
    let before = slow.count();
    let login = tokio::spawn(async move { engine.login_in_view(&request, &shown).await });
    while !login.is_finished() {
        if slow.count() > before {
            stage.clock.advance(Duration::from_secs(5));
        }
        tokio::task::yield_now().await;
    }
    (login.await.unwrap().unwrap(), live.told().not_renewed)
}

/// Issue 17, L2.
#[tokio::test]
async fn a_login_for_an_account_without_a_name_renews_that_account() {
    for silence in [
        Silence::Answers(402),
        Silence::Answers(403),
        Silence::Answers(429),
        Silence::Slow,
        Silence::NotOffered,
    ] {
        let stage = Stage::new().await;
        let (address, slow) = hang(([127, 0, 0, 1], 0).into()).await;
        let app = match silence {
            Silence::Answers(status) => {
                for _ in 0..2 {
                    stage.sandbox.answer_next(Route::UsersMe, canned(status, ""));
                }
                stage.public()
            }
            Silence::Slow => stage.custom(Some(format!("http://{address}/me")), None),
            Silence::NotOffered => stage.custom(None, None),
        };
        stage.engine.add_app(app).await.unwrap();
        let (id, _) = log_in(&stage, &slow, None).await;
        stage.engine.make_default_account(&id).unwrap();
        let before = stage.token().await.unwrap();

        let (again, not_renewed) = log_in(&stage, &slow, Some(&id)).await;

        assert_eq!((again.as_str(), not_renewed), (id.as_str(), None), "{silence:?}");
        assert_eq!(slow.count() > 0, silence == Silence::Slow);
        let account = stage.account();
        assert!(account.id == id && account.is_default, "{silence:?}: {account:#?}");
        let after = stage.token().await.unwrap();
        assert_ne!(after.serial, before.serial, "{silence:?}: the new pair");
        assert!(stage.works_at_the_server(&after).await, "{silence:?}");
    }
}

/// Issue 17, decision 2.
#[tokio::test]
async fn a_login_for_a_named_account_whose_user_is_not_confirmed_stays_apart() {
    for status in [402, 403, 429] {
        let stage = Stage::with_app().await;
        let id = stage.log_in().await.unwrap();
        stage.engine.make_default_account(&id).unwrap();
        let before = stage.token().await.unwrap();
        stage.sandbox.answer_next(Route::UsersMe, canned(status, ""));

        let (apart, not_renewed) = log_in(&stage, &Tries::default(), Some(&id)).await;

        let problem = not_renewed.unwrap();
        assert_eq!((problem.code, problem.code.exit_code()), (Code::UserUnconfirmed, 4));
        assert!(problem.why.contains("@demo_ada"), "{status}: {problem:?}");
        assert_ne!(apart, id);
        let kept: Vec<_> = stage.view().accounts.into_iter().map(|one| one.id).collect();
        assert_eq!(kept, [id.as_str(), apart.as_str()], "{status}");
        // The sandbox keeps one login for each app and user, so that it ended the earlier one.
        assert!(!stage.works_at_the_server(&before).await);
        assert_eq!(stage.token().await.unwrap_err().code, Code::RefreshRefused, "{status}");
    }
}

/// A server that keeps one grant for each app and user may have ended the earlier login; only it knows.
#[tokio::test]
async fn a_token_that_a_login_of_an_unknown_user_ended_is_not_handed_out() {
    for silence in [None, Some(402)] {
        let stage = Stage::with_app().await;
        let id = stage.log_in().await.unwrap();
        stage.engine.make_default_account(&id).unwrap();
        if let Some(status) = silence {
            stage.sandbox.answer_next(Route::UsersMe, canned(status, ""));
        } else {
            stage.sandbox.set_auto_user("demo_grace");
        }
        let (other, _) = log_in(&stage, &Tries::default(), None).await;
        assert_ne!(other, id);

        let shown = stage.view().accounts.into_iter().find(|one| one.id == id).unwrap();
        let overtaken = silence.map(|_| Code::LoginOvertaken);
        assert_eq!(shown.problem.map(|problem| problem.code), overtaken);
        if silence.is_some() {
            stage.sandbox.answer_next(Route::Token, canned(503, ""));
        }
        let unasked = stage.token().await.unwrap();
        assert_eq!(unasked.warning.as_ref().map(|problem| problem.code), overtaken);
        assert_eq!(stage.works_at_the_server(&unasked).await, silence.is_none());

        stage.clock.advance(Duration::from_mins(1));
        let handed_out = stage.token().await;

        // The login or the reply that never came may have ended it; Birdkey can't tell which.
        let ended = silence.map(|_| Code::RefreshReplyLost);
        assert_eq!(handed_out.err().map(|problem| problem.code), ended);
    }
}
