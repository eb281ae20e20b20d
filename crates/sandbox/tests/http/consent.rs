//! The consent page: what a person sees and what each answer leads to.

use std::time::Duration;

use birdkey_messages::scopes;
use birdkey_sandbox::{Approve, DEMO_CLIENT_ID, Registration, demo_registration};

use crate::support::{
    Bench, Pairs, REDIRECT_URI, authorize_pairs, encoded, exchange, location, query, with,
};

async fn page(bench: &Bench, pairs: &Pairs<'_>) -> String {
    let response = bench.authorize(pairs).await;
    assert_eq!(response.status().as_u16(), 200);
    assert!(!response.headers().contains_key("location"));
    response.text().await.unwrap()
}

fn consent_id(html: &str) -> String {
    let (_, rest) = html.split_once("name=\"consent\" value=\"").expect("a consent page");
    rest.split('"').next().unwrap().to_owned()
}

async fn decide(bench: &Bench, pairs: &Pairs<'_>) -> reqwest::Response {
    let url = bench.url("/i/oauth2/authorize/decision");
    bench.client.post(url).form(pairs).send().await.unwrap()
}

async fn asking() -> Bench {
    let bench = Bench::start().await;
    bench.sandbox.set_approve(Approve::Ask);
    bench
}

#[tokio::test]
async fn the_page_names_the_app_its_wishes_and_both_users() {
    let bench = asking().await;
    let html = page(&bench, &authorize_pairs(DEMO_CLIENT_ID)).await;
    for shown in [
        "Birdkey demo",
        "Sandbox, not X.",
        "Stay logged in without the browser",
        "id=\"user-demo_ada\"",
        "id=\"user-demo_grace\"",
        "id=\"authorize\"",
        "id=\"cancel\"",
    ] {
        assert!(html.contains(shown), "{shown}");
    }
    assert!(!html.contains("<script") && !html.contains("the-state"));
}

#[tokio::test]
async fn the_page_says_what_each_scope_of_x_allows() {
    let bench = asking().await;
    let names: Vec<_> = scopes::all().iter().map(|scope| scope.name.as_str()).collect();
    let asked = names.join(" ");
    let html = page(&bench, &with(authorize_pairs(DEMO_CLIENT_ID), &[("scope", &asked)])).await;
    for scope in scopes::all() {
        let wish = format!("<li>{} <code>{}</code></li>", scope.words().in_english(), scope.name);
        assert!(html.contains(&wish), "{wish} in {html}");
    }
    assert_eq!(html.matches("<li>").count(), names.len());
    assert!(!html.contains("scope."), "a key stands in place of its words: {html}");
}

#[tokio::test]
async fn the_pages_speak_the_language_of_the_browser() {
    let bench = asking().await;
    let authorize = bench.url("/i/oauth2/authorize");
    let asked = format!("{authorize}?{}", encoded(&authorize_pairs(DEMO_CLIENT_ID)));
    let german = bench.client.get(asked).header("accept-language", "de-DE,de;q=0.9,en;q=0.8");
    let html = german.send().await.unwrap().text().await.unwrap();
    for shown in ["<html lang=\"de\"", "Ohne Browser angemeldet bleiben", ">Erlauben</button>"] {
        assert!(html.contains(shown), "{shown} in {html}");
    }
    let wrong = bench.client.get(authorize).header("accept-language", "de");
    let html = wrong.send().await.unwrap().text().await.unwrap();
    assert!(html.contains("Etwas ist schiefgegangen"), "{html}");
}

#[tokio::test]
async fn the_page_may_load_nothing_be_framed_nowhere_and_be_kept_by_no_cache() {
    let bench = asking().await;
    let response = bench.authorize(&authorize_pairs(DEMO_CLIENT_ID)).await;
    let headers = response.headers();
    let policy = headers["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"));
    assert!(!policy.contains("form-action"), "Chromium would block the redirect to the app");
    assert!(headers["cache-control"].to_str().unwrap().contains("no-store"));
    assert_eq!(headers["referrer-policy"], "no-referrer");
}

