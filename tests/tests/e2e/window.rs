//! What the window does beyond logging in: changing an app, trying a request, the token inspector.

use birdkey::engine::{ApiRequest, AppChange, LiveLogin};
use birdkey::login::Page;
use birdkey::problem::Code;
use birdkey::protocol::client::ClientType;
use birdkey::protocol::scope::Scopes;
use sha2::{Digest as _, Sha256};

use crate::stage::{CLIENT_SECRET, CONFIDENTIAL, Stage};

async fn logged_in() -> Stage {
    let stage = Stage::with_app().await;
    stage.log_in().await.unwrap();
    stage
}

fn get(target: &str) -> ApiRequest {
    ApiRequest { target: target.into(), ..ApiRequest::default() }
}

#[tokio::test]
async fn a_tried_request_shows_the_answer_and_never_the_token() {
    let stage = logged_in().await;
    let id = stage.account().id;

    let tried = stage.engine.try_request(Some(&id), &get("/2/users/me")).await.unwrap();

    assert_eq!(
        (tried.view.status, tried.view.is_json, tried.view.problem.is_none()),
        (200, true, true)
    );
    let lines: Vec<_> = tried.text.some(0, 1_000).collect();
    assert_eq!(lines[0], "{");
    assert!(lines.contains(&"    \"username\": \"demo_ada\""), "{lines:?}");
    assert_eq!(tried.view.lines, lines.len() as u64);
    let limit = tried.view.rate_limit.unwrap();
    assert!(limit.limit == 75 && limit.remaining < 75 && limit.resets_at_ms.is_some(), "{limit:?}");
    let told = format!("{tried:?}");
    assert!(stage.ledger.issued().iter().all(|secret| !told.contains(secret)));
}

#[tokio::test]
async fn a_refusal_of_the_server_is_explained_and_what_may_not_go_is_not_sent() {
    let stage = logged_in().await;
    let tried = stage.engine.try_request(None, &get("/2/no/such/thing")).await.unwrap();
    assert_eq!(tried.view.status, 404);
    assert!(tried.view.problem.is_some() && tried.text.count() > 0, "{tried:?}");
    let before = stage.ledger.requests().len();
    for target in ["/2/oauth2/token", "https://evil.example/2/users/me"] {
        let problem = stage.engine.try_request(None, &get(target)).await.unwrap_err();
        assert_eq!(problem.code, Code::ApiNotSent, "{problem:?}");
    }
    let needs = ApiRequest { scopes: vec!["tweet.write".into()], ..get("/2/users/me") };
    let problem = stage.engine.try_request(None, &needs).await.unwrap_err();
    assert_eq!(problem.code, Code::ScopeMissing);
    assert_eq!(stage.ledger.requests().len(), before);
}

#[tokio::test]
async fn a_changed_app_keeps_its_accounts_and_asks_for_its_new_scopes() {
    let stage = logged_in().await;
    let app = stage.view().apps.remove(0);
    let change = AppChange {
        name: "  Newsroom\u{7}  ".into(),
        client_id: String::new(),
        redirect_uris: vec![format!(" {} ", stage.redirect_uri), String::new()],
        scopes: vec!["users.read".into(), "tweet.read".into()],
    };
    stage.engine.change_app(&app.id, &change).unwrap();

    let view = stage.view();
    let changed = &view.apps[0];
    assert_eq!((changed.name.raw(), &changed.client_id), ("Newsroom", &app.client_id));
    assert_eq!(changed.redirect_uris, std::slice::from_ref(&stage.redirect_uri));
    assert_eq!(changed.scopes, ["users.read", "tweet.read"]);
    assert_eq!(view.accounts[0].app_name, "Newsroom");
    stage.log_in().await.unwrap();
    assert_eq!(stage.account().scopes_requested, ["users.read", "tweet.read"]);

    let refused = AppChange { redirect_uris: vec!["https://x.com/".into()], ..change };
    let problem = stage.engine.change_app(&app.id, &refused).unwrap_err();
    assert_eq!(problem.code, Code::RedirectUriInvalid);
    assert_eq!(stage.view().apps[0].redirect_uris, std::slice::from_ref(&stage.redirect_uri));
}

