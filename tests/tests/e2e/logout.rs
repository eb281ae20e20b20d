//! Logging out: both tokens are revoked, the grant is erased, and each half is accounted for.

use birdkey::effects::vault::memory::Trouble;
use birdkey::problem::Code;
use birdkey::view::{LogoutView, RevocationView};
use birdkey_sandbox::Route;

use crate::login::canned;
use crate::stage::Stage;

async fn logged_in() -> Stage {
    let stage = Stage::with_app().await;
    stage.log_in().await.unwrap();
    stage
}

fn code(half: &RevocationView) -> Option<Code> {
    match half {
        RevocationView::Failed { problem } => Some(problem.code),
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
        stage.engine.token(None, &birdkey::hand_out::Needs::default()).await.unwrap().access_token;

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
    assert_eq!(ended.access_token, RevocationView::Revoked);
    assert_erased(&stage);
}

#[tokio::test]
async fn without_the_server_the_grant_is_erased_and_both_halves_are_named() {
    let mut stage = logged_in().await;
    stage.stop_sandbox().await;

    let ended = stage.engine.log_out(None).await.unwrap();

    assert_eq!(code(&ended.refresh_token), Some(Code::SandboxNotRunning));
    assert_eq!(code(&ended.access_token), Some(Code::SandboxNotRunning));
    assert_erased(&stage);
}

#[tokio::test]
async fn a_grant_is_revoked_nowhere_but_where_it_was_made() {
    let stage = logged_in().await;
    let path = stage.root.path().join("config/config.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text.replace(&stage.address, "https://stranger.example")).unwrap();

    let ended = stage.engine.log_out(None).await.unwrap();

    assert_eq!(code(&ended.refresh_token), Some(Code::EndpointsChanged));
    assert_eq!(code(&ended.access_token), Some(Code::EndpointsChanged));
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
