//! What any program on this machine can send to the redirect URI.

use birdkey::problem::Code;
use birdkey::view::LoginStage;

use crate::browser::{Manner, Page, client, location, visit};
use crate::stage::{Begun, Stage};

/// A login that waits, and the redirect that would answer it.
async fn waiting() -> (Stage, Begun, String) {
    let mut stage = Stage::with_app().await;
    stage.browser.behave(Manner::Keep);
    let begun = stage.begin();
    let url = stage.watched.opened.recv().await.unwrap();
    let back = location(&url).await;
    (stage, begun, back)
}

#[tokio::test]
async fn forged_callbacks_leave_the_login_waiting() {
    let (stage, begun, back) = waiting().await;
    let real_code = back.split("code=").nth(1).unwrap();
    let forged = [
        String::new(),
        "?".into(),
        "?code=abc".into(),
        "?error=access_denied".into(),
        "?code=abc&state=".into(),
        "?code=abc&state=guess".into(),
        format!("?code={real_code}"),
        format!("?code={real_code}&state=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
        "?state=%FF%FE&code=%00".into(),
        format!("?state={}", "A".repeat(600)),
    ];
    for query in forged {
        let page = visit(&format!("{}{query}", stage.redirect_uri)).await;
        assert_eq!(page.status, 404, "{query}");
        assert_eq!(stage.view().login.unwrap().stage, LoginStage::Waiting, "{query}");
    }

    let Page { text, .. } = visit(&back).await;

    assert!(text.contains("You are logged in"), "{text}");
    begun.ended().await.unwrap();
    let exchanges =
        stage.ledger.requests().iter().filter(|one| one.path == "/2/oauth2/token").count();
    assert_eq!(exchanges, 1, "no forged callback caused a token request");
}

#[tokio::test]
async fn an_oversized_callback_is_turned_away_and_the_login_goes_on() {
    let (stage, begun, back) = waiting().await;
    for (size, status) in [(7_000, 404), (9_000, 414), (60_000, 414)] {
        let forged = format!("{}?state=x&code={}", stage.redirect_uri, "A".repeat(size));
        assert_eq!(visit(&forged).await.status, status, "{size} bytes");
    }

    visit(&back).await;

    begun.ended().await.unwrap();
}

#[tokio::test]
async fn a_callback_with_the_state_but_a_doubled_value_is_refused_with_its_reason() {
    let table = [
        ("&code=again", Code::CallbackDoubled),
        ("&state=again", Code::CallbackDoubled),
        ("&error_description=%FF", Code::CallbackNotText),
    ];
    for (extra, expected) in table {
        let (stage, begun, back) = waiting().await;
        visit(&format!("{back}{extra}")).await;
        let problem = begun.ended().await.unwrap_err();
        assert_eq!(problem.code, expected, "{extra}");
        assert!(stage.ledger.requests().iter().all(|one| one.path != "/2/oauth2/token"));
    }
}

#[tokio::test]
async fn a_repeated_callback_gets_the_same_outcome_and_no_second_exchange() {
    let (stage, begun, back) = waiting().await;

    let (first, second) = tokio::join!(visit(&back), visit(&back));

    assert!(first.text.contains("You are logged in"), "{}", first.text);
    assert_eq!(first.text, second.text);
    begun.ended().await.unwrap();
    let exchanges =
        stage.ledger.requests().iter().filter(|one| one.path == "/2/oauth2/token").count();
    assert_eq!(exchanges, 1);
}

#[tokio::test]
async fn a_tab_closed_right_after_the_redirect_does_not_stop_the_login() {
    use tokio::io::AsyncWriteExt as _;
    let (stage, begun, back) = waiting().await;
    let url: reqwest::Url = back.parse().unwrap();
    let host = format!("127.0.0.1:{}", url.port().unwrap());
    let mut tab = tokio::net::TcpStream::connect(&host).await.unwrap();
    let request =
        format!("GET {}?{} HTTP/1.1\r\nHost: {host}\r\n\r\n", url.path(), url.query().unwrap());
    tab.write_all(request.as_bytes()).await.unwrap();
    tab.shutdown().await.unwrap();
    drop(tab);

    begun.ended().await.unwrap();
    assert_eq!(stage.account().username, Some("demo_ada".into()));
}

#[tokio::test]
async fn other_paths_methods_and_hosts_are_turned_away() {
    let (stage, begun, back) = waiting().await;
    let http = client(reqwest::redirect::Policy::none());
    let base = stage.redirect_uri.trim_end_matches("/callback/test").to_owned();
    let query = back.split_once('?').unwrap().1.to_owned();

    let favicon = http.get(format!("{base}/favicon.ico")).send().await.unwrap();
    assert_eq!(favicon.status(), 404);
    let other_path = http.get(format!("{base}/callback/test/?{query}")).send().await.unwrap();
    assert_eq!(other_path.status(), 404);
    let posted = http.post(&back).send().await.unwrap();
    assert_eq!(posted.status(), 405);
    let rebound = http.get(&back).header("host", "attacker.example").send().await.unwrap();
    assert!(rebound.status().is_client_error());
    assert_eq!(stage.view().login.unwrap().stage, LoginStage::Waiting);

    visit(&back).await;
    begun.ended().await.unwrap();
}