#[tokio::test]
async fn authorize_gives_a_code_for_the_chosen_user_once() {
    let bench = asking().await;
    let id = consent_id(&page(&bench, &authorize_pairs(DEMO_CLIENT_ID)).await);
    let answer = vec![("consent", &*id), ("user", "demo_grace"), ("decision", "authorize")];

    let redirect = location(&decide(&bench, &answer).await);
    let code = query(&redirect, "code").unwrap();
    let grant = bench.token(&exchange(&code)).await.json();
    let profile = bench.users_me(grant["access_token"].as_str().unwrap()).await;
    assert!(profile.text().await.unwrap().contains("demo_grace"));

    let double_click = decide(&bench, &answer).await;
    assert_eq!(location(&double_click), redirect, "the same code, which works once");
    let other = vec![("consent", &*id), ("user", "demo_grace"), ("decision", "cancel")];
    assert!(decide(&bench, &other).await.text().await.unwrap().contains("answered before"));
    bench.clock.advance(std::time::Duration::from_secs(6));
    let late = decide(&bench, &answer).await;
    assert_eq!(late.status().as_u16(), 200);
    assert!(late.text().await.unwrap().contains("answered before"));
}

#[tokio::test]
async fn cancel_redirects_with_access_denied_and_state() {
    let bench = asking().await;
    let id = consent_id(&page(&bench, &authorize_pairs(DEMO_CLIENT_ID)).await);
    let answer = vec![("consent", &*id), ("user", "demo_ada"), ("decision", "cancel")];
    let redirect = location(&decide(&bench, &answer).await);
    assert_eq!(redirect, format!("{REDIRECT_URI}?error=access_denied&state=the-state"));
}

#[tokio::test]
async fn an_answer_that_is_none_leads_nowhere() {
    let bench = asking().await;
    for (id, user, decision) in [
        (None, "demo_ada", "authorize"),
        (Some("guessed"), "demo_ada", "authorize"),
        (Some("real"), "demo_eve", "authorize"),
        (Some("real"), "demo_ada", "maybe"),
    ] {
        let real = consent_id(&page(&bench, &authorize_pairs(DEMO_CLIENT_ID)).await);
        let id = id.map(|id| if id == "real" { real.as_str() } else { id });
        let pairs = vec![("consent", id.unwrap_or("")), ("user", user), ("decision", decision)];
        assert_eq!(decide(&bench, &pairs).await.status().as_u16(), 200, "{user} {decision}");
    }
    assert!(bench.ledger.issued().is_empty());
}

#[tokio::test]
async fn a_page_left_open_for_15_minutes_is_worth_nothing() {
    let bench = asking().await;
    let id = consent_id(&page(&bench, &authorize_pairs(DEMO_CLIENT_ID)).await);
    bench.clock.advance(Duration::from_mins(15));
    let answer = vec![("consent", &*id), ("user", "demo_ada"), ("decision", "authorize")];
    assert_eq!(decide(&bench, &answer).await.status().as_u16(), 200);
    assert!(bench.ledger.issued().is_empty());
}

#[tokio::test]
async fn a_faulty_request_gets_a_page_that_names_the_cause_and_no_redirect() {
    let bench = Bench::start().await;
    let slash = format!("{REDIRECT_URI}/");
    let cases: &[(&str, &str, &str)] = &[
        ("client_id", "mistyped", "No app with this client id"),
        ("client_id", "", "client_id is missing"),
        ("redirect_uri", &slash, "down to a slash at the end"),
        ("redirect_uri", "http://127.0.0.1:9/callback", "is not registered"),
        ("redirect_uri", "", "redirect_uri is missing"),
        ("response_type", "token", "has to be code"),
        ("scope", "", "scope is missing"),
        ("scope", "users.read openid", "openid"),
        ("scope", "users.read openid", "Correct the list of scopes"),
        ("scope", "users.read offline_access", "Replace it with offline.access in the app."),
        ("scope", "users.read account.follows.read", "Replace it with follows.read in the app."),
        ("scope", "users.read billing.write", "Correct the list of scopes"),
        ("code_challenge", "", "code_challenge is missing"),
        ("code_challenge_method", "", "code_challenge_method is missing"),
        ("code_challenge_method", "S512", "S256 or plain"),
    ];
    for (parameter, value, cause) in cases {
        let pairs = with(authorize_pairs(DEMO_CLIENT_ID), &[(parameter, value)]);
        let html = page(&bench, &pairs).await;
        assert!(html.contains("Something went wrong"), "{parameter}={value}");
        assert!(html.contains(cause), "{parameter}={value}: {html}");
    }
    let mut twice = authorize_pairs(DEMO_CLIENT_ID);
    twice.push(("state", "another"));
    assert!(page(&bench, &twice).await.contains("more than once"));
    assert!(bench.ledger.issued().is_empty());
}

