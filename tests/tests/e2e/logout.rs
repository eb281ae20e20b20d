//! Logging out: both tokens are revoked, the grant is erased, and each half is accounted for.

use birdkey::effects::vault::memory::Trouble;
use birdkey::problem::Code;
use birdkey::view::{LogoutView, RevocationView};
use birdkey_sandbox::Route;

use crate::login::canned;
use crate::stage::Stage;

impl Stage {
    fn revocations(&self) -> usize {
        self.ledger.requests().iter().filter(|one| one.path == "/2/oauth2/revoke").count()
    }
}

async fn logged_in() -> Stage {
    let stage = Stage::with_app().await;
    stage.log_in().await.unwrap();
    stage
}

fn code(half: &RevocationView) -> Option<Code> {
    match half {
        RevocationView::Failed { problem } | RevocationView::Waiting { problem } => {
            Some(problem.code)
        }
        RevocationView::Revoked | RevocationView::None | RevocationView::Unsupported => None,
    }
}

fn assert_erased(stage: &Stage) {
    assert!(stage.vault.names().is_empty());
    assert!(stage.view().accounts.is_empty());
}

#[tokio::test]
async fn a_logout_revokes_both_tokens_and_erases_the_grant() {
    let stage = logged_in().await;
    let token =
        stage.engine.token(None, &birdkey::token::Needs::default()).await.unwrap().access_token;

    let LogoutView { refresh_token, access_token, .. } = stage.engine.log_out(None).await.unwrap();

    assert_eq!((refresh_token, access_token), (RevocationView::Revoked, RevocationView::Revoked));
    assert_erased(&stage);
    let me = crate::browser::client(reqwest::redirect::Policy::none())
        .get(format!("{}/2/users/me", stage.address))
        .bearer_auth(token.expose())
        .send()
        .await
        .unwrap();
    assert_eq!(me.status(), 401, "the token is dead at the server");
}

#[tokio::test]
async fn a_half_that_failed_is_named_and_the_grant_is_erased_all_the_same() {
    let stage = logged_in().await;
    stage.sandbox.answer_next(Route::Revoke, canned(503, ""));

    let ended = stage.engine.log_out(None).await.unwrap();

    assert_eq!(code(&ended.refresh_token), Some(Code::ServerUnavailable));
    assert!(matches!(ended.refresh_token, RevocationView::Waiting { .. }), "and is tried again");
    assert_eq!(ended.access_token, RevocationView::Revoked);
    assert!(stage.view().accounts.is_empty());
    stage.engine.finish_logouts().await;
    assert_erased(&stage);
}

#[tokio::test]
async fn without_the_server_the_grant_is_erased_and_both_halves_are_named() {
    let mut stage = logged_in().await;
    stage.stop_sandbox().await;

    let ended = stage.engine.log_out(None).await.unwrap();

    assert_eq!(code(&ended.refresh_token), Some(Code::SandboxNotRunning));
    assert_eq!(code(&ended.access_token), Some(Code::SandboxNotRunning));
    assert!(stage.view().accounts.is_empty());
    assert_eq!(stage.view().waiting_logouts, ["Ada Demo (@demo_ada)"]);
    let waiting = std::fs::read_to_string(stage.root.path().join("data/revocations.json")).unwrap();
    assert!(stage.ledger.issued().iter().all(|secret| !waiting.contains(secret)), "{waiting}");
}

#[tokio::test]
async fn a_logout_that_the_server_could_not_be_told_of_is_told_later_by_itself() {
    let stage = logged_in().await;
    let token = stage.token().await.unwrap();
    stage.plan("revoke:drop-before*3");
    stage.engine.log_out(None).await.unwrap();
    assert!(stage.works_at_the_server(&token).await, "the server knows nothing yet");
    let engine = std::sync::Arc::clone(&stage.engine);
    let keeping = tokio::spawn(async move { engine.keep_fresh().await });
    while stage.revocations() < 4 {
        tokio::task::yield_now().await;
    }
    stage.clock.until_sleeping(std::time::Duration::from_mins(1)).await;
    assert_eq!(stage.view().waiting_logouts.len(), 1, "the refresh half failed a second time");

    stage.clock.advance(std::time::Duration::from_mins(1));
    while !stage.view().waiting_logouts.is_empty() {
        tokio::task::yield_now().await;
    }

    keeping.abort();
    assert!(!stage.works_at_the_server(&token).await);
    assert_erased(&stage);
    let told = stage.engine.activity();
    assert_eq!(told.last().unwrap().what, birdkey::activity::What::Logout);
    assert_eq!(told.last().unwrap().code, None, "done at last");
}

#[tokio::test]
async fn what_waits_survives_a_restart_and_is_done_once() {
    let stage = logged_in().await;
    stage.plan("revoke:unavailable*2");
    stage.engine.log_out(None).await.unwrap();
    let (one, other) = (stage.second_engine(), stage.second_engine());
    let ticks = stage.ticking();
    tokio::join!(one.finish_logouts(), other.finish_logouts());
    ticks.abort();
    assert_erased(&stage);
    assert_eq!(stage.revocations(), 4, "two that failed, two that did not");
}

#[tokio::test]
async fn a_grant_is_revoked_nowhere_but_where_it_was_made() {
    let stage = logged_in().await;
    let path = stage.root.path().join("config/config.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text.replace(&stage.address, "https://stranger.example")).unwrap();

    let ended = stage.engine.log_out(None).await.unwrap();

    assert_eq!(ended.refresh_token, RevocationView::Revoked, "at the server that issued it");
    assert_eq!(ended.access_token, RevocationView::Revoked);
    assert_erased(&stage);
}

#[tokio::test]
async fn a_keychain_that_can_t_be_changed_keeps_the_account_listed() {
    let stage = logged_in().await;
    stage.vault.fail_changes_with(Trouble::Failed);

    let problem = stage.engine.log_out(None).await.unwrap_err();

    assert_eq!(problem.code, Code::VaultFailed);
    assert_eq!(stage.view().accounts.len(), 1);
}

#[tokio::test]
async fn removing_an_app_logs_its_accounts_out() {
    let stage = logged_in().await;
    let app = stage.view().apps[0].id.clone();

    stage.engine.remove_app(&app).await.unwrap();

    assert_erased(&stage);
    assert!(stage.view().apps.is_empty());
    let revoked =
        stage.ledger.requests().iter().filter(|one| one.path == "/2/oauth2/revoke").count();
    assert_eq!(revoked, 2);
}