#[tokio::test]
async fn a_mistaken_client_id_is_corrected_unless_somebody_is_logged_in_through_it() {
    let stage = Stage::with_app().await;
    let app = stage.view().apps.remove(0);
    let with = |client_id: &str| AppChange {
        name: String::new(),
        client_id: client_id.into(),
        redirect_uris: vec![stage.redirect_uri.clone()],
        scopes: app.scopes.clone(),
    };
    stage.engine.change_app(&app.id, &with(" mistaken ")).unwrap();
    assert_eq!(stage.view().apps[0].client_id, "mistaken");
    let problem = stage.engine.change_app(&app.id, &with("two words")).unwrap_err();
    assert_eq!(problem.code, Code::ClientIdWhiteSpace);
    stage.engine.change_app(&app.id, &with(&app.client_id)).unwrap();

    stage.log_in().await.unwrap();
    let problem = stage.engine.change_app(&app.id, &with("another")).unwrap_err();
    assert_eq!(problem.code, Code::ClientIdInUse);
    assert_eq!(stage.view().apps[0].client_id, app.client_id);
    let same = AppChange { name: "News".into(), ..with(&app.client_id) };
    stage.engine.change_app(&app.id, &same).unwrap();
    assert_eq!(stage.view().apps[0].name, "News");

    // Its tokens still work at the server, which is told under this client id.
    stage.plan("revoke:drop-before*2");
    stage.engine.log_out(None).await.unwrap();
    let problem = stage.engine.change_app(&app.id, &with("another")).unwrap_err();
    assert_eq!(problem.code, Code::ClientIdInUse);
}

#[tokio::test]
async fn the_secret_of_one_client_id_is_not_sent_for_another() {
    let stage = Stage::new().await;
    let app = stage.app(CONFIDENTIAL, ClientType::Confidential, Some(CLIENT_SECRET));
    let app = stage.engine.add_app(app).await.unwrap();
    let change = AppChange {
        name: String::new(),
        client_id: "another".into(),
        redirect_uris: app.redirect_uris.clone(),
        scopes: app.scopes.clone(),
    };
    stage.engine.change_app(&app.id, &change).unwrap();
    let before = stage.ledger.requests().len();
    let problem = stage.log_in().await.unwrap_err();
    assert_eq!(problem.code, Code::ClientSecretMissing, "it is asked for anew");
    let sent = stage.ledger.requests().len() - before;
    assert_eq!(sent, 0, "nothing went to the server");
}

#[tokio::test]
async fn a_login_asks_for_the_scopes_that_were_picked() {
    let stage = Stage::with_app().await;
    let mut request = stage.engine.login_request(None, Page::Open).unwrap();
    request.scopes = Scopes::parse("users.read tweet.read tweet.write");
    stage.engine.login_in_view(&request, &LiveLogin::default()).await.unwrap();
    let mut granted = stage.account().scopes_granted;
    granted.sort();
    assert_eq!(granted, ["tweet.read", "tweet.write", "users.read"]);
}

#[tokio::test]
async fn the_fingerprint_is_that_of_the_token_that_is_handed_out() {
    let stage = logged_in().await;
    let handed_out = stage.engine.token(None, &birdkey::token::Needs::default()).await.unwrap();
    let digest = Sha256::digest(handed_out.access_token.expose());
    let expected = format!("{:016x}", u64::from_be_bytes(digest[..8].try_into().unwrap()));
    assert_eq!(stage.account().token.fingerprint.as_deref(), Some(expected.as_str()));
    stage.engine.refresh(None).await.unwrap();
    assert_ne!(stage.account().token.fingerprint.as_deref(), Some(expected.as_str()));
}