#[tokio::test]
async fn a_state_of_500_characters_passes_and_a_longer_one_comes_back_as_an_error_without_it() {
    let bench = Bench::start().await;
    let longest = "s".repeat(500);
    let pairs = with(authorize_pairs(DEMO_CLIENT_ID), &[("state", &longest)]);
    let redirect = location(&bench.authorize(&pairs).await);
    assert_eq!(query(&redirect, "state").as_deref(), Some(longest.as_str()));

    let too_long = "s".repeat(501);
    let pairs = with(authorize_pairs(DEMO_CLIENT_ID), &[("state", &too_long)]);
    let redirect = location(&bench.authorize(&pairs).await);
    assert_eq!(query(&redirect, "error").as_deref(), Some("invalid_request"));
    assert_eq!(query(&redirect, "error_description").as_deref(), Some("Redirect is requested."));
    assert_eq!(query(&redirect, "state"), None);
}

#[tokio::test]
async fn a_redirect_to_a_script_is_refused_even_when_registered() {
    let bench = Bench::start().await;
    let uri = "javascript:alert(1)";
    bench.sandbox.register(demo_registration(vec![uri.to_owned()]));
    let html = page(&bench, &with(authorize_pairs(DEMO_CLIENT_ID), &[("redirect_uri", uri)])).await;
    assert!(html.contains("must not be sent"));
}

#[tokio::test]
async fn any_loopback_port_matches_when_set_to_rfc_8252() {
    let bench = Bench::start().await;
    let knobs = birdkey_sandbox::Knobs { rfc8252_ports: true, ..Default::default() };
    bench.sandbox.set_knobs(knobs);
    let uri = "http://127.0.0.1:9/callback";
    let pairs = with(authorize_pairs(DEMO_CLIENT_ID), &[("redirect_uri", uri)]);
    let code = query(&location(&bench.authorize(&pairs).await), "code").unwrap();
    // The exchange has to repeat the very port.
    let other = bench.token(&exchange(&code)).await;
    assert!(other.text.contains("redirect uri did not match"));
}

#[tokio::test]
async fn the_start_page_lists_apps_as_text() {
    let bench = Bench::start().await;
    bench.sandbox.register(Registration {
        name: "<b>bold</b>".to_owned(),
        ..demo_registration(vec!["http://127.0.0.1:8721/callback".to_owned()])
    });
    let response = bench.client.get(bench.url("/")).send().await.unwrap();
    let html = response.text().await.unwrap();
    assert!(html.contains("&lt;b&gt;bold") && !html.contains("<b>"));
    assert!(html.contains(REDIRECT_URI), "redirect URIs of both registrations add up");
    let missing = bench.client.get(bench.url("/nothing")).send().await.unwrap();
    assert_eq!(missing.status().as_u16(), 404);
}

#[tokio::test]
async fn an_address_of_the_api_that_is_not_there_is_told_to_the_program_in_json() {
    let bench = Bench::start().await;
    let answer = bench.client.get(bench.url("/2/tweets")).send().await.unwrap();
    assert_eq!(answer.status().as_u16(), 404);
    assert_eq!(answer.headers()["content-type"], "application/problem+json");
    let body: serde_json::Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
    assert!(body["detail"].as_str().unwrap().contains("/2/users/me alone"), "{body}");
    let page = bench.client.get(bench.url("/elsewhere")).send().await.unwrap();
    assert!(page.text().await.unwrap().contains("Nothing here"));
}
