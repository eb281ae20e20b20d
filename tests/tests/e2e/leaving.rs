//! What is to be revoked outlives all that stands in `config.toml`.

use birdkey::protocol::client::ClientType;
use birdkey::view::RevocationView;

use crate::stage::{CLIENT_SECRET, CONFIDENTIAL, Stage};

impl Stage {
    fn comment_the_app_out(&self) {
        let path = self.root.path().join("config/config.toml");
        let text = std::fs::read_to_string(&path).unwrap();
        let out: Vec<String> = text.lines().map(|line| format!("# {line}")).collect();
        std::fs::write(&path, out.join("\n")).unwrap();
        assert!(self.view().apps.is_empty());
    }

    async fn add_confidential(&self) -> String {
        let app = self.app(CONFIDENTIAL, ClientType::Confidential, Some(CLIENT_SECRET));
        self.engine.add_app(app).await.unwrap().id
    }
}

/// Issue 17, decision 3.
#[tokio::test]
async fn a_logout_revokes_also_while_the_app_is_commented_out() {
    for confidential in [false, true] {
        let stage = Stage::new().await;
        if confidential {
            stage.add_confidential().await;
        } else {
            stage.add_public().await;
        }
        stage.log_in().await.unwrap();
        let token = stage.token().await.unwrap();
        stage.comment_the_app_out();

        let ended = stage.engine.log_out(None).await.unwrap();

        let halves = (ended.refresh_token, ended.access_token);
        let both = (RevocationView::Revoked, RevocationView::Revoked);
        assert_eq!(halves, both, "confidential: {confidential}");
        assert!(!stage.works_at_the_server(&token).await, "at the server that issued it");
        assert!(stage.view().accounts.is_empty() && stage.view().waiting_logouts.is_empty());
    }
}

/// Issue 17, decision 3.
#[tokio::test]
async fn a_waiting_revocation_is_done_while_the_app_is_commented_out() {
    let stage = Stage::new().await;
    stage.add_confidential().await;
    stage.log_in().await.unwrap();
    let token = stage.token().await.unwrap();
    stage.plan("revoke:unavailable*2");
    stage.engine.log_out(None).await.unwrap();
    assert!(stage.works_at_the_server(&token).await, "the server knows nothing yet");
    stage.comment_the_app_out();

    stage.engine.finish_logouts().await;

    assert!(!stage.works_at_the_server(&token).await);
    assert!(stage.view().waiting_logouts.is_empty());
}

/// Issue 17, decision 3.
#[tokio::test]
async fn the_secret_of_a_removed_app_stays_as_long_as_a_revocation_needs_it() {
    let stage = Stage::new().await;
    let app = stage.add_confidential().await;
    stage.log_in().await.unwrap();
    let token = stage.token().await.unwrap();
    stage.plan("revoke:unavailable*3");
    let is_kept = || stage.vault.texts().iter().any(|(_, text)| text.contains(CLIENT_SECRET));

    stage.engine.remove_app(&app).await.unwrap();

    assert!(stage.view().apps.is_empty() && stage.view().accounts.is_empty());
    assert_eq!(stage.view().waiting_logouts.len(), 1);
    assert!(is_kept(), "without it nothing can be revoked any more");
    stage.engine.finish_logouts().await;
    assert!(is_kept(), "the server was away once more");

    stage.engine.finish_logouts().await;
    assert!(!stage.works_at_the_server(&token).await, "revoked, with the secret");
    assert!(stage.view().waiting_logouts.is_empty());
    assert!(stage.vault.names().is_empty(), "and gone with it: {:?}", stage.vault.names());
}

/// Not even the last entry takes it along: the section may be put back.
#[tokio::test]
async fn the_secret_of_an_app_that_is_commented_out_stays() {
    let stage = Stage::new().await;
    stage.add_confidential().await;
    stage.log_in().await.unwrap();
    stage.plan("revoke:unavailable*2");
    stage.engine.log_out(None).await.unwrap();
    stage.comment_the_app_out();

    stage.engine.finish_logouts().await;

    assert!(stage.view().waiting_logouts.is_empty());
    let texts = stage.vault.texts();
    assert!(texts.iter().any(|(_, text)| text.contains(CLIENT_SECRET)), "the app may come back");
}
