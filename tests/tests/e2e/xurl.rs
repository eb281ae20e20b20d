//! Taking over from xurl, and knowing of its logins.

use std::path::PathBuf;

use birdkey::engine::NewApp;
use birdkey::problem::Code;
use birdkey::protocol::client::ClientType;

use crate::stage::{PUBLIC, Stage};

impl Stage {
    /// What xurl keeps of a login that the sandbox gave.
    fn write_xurl(&self, access: &str, refresh: &str) -> PathBuf {
        let path = self.root.path().join("home/.xurl/auth.yml");
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        let text = format!(
            "apps:\n  mine:\n    client_id: {PUBLIC}\n    client_secret: \"\"\n    oauth2_tokens:\n      demo_ada:\n        type: oauth2\n        oauth2:\n          access_token: {access}\n          refresh_token: {refresh}\n          expiration_time: 1795507200\n    bearer_token:\n      type: bearer\n      bearer: app-only\ndefault_app: mine\n"
        );
        std::fs::write(&path, text).unwrap();
        path
    }

    /// A login that ended up in xurl's file and nowhere else.
    async fn with_xurl() -> (Self, PathBuf) {
        let stage = Self::with_app().await;
        stage.log_in().await.unwrap();
        let item = stage.vault.texts().remove(0).1;
        let item: serde_json::Value = serde_json::from_str(&item).unwrap();
        let token = |name: &str| item[name].as_str().unwrap().to_owned();
        let path = stage.write_xurl(&token("access_token"), &token("refresh_token"));
        stage.vault.remove_all();
        std::fs::remove_file(stage.root.path().join("data/accounts.json")).unwrap();
        (stage, path)
    }
}

#[tokio::test]
async fn a_login_of_xurl_is_taken_over_and_works_on() {
    let (stage, path) = Stage::with_xurl().await;
    let imported = stage.engine.import_xurl(None, true).await.unwrap();

    assert_eq!((imported.accounts.len(), imported.removed), (1, true));
    assert_eq!(stage.account().username.as_deref(), Some("demo_ada"));
    assert!(stage.account().user_id.is_some(), "so that a later login knows the account");
    stage.clock.advance(std::time::Duration::from_secs(7_200));
    assert!(stage.works_at_the_server(&stage.token().await.unwrap()).await, "refreshed by us");
    let left = std::fs::read_to_string(path).unwrap();
    assert!(left.contains("app-only") && !left.contains("refresh_token"), "{left}");
    stage.log_in().await.unwrap();
    assert_eq!(stage.view().accounts.len(), 1, "a login of the same user moves in");
}

#[tokio::test]
async fn a_second_import_leaves_the_newer_grant_alone() {
    let (stage, path) = Stage::with_xurl().await;
    let before = std::fs::read_to_string(&path).unwrap();
    stage.engine.import_xurl(None, false).await.unwrap();
    assert_eq!(std::fs::read_to_string(&path).unwrap(), before, "kept, as asked");
    stage.engine.refresh(None).await.unwrap();
    let again = stage.engine.import_xurl(None, false).await.unwrap();
    assert_eq!((again.accounts.len(), again.known), (0, vec!["@demo_ada".to_owned()]));
    assert!(stage.works_at_the_server(&stage.token().await.unwrap()).await);
}

#[tokio::test]
async fn a_vault_that_takes_nothing_leaves_xurl_as_it_was() {
    let (stage, path) = Stage::with_xurl().await;
    let before = std::fs::read_to_string(&path).unwrap();
    stage.vault.fail_with(birdkey::effects::vault::memory::Trouble::Failed);
    assert_eq!(stage.engine.import_xurl(None, true).await.unwrap_err().code, Code::VaultFailed);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), before);
    assert!(stage.view().accounts.is_empty());
}

#[tokio::test]
async fn an_app_that_xurl_uses_too_says_so_before_a_login_and_when_its_grant_dies() {
    let stage = Stage::with_app().await;
    stage.log_in().await.unwrap();
    let path = stage.write_xurl("AT-elsewhere", "RT-elsewhere");
    stage.engine.look_for_xurl();
    let problem = stage.view().apps[0].problem.clone().unwrap();
    assert_eq!(problem.code, Code::GrantElsewhere);
    assert!(problem.fix.contains("birdkey import xurl"), "{}", problem.fix);

    stage.plan("token:refuse=5");
    let dead = stage.engine.refresh(None).await.unwrap_err();
    assert_eq!(dead.code, Code::RefreshRefused);
    assert!(dead.why.contains(&path.display().to_string()), "{}", dead.why);
    assert!(stage.account().problem.unwrap().why.contains("xurl"));
}

#[tokio::test]
async fn the_same_registration_twice_is_a_warning() {
    let stage = Stage::with_app().await;
    stage
        .engine
        .add_app(NewApp { name: "Twin".into(), ..stage.app(PUBLIC, ClientType::Public, None) })
        .await
        .unwrap();
    for app in stage.view().apps {
        assert_eq!(app.problem.unwrap().code, Code::GrantElsewhere, "{}", app.name);
    }
}

#[tokio::test]
async fn without_anything_of_xurl_the_reason_is_named() {
    let stage = Stage::with_app().await;
    assert_eq!(stage.engine.import_xurl(None, true).await.unwrap_err().code, Code::XurlMissing);
    let older = stage.root.path().join("home/.xurl");
    std::fs::create_dir_all(older.parent().unwrap()).unwrap();
    let tokens = r#"{"oauth2_tokens":{"ada":{"type":"oauth2","oauth2":{"access_token":"A"}}}}"#;
    std::fs::write(&older, tokens).unwrap();
    let problem = stage.engine.import_xurl(None, true).await.unwrap_err();
    assert_eq!(problem.code, Code::XurlClientIdMissing);
    stage.engine.import_xurl(Some(PUBLIC), false).await.unwrap();
    assert_eq!(stage.account().username.as_deref(), Some("ada"));
}
