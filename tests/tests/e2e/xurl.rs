//! Taking over from xurl, and knowing of its logins.

use std::path::PathBuf;

use birdkey::engine::{LiveLogin, NewApp};
use birdkey::login::Page;
use birdkey::problem::Code;
use birdkey::protocol::client::ClientType;
use birdkey::protocol::scope::Scopes;
use birdkey::token::Needs;

use crate::stage::{PUBLIC, Stage};

impl Stage {
    /// What xurl keeps of a login that the sandbox gave.
    fn write_xurl(&self, access: &str, refresh: &str) -> PathBuf {
        let path = self.root.path().join("home").join(".xurl").join("auth.yml");
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        let text = format!(
            "apps:\n  mine:\n    client_id: {PUBLIC}\n    client_secret: \"\"\n    oauth2_tokens:\n      demo_ada:\n        type: oauth2\n        oauth2:\n          access_token: {access}\n          refresh_token: {refresh}\n          expiration_time: 1795507200\n    bearer_token:\n      type: bearer\n      bearer: app-only\ndefault_app: mine\n"
        );
        std::fs::write(&path, text).unwrap();
        path
    }

    /// Another login of the same user that only xurl has; its refresh token, and xurl's file.
    async fn with_xurl_at(stage: &Self) -> (String, PathBuf) {
        let texts = stage.vault.texts();
        let list = std::fs::read_to_string(stage.root.path().join("data/accounts.json")).unwrap();
        stage.log_in().await.unwrap();
        let item: serde_json::Value =
            serde_json::from_str(&stage.vault.texts().remove(0).1).unwrap();
        for (name, text) in texts {
            stage.vault.edit(&name, |_| text);
        }
        std::fs::write(stage.root.path().join("data/accounts.json"), list).unwrap();
        let token = |name: &str| item[name].as_str().unwrap().to_owned();
        let path = stage.write_xurl(&token("access_token"), &token("refresh_token"));
        (token("refresh_token"), path)
    }

    /// A login that ended up in xurl's file and nowhere else.
    async fn with_xurl() -> (Self, PathBuf) {
        let stage = Self::with_app().await;
        stage.log_in().await.unwrap();
        Self::moved_to_xurl(stage)
    }

