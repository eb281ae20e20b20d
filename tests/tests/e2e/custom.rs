//! Any RFC 6749 and RFC 7636 server, not only X: over a proxy, with a private certificate authority.

use std::sync::Arc;

use birdkey::Engine;
use birdkey::effects::http::{ProxySource, Settings};
use birdkey::engine::{ApiRequest, NewApp, NewProvider};
use birdkey::problem::{Code, Problem};
use birdkey::protocol::client::ClientType;
use birdkey::protocol::secret::Secret;
use birdkey::view::{AccountState, RevocationView};

use crate::authority::{API, AUTH, Authority, Server};
use crate::browser::{Manner, visit};
use crate::proxy::Proxy;
use crate::stage::Stage;

/// A stage with a custom app whose hosts are reached through a proxy.
struct Custom {
    stage: Stage,
    server: Arc<Server>,
    proxy: Proxy,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Optional {
    With,
    Without,
}

impl Custom {
    async fn new(issuer: Option<&str>, endpoints: Optional) -> Self {
        let authority = Authority::new();
        let server = Arc::new(Server::default());
        let port = server.run(authority.acceptor(&[AUTH, API], 4000)).await;
        let proxy = Proxy::to(port).await;
        let stage = stage_behind(&proxy, authority.pem()).await;
        stage.engine.add_app(app(&stage, issuer, endpoints)).await.unwrap();
        Self { stage, server, proxy }
    }

    /// Logs in; the consent page is skipped, its redirect carries `extra`.
    async fn log_in(&mut self, extra: &str) -> Result<String, Problem> {
        let begun = self.stage.begin();
        let url = self.stage.watched.opened.recv().await.unwrap();
        assert!(url.starts_with(&format!("https://{AUTH}/authorize?")), "{url}");
        let value = |name: &str| {
            let rest = url.split(&format!("{name}=")).nth(1).unwrap();
            rest.split('&').next().unwrap().to_owned()
        };
        *self.server.challenge.lock().unwrap() = value("code_challenge");
        let state = value("state");
        visit(&format!("{}?state={state}&code=C{extra}", self.stage.redirect_uri)).await;
        begun.ended().await
    }

