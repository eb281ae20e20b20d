//! `birdkey api` against a server that keeps what it gets: bodies, uploads, large answers.

use std::io::Read as _;
use std::process::Command;

use birdkey_sandbox::{Approve, DEMO_CLIENT_ID};
use birdkey_tests::desktop::{
    ApiServer, AppWindow, HOSTILE, LARGE_BYTES, PrivateDesktop, Provider, binary, birdkey, give,
    log_in, logged_in, start, text,
};

/// An account of the sandbox whose API is a server of this test.
async fn stage() -> (PrivateDesktop, Provider, ApiServer) {
    let desktop = PrivateDesktop::start().await;
    let (provider, api) = (Provider::start(Approve::Auto).await, ApiServer::start().await);
    let at = |path: &str| format!("{}{path}", provider.address);
    let added = birdkey(
        &desktop,
        &[
            &["app", "add", "--provider", "custom", "--client-id", DEMO_CLIENT_ID][..],
            &["--authorize-url", &at("/i/oauth2/authorize")],
            &["--token-url", &at("/2/oauth2/token")],
            &["--profile-url", &format!("{}/2/users/me", api.address)],
            &["--redirect-uri", &provider.redirect_uri, "--name", "Test"],
            &["--scope", "tweet.read", "--scope", "users.read", "--scope", "offline.access"],
        ]
        .concat(),
    );
    assert!(added.status.success(), "{}", text(&added.stderr));
    let (login, _) = log_in(&desktop, &[]).await;
    assert!(login.status.success(), "{}", text(&login.stderr));
    (desktop, provider, api)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bodies_and_uploads_arrive_as_they_are_with_the_token() {
    let (desktop, _provider, api) = stage().await;
    let token = text(&birdkey(&desktop, &["token"]).stdout);
    let upload: Vec<u8> = (0..5_000_000_u32).map(|n| n.to_le_bytes()[1]).collect();
    let file = desktop.root().join("picture.bin");
    std::fs::write(&file, &upload).unwrap();
    let file = format!("@{}", file.display());

    for line in [
        &["api", "/2/tweets", "-f", "text=Hello \"you\"", "-f", "reply=1"][..],
        &["api", "/2/tweets/search/recent", "-X", "GET", "-f", "query=from:a b&c"],
        &["api", "/2/media/upload", "-d", &file, "-H", "Content-Type: application/octet-stream"],
        &["api", "-X", "DELETE", "/2/tweets/1"],
    ] {
        let sent = birdkey(&desktop, line);
        assert!(sent.status.success(), "{}", text(&sent.stderr));
        assert_eq!(text(&sent.stdout), "{\"data\":{}}");
    }
    let needs = ["api", "/2/tweets", "-f", "text=no", "--scope", "tweet.write"];
    let unsent = birdkey(&desktop, &needs);
    assert_eq!(unsent.status.code(), Some(4), "the grant lacks it, and nothing is sent");
    assert!(text(&unsent.stderr).contains("--scope tweet.write"), "{}", text(&unsent.stderr));
    let piped = give(&desktop, &["api", "/2/tweets", "-d", "-"], "{\"text\":\"piped\"}");
    assert!(piped.status.success(), "{}", text(&piped.stderr));

    let seen = api.seen();
    let [_profile, posted, searched, uploaded, deleted, piped] = &seen[..] else {
        panic!("{} requests", seen.len())
    };
    assert!(seen.iter().all(|one| one.header("authorization") == format!("Bearer {token}")));
    let json: serde_json::Value = serde_json::from_slice(&posted.body).unwrap();
    assert_eq!(json, serde_json::json!({ "text": "Hello \"you\"", "reply": "1" }));
    assert_eq!(posted.header("content-type"), "application/json");
    assert!(posted.line.starts_with("POST /2/tweets "), "{}", posted.line);
    let query = "GET /2/tweets/search/recent?query=from%3Aa+b%26c ";
    assert!(searched.line.starts_with(query), "{}", searched.line);
    assert!(uploaded.body == upload, "byte for byte");
    assert_eq!(uploaded.header("content-type"), "application/octet-stream");
    assert!(deleted.line.starts_with("DELETE /2/tweets/1 ") && deleted.body.is_empty());
    assert_eq!(piped.body, b"{\"text\":\"piped\"}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_post_whose_answer_is_lost_is_not_advised_to_be_repeated() {
    let (desktop, provider) = logged_in().await;
    for (line, hint) in [
        (&["api", "/2/users/me", "-f", "text=hi"][..], "may be done twice"),
        (&["api", "/2/users/me"], "Try again"),
    ] {
        provider.sandbox.plan("me:drop-after".parse().unwrap());
        let lost = birdkey(&desktop, line);
        assert_eq!(lost.status.code(), Some(6), "{}", text(&lost.stderr));
        assert!(text(&lost.stderr).contains(hint), "{}", text(&lost.stderr));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_large_answer_comes_as_the_server_sends_it_and_can_be_stopped() {
    let (desktop, _provider, api) = stage().await;
    let first_half = |child: &mut std::process::Child| {
        let mut half = vec![0; LARGE_BYTES / 2];
        child.stdout.as_mut().unwrap().read_exact(&mut half).unwrap();
        assert!(half.iter().all(|byte| *byte == b'x'));
    };

    // Stopped amid: nothing hangs, nothing is lost.
    let mut stopped = start(&desktop, &["api", "/2/large"]);
    first_half(&mut stopped);
    let pid = stopped.id().to_string();
    assert!(Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
    let ended = stopped.wait_with_output().unwrap();
    assert_eq!(ended.status.code(), Some(130), "{}", text(&ended.stderr));
    assert!(!text(&ended.stderr).contains("panicked"), "{}", text(&ended.stderr));
    assert!(birdkey(&desktop, &["token"]).status.success());

    // The first half is here before the server has sent the second.
    let mut child = start(&desktop, &["api", "/2/large"]);
    first_half(&mut child);
    api.go_on();
    let rest = child.wait_with_output().unwrap();
    assert!(rest.status.success(), "{}", text(&rest.stderr));
    assert_eq!(rest.stdout.len(), LARGE_BYTES / 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_moves_no_cursor_and_is_piped_as_it_came() {
    let (desktop, _provider, _api) = stage().await;
    let piped = birdkey(&desktop, &["api", "/2/hostile"]);
    assert_eq!(piped.stdout, HOSTILE.as_bytes(), "byte for byte");

    let at_a_terminal = |path: &str| {
        let line = format!("{} api {path}", binary("birdkey").display());
        let script = desktop.command("script").args(["-qefc", &line, "/dev/null"]).output();
        text(&script.unwrap().stdout).replace("\r\n", "\n")
    };
    let expected = "{\n  \"z\": 1.10,\n  \"a\": \"\\u009b2J\\u007f\\u202e\\u061c\\udb40\\udc41\",\n  \"b\": []\n}";
    assert_eq!(at_a_terminal("/2/hostile"), expected);
    let expected = r#""z":1.10,"a":"\u009b2J\u007f\u202e\u061c\udb40\udc41","b":[ ]}"#;
    for no_json in ["/2/hostile-broken", "/2/hostile-text"] {
        assert_eq!(at_a_terminal(no_json), expected, "{no_json}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_megabytes_are_shown_by_the_window_which_goes_on_answering() {
    let (desktop, _provider, api) = stage().await;
    api.go_on();
    let window = AppWindow::open(&desktop).await;
    window.click("[data-test=try-request]").await;
    let path = "const field = document.querySelector('[data-test=request-path]'); \
                field.value = '/large'; field.dispatchEvent(new Event('input'));";
    window.script(path).await.unwrap();
    window.click("[data-test=request-send]").await;
    window.wait_for("[data-test=answer]").await;

    assert!(window.text("[data-test=answer-facts]").await.contains("10.5 MB"));
    let drawn = "return document.querySelectorAll('[data-test=answer-text] li').length";
    let drawn = window.script(drawn).await.unwrap().as_u64().unwrap();
    assert!((1..200).contains(&drawn), "{drawn} of ten thousand lines are drawn");
    let end = "const list = document.querySelector('[data-test=answer-text]'); \
               list.scrollTop = list.scrollHeight; return list.scrollHeight";
    assert!(window.script(end).await.unwrap().as_u64().unwrap() > 100_000);
    window.wait_for("[data-test=answer-text] li[aria-posinset='10486']").await;
    window.click("[data-test=back]").await;
    window.wait_for("[data-test=account]").await;
    window.close().await;
}
