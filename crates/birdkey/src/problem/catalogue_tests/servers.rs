//! What is said of X is said of X alone, and so is what is true elsewhere only.

use super::*;

/// Where the browser goes.
pub(super) fn page_host(kind: ProviderKind) -> &'static str {
    match kind {
        ProviderKind::X => "x.com",
        ProviderKind::Sandbox => "127.0.0.1",
        ProviderKind::Custom => "id.example.com",
    }
}

/// Where requests go.
pub(super) fn api_host(about: &About) -> String {
    match about.provider {
        Some(ProviderKind::X) => format!("api.{}", about.host),
        Some(ProviderKind::Sandbox | ProviderKind::Custom) | None => about.host.clone(),
    }
}

/// True of X alone: its console, its pages, its scopes and what it calls things.
const OF_X: [&str; 18] = [
    "X keeps",
    "X lässt",
    "X’s settings",
    "X's settings",
    "Einstellungen von X",
    "as X documents",
    "wie X es dokumentiert",
    "without it X",
    "lehnt X",
    "at X",
    "bei X",
    "x.com",
    "console",
    "konsole",
    "Native App",
    "Automated App",
    "Pay-per-use",
    "API-Key",
];

/// True of X and of the sandbox, which imitates it.
const OF_X_AND_THE_SANDBOX: [&str; 8] = [
    "tweet.read",
    "offline.access",
    "one live grant",
    "nur eine Anmeldung gelten",
    "for 30 seconds and",
    "gilt 30 Sekunden",
    "/2/users/me",
    "xurl (",
];

/// True of a server whose addresses are in the configuration.
const ELSEWHERE: [&str; 8] = [
    "openid",
    "offline_access",
    "settings at",
    "Einstellungen der App bei",
    "addresses of the app",
    "Adressen der App",
    "app's addresses",
    "--redirect-uri",
];

/// Whether it is said before there is an app, or of xurl, whose logins are X's.
fn is_of_no_app(problem: &Problem) -> bool {
    problem.code == Code::AppNone || problem.code.as_str().starts_with("xurl_")
}

fn assert_unsaid(kind: ProviderKind, banned: &[&str]) {
    let mut found = Vec::new();
    for problem in samples(&about_server(kind)).into_iter().filter(|one| !is_of_no_app(one)) {
        for language in [Language::English, Language::German] {
            let said = shown(vec![problem.clone()], language);
            found.extend(
                banned.iter().filter(|it| said.contains(**it)).map(|it| (*it, said.clone())),
            );
        }
    }
    assert!(found.is_empty(), "at {kind:?}: {found:#?}");
}

#[test]
fn a_custom_server_is_not_spoken_of_as_x() {
    assert_unsaid(ProviderKind::Custom, &[&OF_X[..], &OF_X_AND_THE_SANDBOX].concat());
}

#[test]
fn the_sandbox_is_not_spoken_of_as_x() {
    assert_unsaid(ProviderKind::Sandbox, &[&OF_X[..], &["openid", "offline_access"]].concat());
}

#[test]
fn x_is_not_spoken_of_as_another_server() {
    assert_unsaid(ProviderKind::X, &ELSEWHERE);
}

/// What is said otherwise than at X.
fn differences(language: Language) -> String {
    let at_x = samples(&about()).into_iter().map(|one| shown(vec![one], language));
    let at_x: BTreeSet<_> = at_x.collect();
    let others = [ProviderKind::Sandbox, ProviderKind::Custom].map(|kind| {
        let said = samples(&about_server(kind)).into_iter().map(|one| shown(vec![one], language));
        let other: Vec<_> = said.filter(|one| !at_x.contains(one)).collect();
        format!("{kind:?}\n\n{}", other.join("\n"))
    });
    others.join("\n\n")
}

#[test]
fn catalogue_of_other_servers() {
    insta::assert_snapshot!(differences(Language::English));
}

#[test]
fn catalogue_of_other_servers_in_german() {
    insta::assert_snapshot!(differences(Language::German));
}