    fn asked(&self) -> Vec<String> {
        self.server.asked.lock().unwrap().clone()
    }
}

async fn stage_behind(proxy: &Proxy, extra_roots_pem: Vec<u8>) -> Stage {
    let proxy = ProxySource::Url(proxy.url.clone());
    let stage = Stage::reaching_the_world_by(Settings { proxy, extra_roots_pem }).await;
    stage.browser.behave(Manner::Keep);
    stage
}

fn app(stage: &Stage, issuer: Option<&str>, endpoints: Optional) -> NewApp {
    let offered = |url: String| (endpoints == Optional::With).then_some(url);
    NewApp {
        name: "Custom".into(),
        provider: NewProvider::Custom {
            authorize: format!("https://{AUTH}/authorize"),
            token: format!("https://{AUTH}/token"),
            revoke: offered(format!("https://{AUTH}/revoke")),
            profile: offered(format!("https://{API}/userinfo")),
            issuer: issuer.map(str::to_owned),
        },
        client_id: "custom-app".into(),
        client_type: ClientType::Public,
        redirect_uris: vec![stage.redirect_uri.clone()],
        scopes: vec!["openid profile".into()],
        client_secret: None,
    }
}

#[tokio::test]
async fn a_custom_app_logs_in_over_a_proxy_with_a_private_authority_and_asks_its_hosts_only() {
    let mut custom = Custom::new(None, Optional::With).await;

    custom.log_in("").await.unwrap();

    let account = custom.stage.account();
    assert_eq!((account.username, account.user_id), (Some("ada".into()), Some("u-7".into())));
    assert_eq!(account.token.expires_at_ms, None, "unknown, not assumed");
    assert_eq!(account.state, AccountState::Ready);
    assert!(
        custom
            .stage
            .engine
            .token(None, &birdkey::token::Needs::default())
            .await
            .unwrap()
            .access_token
            .matches("AT-custom")
    );
    let ended = custom.stage.engine.log_out(None).await.unwrap();
    assert_eq!(ended.refresh_token, RevocationView::Revoked);
    assert_eq!(custom.asked().last().map(String::as_str), Some("/revoke"));
    assert_eq!(custom.proxy.destinations(), [format!("{API}:443"), format!("{AUTH}:443")]);
}

#[tokio::test]
async fn the_issuer_must_be_the_configured_one_when_the_server_names_one() {
    let issuer = format!("https://{AUTH}");
    let table = [
        (Some(issuer.as_str()), format!("&iss={issuer}"), None),
        (Some(issuer.as_str()), "&iss=https://other.example".into(), Some(Code::IssuerMismatch)),
        (None, "&iss=https://other.example".into(), None),
        (Some(issuer.as_str()), String::new(), None),
    ];
    for (configured, extra, expected) in table {
        let mut custom = Custom::new(configured, Optional::With).await;
        let ended = custom.log_in(&extra).await;
        assert_eq!(ended.err().map(|problem| problem.code), expected, "{configured:?} {extra}");
        if expected.is_some() {
            assert!(custom.asked().is_empty(), "nothing was sent");
        }
    }
}

#[tokio::test]
async fn a_server_without_profile_and_revocation_is_enough() {
    let mut custom = Custom::new(None, Optional::Without).await;

    custom.log_in("").await.unwrap();

    let account = custom.stage.account();
    assert_eq!(account.problem.map(|problem| problem.code), Some(Code::ProfileNotOffered));
    let ended = custom.stage.engine.log_out(None).await.unwrap();
    assert_eq!(ended.refresh_token, RevocationView::Unsupported);
    assert_eq!(ended.access_token, RevocationView::Unsupported);
}

#[tokio::test]
async fn what_a_logout_left_alive_is_repeated_until_it_was_shown() {
    let mut custom = Custom::new(None, Optional::Without).await;
    custom.log_in("").await.unwrap();
    let notices = |engine: &Engine| -> Vec<Code> {
        engine.view().notices.iter().map(|problem| problem.code).collect()
    };

    custom.stage.engine.log_out(None).await.unwrap();

    assert_eq!(notices(&custom.stage.engine), [], "the caller has it, and shows it");
    // As if the caller had been killed before it got to that.
    let next = custom.stage.second_engine();
    assert_eq!(notices(&next), [Code::OlderTokensLive]);
    next.logouts_were_shown();
    assert_eq!(notices(&next), [Code::OlderTokensLive], "another process showed nothing");

    custom.stage.engine.logouts_were_shown();
    assert_eq!(notices(&next), []);

    custom.log_in("").await.unwrap();
    custom.stage.engine.log_out(None).await.unwrap();
    custom.stage.engine.leave_logouts_among_the_notices();
    assert_eq!(notices(&custom.stage.engine), [Code::OlderTokensLive], "it could not be shown");
}

#[tokio::test]
async fn the_endpoints_for_tokens_are_closed_to_requests_of_users_and_no_other_path_is() {
    let mut custom = Custom::new(None, Optional::With).await;
    custom.log_in("").await.unwrap();
    let before = custom.asked();
    let request = |target: &str| ApiRequest { target: target.into(), ..ApiRequest::default() };

    for target in ["/token", "/Token/", "/x/..%2ftoken?a=b", "/revoke"] {
        let refused = custom.stage.engine.api(None, &request(target)).await.err();
        assert_eq!(refused.map(|problem| problem.code), Some(Code::ApiNotSent), "{target}");
    }
    assert_eq!(custom.asked(), before, "nothing was sent");
    for (target, status) in [("/userinfo", 200), ("/oauth2/v1/userinfo", 404)] {
        let answered = custom.stage.engine.api(None, &request(target)).await.unwrap();
        assert_eq!(answered.answer.status, status, "{target}");
    }
}

#[tokio::test]
async fn a_client_secret_may_hold_spaces_where_the_server_is_not_x() {
    let stage = Stage::new().await;
    let confidential = |secret: &str| NewApp {
        client_type: ClientType::Confidential,
        client_secret: Some(Secret::new(secret.into())),
        ..app(&stage, None, Optional::With)
    };
    for secret in ["two words", " with a  gap \r\n"] {
        stage.engine.add_app(confidential(secret)).await.unwrap();
        let kept = stage.vault.texts().pop().unwrap().1;
        assert!(kept.contains(&format!("\"client_secret\":\"{}\"", secret.trim())), "{kept}");
        stage.vault.remove_all();
    }
    let at_x = |secret: &str| NewApp { provider: NewProvider::X, ..confidential(secret) };
    let client_id = "Y2xpZW50LW9mLXgtZm9yLXRlc3RzMTIzNDU6MTpjaQ".to_owned();
    for (new, fits) in [
        (NewApp { client_id: client_id.clone(), ..at_x("two words") }, false),
        (NewApp { client_id, ..at_x(" secret\n") }, true),
        (confidential("two\nlines"), false),
        (confidential("no\u{a0}ascii"), false),
        (confidential("  "), false),
    ] {
        let added = stage.engine.add_app(new).await;
        let refused = added.err().map(|problem| problem.code);
        assert_eq!(refused, (!fits).then_some(Code::ClientSecretInvalid));
    }
}

#[tokio::test]
async fn of_two_servers_with_one_redirect_uri_the_app_that_lacks_an_issuer_is_named() {
    for (issuer, missing) in
        [(Some("https://first.example"), "of second,"), (None, "of first and of second,")]
    {
        let stage = Stage::new().await;
        for (name, issuer) in [("first", issuer), ("second", None)] {
            let provider = NewProvider::Custom {
                authorize: format!("https://{name}.example/authorize"),
                token: format!("https://{name}.example/token"),
                revoke: None,
                profile: None,
                issuer: issuer.map(str::to_owned),
            };
            let new = app(&stage, None, Optional::Without);
            stage.engine.add_app(NewApp { name: name.into(), provider, ..new }).await.unwrap();
        }
        let problem = stage.view().apps[0].problem.clone().unwrap();
        assert_eq!(problem.code, Code::RedirectUriShared);
        let hint = problem.hint.to_string();
        assert!(hint.contains(&format!("Set the issuer {missing}")), "{hint}");
    }
}

/// How a login through `stage` fails on its way to the token endpoint.
async fn failed(mut stage: Stage) -> Problem {
    stage.engine.add_app(app(&stage, None, Optional::Without)).await.unwrap();
    let begun = stage.begin();
    let url = stage.watched.opened.recv().await.unwrap();
    let state = url.split("state=").nth(1).unwrap().split('&').next().unwrap().to_owned();
    visit(&format!("{}?state={state}&code=C", stage.redirect_uri)).await;
    begun.ended().await.unwrap_err()
}

#[tokio::test]
async fn a_certificate_nobody_trusts_is_named_with_the_proxy() {
    let authority = Authority::new();
    let table = [
        (vec![AUTH], 4000, Vec::new(), "does not trust"),
        (vec!["other.example"], 4000, authority.pem(), "another name"),
        (vec![AUTH], 2001, authority.pem(), "expired"),
    ];
    for (names, until_year, trusted, reason) in table {
        let server = Arc::new(Server::default());
        let port = server.run(authority.acceptor(&names, until_year)).await;
        let proxy = Proxy::to(port).await;

        let problem = failed(stage_behind(&proxy, trusted).await).await;

        assert_eq!((problem.code, problem.code.exit_code()), (Code::TlsFailed, 6));
        for fact in [reason, &format!("CN={}", names[0]), "CN=Private Test Authority", &proxy.url] {
            assert!(problem.why.contains(fact), "{fact:?} in {problem:?}");
        }
        assert!(server.asked.lock().unwrap().is_empty());
    }
}

#[tokio::test]
async fn a_proxy_that_wants_a_password_has_a_problem_of_its_own() {
    let proxy = Proxy::closed().await;

    let problem = failed(stage_behind(&proxy, Vec::new()).await).await;

    assert_eq!((problem.code, problem.code.exit_code()), (Code::ProxyAuthentication, 6));
    assert!(problem.why.contains(&proxy.url), "{problem:?}");
}

#[tokio::test]
async fn without_a_network_the_login_says_what_could_not_be_found() {
    let stage = Stage::new().await;
    stage.browser.behave(Manner::Keep);

    let problem = failed(stage).await;

    assert_eq!((problem.code, problem.code.exit_code()), (Code::HostNotFound, 6));
    assert!(problem.what.contains(AUTH), "{problem:?}");
}

#[tokio::test]
async fn loopback_never_goes_through_a_proxy() {
    let proxy = Proxy::closed().await;
    let stage = Stage::reaching_the_world_by(Settings {
        proxy: ProxySource::Url(proxy.url.clone()),
        ..Settings::default()
    })
    .await;
    stage.add_public().await;

    stage.log_in().await.unwrap();

    assert!(proxy.destinations().is_empty());
}
