//! What the command says of a login whose server does not answer as it should.

use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use birdkey_sandbox::{Approve, DEMO_CLIENT_ID, Knobs};
use birdkey_tests::desktop::{
    PrivateDesktop, Provider, binary, birdkey, items_of, log_in, logged_in, service_of, text,
};

/// Issue 17, decision 4.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_in_doubt_is_printed_with_a_warning() {
    let (desktop, provider) = logged_in().await;
    let before = birdkey(&desktop, &["token"]);
    assert_eq!(text(&before.stderr), "");
    provider.sandbox.plan("token:unavailable".parse().unwrap());
    let refresh = birdkey(&desktop, &["refresh"]);
    assert_eq!(refresh.status.code(), Some(6), "{}", text(&refresh.stderr));

    let token = birdkey(&desktop, &["token"]);
    let form = birdkey(&desktop, &["token", "--format", "json"]);
    let api = birdkey(&desktop, &["api", "/2/users/me"]);

    assert_eq!((token.status.code(), &token.stdout), (Some(0), &before.stdout));
    for warned in [&token, &form, &api] {
        let said = text(&warned.stderr);
        assert!(warned.status.success() && said.starts_with("warning: "), "{said}");
        assert!(said.contains("hint: "), "{said}");
    }
    let json: serde_json::Value = serde_json::from_slice(&form.stdout).unwrap();
    assert_eq!(json["accessToken"], text(&token.stdout));
    assert_eq!(json["warning"]["code"], "refresh_unanswered");
    assert!(text(&api.stdout).contains("demo_ada"), "{}", text(&api.stdout));
    assert_eq!(provider.refreshes(), 0, "no other one came to the server");
}

/// Makes the only pair an hour older than it is.
fn age(desktop: &PrivateDesktop) {
    let service = service_of(desktop);
    let item = items_of(desktop, &service).remove(0);
    let mut grant: serde_json::Value = serde_json::from_str(&item.secret).unwrap();
    let obtained = grant["obtained_at_ms"].as_i64().unwrap();
    grant["obtained_at_ms"] = (obtained - 3_600_000).into();
    let mut store = desktop.command("secret-tool");
    let label = format!("--label={}", item.label);
    store.args(["store", &label, "service", &service, "username", &item.username]);
    let mut store = store.stdin(Stdio::piped()).spawn().unwrap();
    std::io::Write::write_all(&mut store.stdin.take().unwrap(), grant.to_string().as_bytes())
        .unwrap();
    assert!(store.wait().unwrap().success());
}

/// Issue 17, L14.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_401_after_a_refused_refresh_says_that_there_is_no_new_token_and_why() {
    let (desktop, provider) = logged_in().await;
    age(&desktop);
    let token = text(&birdkey(&desktop, &["token"]).stdout);
    provider.sandbox.set_knobs(Knobs { revoke_kills_pair: true, ..Knobs::default() });
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let revoke = client.post(format!("{}/2/oauth2/revoke", provider.address));
    let token_of = provider.newest_refresh_token();
    let form = format!("token={token_of}&token_type_hint=refresh_token&client_id={DEMO_CLIENT_ID}");
    let form = revoke.header("content-type", "application/x-www-form-urlencoded").body(form);
    assert_eq!(form.send().await.unwrap().status(), 200);
    assert!(!provider.sandbox.accepts(&token), "removed at the server");

    let refused = birdkey(&desktop, &["api", "/2/users/me"]);

    let said = text(&refused.stderr);
    assert_eq!(refused.status.code(), Some(4), "{said}");
    assert!(said.contains("there is no new one"), "{said}");
    assert!(said.contains("no longer accepts this login"), "{said}");
    assert!(!said.contains("not even a new one") && !said.contains("outage"), "{said}");
    assert_eq!(provider.refreshes(), 1);
}

/// Lets the next command try what waits: a logout a moment ago is one try.
fn long_ago(desktop: &PrivateDesktop) {
    let path = desktop.data().join("revocations.json");
    let mut json: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
    for one in json["waiting"].as_array_mut().unwrap() {
        one["tried_ms"] = 0.into();
    }
    std::fs::write(&path, json.to_string()).unwrap();
}

fn status(desktop: &PrivateDesktop) -> Child {
    let mut command = desktop.command(binary("birdkey").display().to_string());
    command.arg("status").stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().unwrap()
}

/// Issue 17, L18.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn status_answers_before_it_tries_a_revocation_server_that_hangs() {
    let desktop = PrivateDesktop::start().await;
    let provider = Provider::start(Approve::Auto).await;
    let away = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let at = |path: &str| format!("{}{path}", provider.address);
    let urls = [
        ["--authorize-url".to_owned(), at("/i/oauth2/authorize")],
        ["--token-url".to_owned(), at("/2/oauth2/token")],
        ["--revoke-url".to_owned(), format!("http://{away}/revoke")],
        ["--redirect-uri".to_owned(), provider.redirect_uri.clone()],
    ];
    let mut add = vec!["app", "add", "--provider", "custom", "--client-id", DEMO_CLIENT_ID];
    add.extend(urls.iter().flatten().map(String::as_str));
    add.extend(["--name", "Hanging", "--scope", "users.read", "--scope", "offline.access"]);
    let added = birdkey(&desktop, &add);
    assert!(added.status.success(), "{}", text(&added.stderr));
    assert!(log_in(&desktop, &[]).await.0.status.success());
    birdkey(&desktop, &["logout"]);
    long_ago(&desktop);
    let hangs = TcpListener::bind(away).unwrap();

    let began = Instant::now();
    let mut status = status(&desktop);
    let mut lines = BufReader::new(status.stdout.take().unwrap()).lines().map(Result::unwrap);
    let mut shown: Vec<String> = Vec::new();
    while !shown.last().is_some_and(|line| line.starts_with("Grants are kept in")) {
        shown.push(lines.next().unwrap());
    }
    let answered = Instant::now();
    let (connection, _) = hangs.accept().unwrap();

    assert!(shown.iter().any(|line| line.contains("has not heard of it yet")), "{shown:?}");
    assert!(status.wait().unwrap().success());
    let after = answered.elapsed();
    assert!(
        after > Duration::from_secs(2),
        "it had answered before it tried the server: {after:?}"
    );
    assert!(began.elapsed() < Duration::from_secs(8), "{:?}", began.elapsed());
    drop(connection);
    let began = Instant::now();
    assert!(birdkey(&desktop, &["status"]).status.success());
    assert!(began.elapsed() < Duration::from_secs(2), "left alone: {:?}", began.elapsed());
}
