//! The page of grants and requests, and who may see it.

use birdkey_sandbox::Plan;

use crate::support::Bench;

#[tokio::test]
async fn the_page_tells_grants_and_requests_without_a_secret() {
    let bench = Bench::start().await;
    let url = format!("http://{}/sandbox/log", bench.address);
    let empty = bench.client.get(&url).send().await.unwrap().text().await.unwrap();
    assert_eq!(empty.matches("None yet.").count(), 2, "{empty}");

    let tokens = bench.login().await;
    bench.sandbox.plan("me:unavailable".parse::<Plan>().unwrap());
    bench.sandbox.plan("me:drop-before".parse::<Plan>().unwrap());
    for _ in 0..2 {
        let me = bench.client.get(format!("http://{}/2/users/me?q=query-secret", bench.address));
        drop(me.bearer_auth(tokens["access_token"].as_str().unwrap()).send().await);
    }
    let page = bench.client.get(&url).send().await.unwrap().text().await.unwrap();

    for shown in [
        "@demo_ada",
        "1 valid, the last until",
        "never replaced",
        "POST /2/oauth2/token",
        "503,",
        "empty=503",
        "connection dropped",
    ] {
        assert!(page.contains(shown), "{shown} in {page}");
    }
    for secret in bench.ledger.issued().iter().map(String::as_str).chain(["query-secret"]) {
        assert!(!page.contains(secret), "{page}");
    }
}

#[tokio::test]
async fn a_name_of_the_internet_that_points_here_gets_nothing() {
    let bench = Bench::start().await;
    bench.login().await;
    for path in ["/", "/sandbox/log", "/2/users/me"] {
        let url = format!("http://{}{path}", bench.address);
        let rebound = bench.client.get(url).header("host", "evil.example").send().await.unwrap();
        assert_eq!(rebound.status(), 403, "{path}");
        assert!(!rebound.text().await.unwrap().contains("demo_ada"));
    }
}
