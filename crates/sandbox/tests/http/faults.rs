//! Faults: each as an app meets it, and whether the server did what was asked.

use birdkey_sandbox::Plan;

use crate::support::Bench;

fn plan(bench: &Bench, line: &str) {
    bench.sandbox.plan(line.parse::<Plan>().unwrap());
}

async fn logged_in() -> (Bench, String) {
    let bench = Bench::start().await;
    let refresh_token = bench.login().await["refresh_token"].as_str().unwrap().to_owned();
    (bench, refresh_token)
}

async fn try_refresh(bench: &Bench, refresh_token: &str) -> reqwest::Result<(u16, String)> {
    let form = [
        ("grant_type", "refresh_token"),
        ("refresh_token", refresh_token),
        ("client_id", birdkey_sandbox::DEMO_CLIENT_ID),
    ];
    let url = format!("http://{}/2/oauth2/token", bench.address);
    let answer = bench.client.post(url).form(&form).send().await?;
    Ok((answer.status().as_u16(), answer.text().await?))
}

#[tokio::test]
async fn a_connection_dropped_before_changes_nothing_and_one_dropped_after_rotates() {
    let (bench, refresh_token) = logged_in().await;
    plan(&bench, "token:drop-before");
    assert!(try_refresh(&bench, &refresh_token).await.is_err());
    plan(&bench, "token:drop-after");
    assert!(try_refresh(&bench, &refresh_token).await.is_err(), "it still worked: no reply");
    assert_eq!(try_refresh(&bench, &refresh_token).await.unwrap().0, 400, "but it rotated");
}

#[tokio::test]
async fn each_fault_shows_as_itself_for_as_often_as_planned() {
    let (bench, refresh_token) = logged_in().await;
    let table = [
        ("token:rate-limited", 429, r#""title": "Too Many Requests""#),
        ("token:rate-limited-old", 429, r#"{"errors":[{"code":88"#),
        ("token:unavailable", 503, ""),
        ("token:bad-gateway", 502, "<!DOCTYPE html>"),
        ("token:outage", 401, r#""title": "Unauthorized""#),
        ("token:refuse=5*2", 400, "Value passed for the token was invalid."),
        ("token:refuse=6", 401, "Missing valid authorization header"),
    ];
    for (line, status, body) in table {
        plan(&bench, line);
        for _ in 0..if line.ends_with("*2") { 2 } else { 1 } {
            let (found, text) = try_refresh(&bench, &refresh_token).await.unwrap();
            assert!(found == status && text.contains(body), "{line}: {found} {text}");
        }
    }
    assert_eq!(try_refresh(&bench, &refresh_token).await.unwrap().0, 200, "none used it up");
}

#[tokio::test]
async fn spoiled_answers_come_after_the_rotation() {
    for (line, spoiled) in [
        ("token:truncated", |text: &str| !text.ends_with('}')),
        ("token:oversized", |text: &str| text.len() > 1_500_000),
        ("token:no-refresh-token", |text: &str| !text.contains("refresh_token")),
        ("token:fewer-scopes", |text: &str| !text.contains("users.read")),
        ("token:duplicate-keys", |text: &str| text.matches("\"access_token\"").count() == 2),
    ] as [(&str, fn(&str) -> bool); 5]
    {
        let (bench, refresh_token) = logged_in().await;
        plan(&bench, line);
        let (status, text) = try_refresh(&bench, &refresh_token).await.unwrap();
        assert!(status == 200 && spoiled(&text), "{line}: {status} {}", text.len());
        assert_eq!(try_refresh(&bench, &refresh_token).await.unwrap().0, 400, "{line}");
    }
}

#[tokio::test]
async fn the_control_endpoint_plans_and_calls_off_but_not_for_a_web_page() {
    let (bench, refresh_token) = logged_in().await;
    let url = format!("http://{}/sandbox/faults", bench.address);
    let post = |body: &'static str| bench.client.post(&url).body(body);

    assert_eq!(post("token:outage").send().await.unwrap().status(), 403);
    let program = |request: reqwest::RequestBuilder| request.header("X-Birdkey-Sandbox", "1");
    assert_eq!(program(post("token:nonsense")).send().await.unwrap().status(), 400);
    let lines = "token:outage*always\nfamily-revoke\n";
    assert_eq!(program(post(lines)).send().await.unwrap().status(), 200);
    assert_eq!(try_refresh(&bench, &refresh_token).await.unwrap().0, 401);
    assert_eq!(program(bench.client.delete(&url)).send().await.unwrap().status(), 200);
    assert_eq!(try_refresh(&bench, &refresh_token).await.unwrap().0, 200);
}