    /// Moves the login of this stage to xurl's file.
    fn moved_to_xurl(stage: Self) -> (Self, PathBuf) {
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
    assert_eq!(stage.account().username, Some("demo_ada".into()));
    assert!(stage.account().user_id.is_some(), "so that a later login knows the account");
    stage.clock.advance(std::time::Duration::from_hours(2));
    assert!(stage.works_at_the_server(&stage.token().await.unwrap()).await, "refreshed by us");
    let left = std::fs::read_to_string(path).unwrap();
    assert!(left.contains("app-only") && !left.contains("refresh_token"), "{left}");
    stage.log_in().await.unwrap();
    assert_eq!(stage.view().accounts.len(), 1, "a login of the same user moves in");
}

/// The names in its file are those of a server, too.
#[tokio::test]
async fn a_name_in_the_file_of_xurl_moves_no_cursor() {
    let (stage, path) = Stage::with_xurl().await;
    let text = std::fs::read_to_string(&path).unwrap();
    let name = "\"ada\\e]0;x\\a\\e[2J\\u061c\\u202e\\U000E0041\"";
    let text = text.replace("  mine:", "  \"mine\\e[2J\":").replace("demo_ada", name);
    std::fs::write(&path, text).unwrap();

    assert_eq!(stage.engine.xurl().unwrap().users, ["@ada ]0;x  [2J"]);
    stage.sandbox.plan("me:unavailable".parse().unwrap());
    let imported = stage.engine.import_xurl(None, true).await.unwrap();
    let account = stage.account();
    assert_eq!((account.username, account.app_name), (Some("ada ]0;x  [2J".into()), "Test".into()));
    assert!(imported.removed, "the file's own spelling is found again");
    assert!(!std::fs::read_to_string(path).unwrap().contains("refresh_token"));
}

/// Any program can write that file; a line break in a token would end a header, or a line of a script.
#[tokio::test]
async fn a_token_in_the_file_of_xurl_that_is_none_is_not_taken_over() {
    for (access, refresh) in [("\"AT\\nX: 1\"", "RT"), ("AT", "\"RT\\e[2J\""), ("AT\u{f6}", "RT")] {
        let stage = Stage::with_app().await;
        let path = stage.write_xurl(access, refresh);
        let before = std::fs::read_to_string(&path).unwrap();

        let problem = stage.engine.import_xurl(None, true).await.unwrap_err();

        assert_eq!(problem.code, Code::XurlUnreadable);
        assert!(problem.why.to_string().contains("demo_ada"), "{}", problem.why);
        assert_eq!(std::fs::read_to_string(&path).unwrap(), before, "it stays as it was");
        assert!(stage.vault.names().is_empty() && stage.view().accounts.is_empty());
    }
}

/// xurl keeps no scopes, so they are unknown until the server names them with a refresh.
#[tokio::test]
async fn a_login_of_xurl_has_the_scopes_that_it_has() {
    let needs = || Needs { scopes: vec!["tweet.write".into()], ..Needs::default() };
    for has_it in [true, false] {
        let stage = Stage::with_app().await;
        let mut request = stage.engine.login_request(None, Page::Open).unwrap();
        if has_it {
            request.scopes = Scopes::parse("tweet.read users.read tweet.write offline.access");
        }
        stage.engine.login_in_view(&request, &LiveLogin::default()).await.unwrap();
        let (stage, _) = Stage::moved_to_xurl(stage);
        stage.engine.import_xurl(None, true).await.unwrap();

        let account = stage.account();
        assert!(account.scopes_granted.is_empty() && account.scopes_requested.is_empty());
        let handed_out = stage.engine.token(None, &needs()).await.unwrap();
        assert!(handed_out.scopes.is_none());

        stage.engine.refresh(None).await.unwrap();
        assert!(stage.account().problem.is_none());
        let scopes = stage.account().scopes_granted;
        assert_eq!(scopes.contains(&"tweet.write".to_owned()), has_it, "{scopes:?}");
        let problem = stage.engine.token(None, &needs()).await.err();
        assert_eq!(problem.is_none(), has_it, "{problem:?}");
        if let Some(problem) = problem {
            assert_eq!(problem.code, Code::ScopeMissing);
            for scope in ["users.read", "offline.access", "tweet.write"] {
                assert!(problem.hint.contains(scope), "{problem:?}");
            }
        }
    }
}

#[tokio::test]
async fn a_second_import_leaves_the_newer_grant_alone() {
    let (stage, path) = Stage::with_xurl().await;
    let before = std::fs::read_to_string(&path).unwrap();
    stage.engine.import_xurl(None, false).await.unwrap();
    assert_eq!(std::fs::read_to_string(&path).unwrap(), before, "kept, as asked");
    stage.engine.refresh(None).await.unwrap();
    let again = stage.engine.import_xurl(None, false).await.unwrap();
    assert_eq!((again.accounts.len(), again.known), (0, vec!["@demo_ada".into()]));
    assert!(stage.works_at_the_server(&stage.token().await.unwrap()).await);
}

#[tokio::test]
async fn a_login_of_xurl_replaces_one_that_died_here() {
    for known_to_be_dead in [true, false] {
        let stage = Stage::with_app().await;
        let account = stage.log_in().await.unwrap();
        // xurl logs in as the same user, which ends ours at the server.
        let (other, path) = Stage::with_xurl_at(&stage).await;
        if known_to_be_dead {
            stage.engine.refresh(None).await.unwrap_err();
        }
        let imported = stage.engine.import_xurl(None, true).await.unwrap();

        assert_eq!((imported.accounts, imported.known), (vec![account], vec![]));
        assert!(!std::fs::read_to_string(&path).unwrap().contains(&other), "out of xurl's file");
        stage.clock.advance(std::time::Duration::from_hours(2));
        assert!(stage.works_at_the_server(&stage.token().await.unwrap()).await);
        assert_eq!(stage.view().accounts.len(), 1);
    }
}

#[tokio::test]
async fn while_it_is_not_clear_which_login_works_both_are_kept() {
    let stage = Stage::with_app().await;
    stage.log_in().await.unwrap();
    let (other, path) = Stage::with_xurl_at(&stage).await;
    stage.plan("token:unavailable");
    let imported = stage.engine.import_xurl(None, true).await.unwrap();
    assert_eq!((imported.accounts.len(), imported.unclear.len()), (0, 1));
    assert!(std::fs::read_to_string(&path).unwrap().contains(&other));
}

#[tokio::test]
async fn a_grant_of_a_newer_version_is_not_written_over() {
    let stage = Stage::with_app().await;
    stage.log_in().await.unwrap();
    Stage::with_xurl_at(&stage).await;
    stage.vault.edit(&stage.vault.names()[0], |_| r#"{"format":9}"#.to_owned());
    let before = stage.vault.texts();
    let imported = stage.engine.import_xurl(None, true).await.unwrap();
    assert_eq!((imported.accounts.len(), imported.unclear.len()), (0, 1));
    assert_eq!(stage.vault.texts(), before);
}

#[tokio::test]
async fn tokens_of_x_go_to_no_other_server() {
    let (stage, path) = Stage::with_xurl().await;
    let config = stage.root.path().join("config/config.toml");
    let text = std::fs::read_to_string(&config).unwrap();
    std::fs::write(&config, text.replace(&stage.address, "https://stranger.example")).unwrap();
    let before = std::fs::read_to_string(&path).unwrap();
    let problem = stage.engine.import_xurl(None, true).await.unwrap_err();
    assert_eq!((problem.code, problem.code.exit_code()), (Code::XurlOtherServer, 3));
    assert_eq!(std::fs::read_to_string(&path).unwrap(), before);
    assert!(stage.vault.names().is_empty());
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
    assert!(problem.hint.contains("birdkey import xurl"), "{}", problem.hint);

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
        assert_eq!(app.problem.unwrap().code, Code::GrantElsewhere, "{:?}", app.name);
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
    assert_eq!(stage.account().username, Some("ada".into()));
}
