//! Every failure that a person can meet, in the words and with the exit code it is shown with.
//!
//! After a change: `INSTA_UPDATE=always cargo test -p birdkey catalogue`, then look at the diff.

use std::collections::BTreeSet;
use std::io;
use std::path::PathBuf;

use living::{account, living_grants};
use servers::{api_host, page_host};
use vaults::vaults;

use super::*;
use crate::effects::browser::BrowserError;
use crate::effects::files::{FileAction, FileError, OthersFile, User};
use crate::effects::folders::NoHome;
use crate::effects::loopback::RedirectError;
use crate::effects::random::NoRandomness;
use crate::failure::{AppError, ChoiceError, LoginFailure, RefreshError, StoredError};
use crate::protocol::api::ApiRefusal;
use crate::protocol::callback::Malformed;
use crate::protocol::client::ClientIdError;
use crate::protocol::endpoint::EndpointError;
use crate::protocol::failure::TokenFailure;
use crate::store::accounts::{Account, AccountsError, Ended, ProfileNote};
use crate::store::config::ConfigError;
use crate::store::xurl::XurlError;

mod living;
mod network;
mod servers;
mod vaults;

/// Made by the desktop app, which words them itself.
const OF_THE_DESKTOP: [Code; 3] = [Code::ClipboardUnusable, Code::DisplayMissing, Code::AppSilent];

/// What can be met with an app at this server.
fn samples(about: &About) -> Vec<Problem> {
    let kinds = [files, choices, logins, servers, refreshes, vaults, others];
    kinds.iter().flat_map(|kind: &fn(&About) -> Vec<Problem>| kind(about)).collect()
}

fn shown(problems: Vec<Problem>, language: Language) -> String {
    let lines = problems.into_iter().map(|problem| {
        let Problem { code, what, why, hint } = problem.in_language(language);
        format!("[{} {}] {what} {why}\n    -> {hint}", code.exit_code(), code.as_str())
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn catalogue_of_every_failure() {
    let problems = samples(&about());
    let codes: BTreeSet<&str> = problems.iter().map(|one| one.code.as_str()).collect();
    let missing: Vec<_> = Code::ALL
        .iter()
        .filter(|code| !codes.contains(code.as_str()) && !OF_THE_DESKTOP.contains(code))
        .collect();
    assert!(missing.is_empty(), "no sample of {missing:?}");
    insta::assert_snapshot!(shown(problems, Language::English));
}

#[test]
fn catalogue_in_german() {
    insta::assert_snapshot!(shown(samples(&about()), Language::German));
}

#[test]
fn no_words_of_a_failure_are_beside_the_catalogue() {
    for problem in [ProviderKind::X, ProviderKind::Sandbox, ProviderKind::Custom]
        .into_iter()
        .flat_map(|kind| samples(&about_server(kind)))
    {
        let Problem { what, why, hint, .. } = problem.in_language(Language::Pseudo);
        for words in [what, why, hint].map(|words| words.to_string()) {
            assert!(words.starts_with('⟦') && words.ends_with('⟧'), "{words}");
        }
        let german = problem.in_language(Language::German);
        for (english, translated) in [(problem.what, german.what), (problem.hint, german.hint)] {
            assert_ne!(english.in_english(), translated.to_string());
        }
    }
}

fn about() -> About {
    about_server(ProviderKind::X)
}

fn about_server(kind: ProviderKind) -> About {
    About {
        app_id: "ab2defgh".into(),
        app_name: "My bot".into(),
        provider: Some(kind),
        host: page_host(kind).into(),
        client_id: "Y2xpZW50".into(),
        client_type: Some(ClientType::Public),
        redirect_uri: "http://127.0.0.1:8731/callback".into(),
        vault: "Secret Service".into(),
        ..About::default()
    }
}

fn said(about: &About, failures: impl IntoIterator<Item = Failure>) -> Vec<Problem> {
    failures.into_iter().map(|failure| Problem::new(&failure, about)).collect()
}

fn path() -> PathBuf {
    "/home/ada/file".into()
}

fn file_error() -> FileError {
    let source = io::Error::new(io::ErrorKind::PermissionDenied, "permission denied");
    FileError { path: path(), action: FileAction::Write, source }
}

fn files(about: &About) -> Vec<Problem> {
    said(
        about,
        [
            file_error().into(),
            FileError { source: io::ErrorKind::FileTooLarge.into(), ..file_error() }.into(),
            FileError { action: FileAction::Confirm, ..file_error() }.into(),
            ConfigError::OfAnother {
                folder: "/home/ada/.config/birdkey".into(),
                owner: User { id: 1000, name: None, group: 1000 },
            }
            .into(),
            NoHome.into(),
            ConfigError::Broken {
                path: path(),
                line: 3,
                column: 7,
                reason: "a value is missing".into(),
            }
            .into(),
            ConfigError::Newer { path: path(), found: 9 }.into(),
            AccountsError::Broken { path: path(), line: 1, column: 2 }.into(),
            AccountsError::Newer { path: path(), found: 9 }.into(),
        ],
    )
}

fn choices(about: &About) -> Vec<Problem> {
    let given = || Foreign::new("nobody");
    let names = || vec!["one".into(), "two".into()];
    let mut client_ids = vec![ClientIdError::Empty, ClientIdError::WhiteSpace];
    // Only X's client ids have a shape.
    let at_x = [
        ClientIdError::ApiKey,
        ClientIdError::AppNumber,
        ClientIdError::Token,
        ClientIdError::OddCharacters,
    ];
    let mut all = said(
        about,
        [
            ChoiceError::NoApp.into(),
            ChoiceError::AppUnknown { given: given(), known: names() }.into(),
            ChoiceError::AppUnknown { given: given(), known: Vec::new() }.into(),
            ChoiceError::AppAmbiguous { fitting: names() }.into(),
            ChoiceError::NoAccount.into(),
            ChoiceError::AccountUnknown { given: given(), known: names() }.into(),
            ChoiceError::AccountUnknown { given: given(), known: Vec::new() }.into(),
            ChoiceError::AccountAmbiguous { fitting: names() }.into(),
            AppError::Endpoint(EndpointError::NotProtected {
                given: "http://server.example".into(),
            })
            .into(),
            AppError::RedirectUri { given: "ftp://a".into() }.into(),
            AppError::NotConfidential.into(),
            AppError::ClientIdInUse.into(),
            AppError::ClientSecret.into(),
            AppError::SecretNeeded.into(),
        ],
    );
    if about.provider == Some(ProviderKind::X) {
        client_ids.extend(at_x);
    }
    all.extend(said(about, client_ids.into_iter().map(|error| AppError::from(error).into())));
    all
}

fn logins(about: &About) -> Vec<Problem> {
    let refused = |description: Option<&str>| LoginFailure::Refused {
        error: "invalid_scope".into(),
        description: description.map(Foreign::new),
    };
    let system = io::Error::new(io::ErrorKind::PermissionDenied, "permission denied");
    let mut all = said(
        about,
        [
            RedirectError::NoLoopback.into(),
            RedirectError::PortsTaken { tried: vec![8731, 18731] }.into(),
            RedirectError::Refused(system).into(),
            LoginFailure::Cancelled.into(),
            LoginFailure::Denied.into(),
            LoginFailure::TimedOut { waited_seconds: 300, unopened: None }.into(),
            LoginFailure::TimedOut { waited_seconds: 300, unopened: Some(BrowserError::NotFound) }
                .into(),
            refused(None).into(),
            refused(Some("The scope is unknown.")).into(),
            LoginFailure::Malformed(Malformed::Doubled).into(),
            LoginFailure::Malformed(Malformed::NotText).into(),
            LoginFailure::Malformed(Malformed::NoCode).into(),
            LoginFailure::IssuerMismatch { issuer: "https://other.example".into() }.into(),
            LoginFailure::Running.into(),
            BrowserError::NotFound.into(),
            BrowserError::Failed { program: "firefox".into() }.into(),
            NoRandomness.into(),
        ],
    );
    for became in [LoginEffect::Added, LoginEffect::Renewed] {
        all.push(other_user(&"@ada".into(), &"@grace".into(), became, about));
    }
    all.push(login_gone(about));
    all.push(deep_link_unusable());
    let other = |kind| About { app_name: "Another".into(), ..about_server(kind) };
    for kind in [ProviderKind::X, ProviderKind::Custom] {
        for lacking in [&[Foreign::from("Another")][..], &["My bot".into(), "Another".into()]] {
            let uri = "http://127.0.0.1:8731/callback";
            let lacking: Vec<_> = lacking.iter().collect();
            all.push(shared_redirect(uri, about, &other(kind), &lacking));
        }
    }
    all
}

fn servers(about: &About) -> Vec<Problem> {
    let mut all = said(about, network::failures(&api_host(about)).into_iter().map(Failure::from));
    all.extend(said(about, token_failures().into_iter().map(Failure::from)));
    let confidential = About { client_type: Some(ClientType::Confidential), ..about.clone() };
    all.push(Problem::new(&TokenFailure::ClientAuthentication.into(), &confidential));
    let off = network::refused("127.0.0.1");
    let sandbox = About {
        provider: Some(ProviderKind::Sandbox),
        sandbox_address: Some("http://127.0.0.1:8730".into()),
        ..about.clone()
    };
    all.push(Problem::new(&off.into(), &sandbox));
    all
}

fn token_failures() -> Vec<TokenFailure> {
    vec![
        TokenFailure::CodeInvalid,
        TokenFailure::RedirectMismatch,
        TokenFailure::VerifierMismatch,
        TokenFailure::RefreshTokenInvalid,
        TokenFailure::InvalidGrant,
        TokenFailure::ClientIdInvalid,
        TokenFailure::ClientIdMissing,
        TokenFailure::ClientAuthentication,
        TokenFailure::RateLimited { retry_after_seconds: Some(60), reset_unix: None },
        TokenFailure::Unavailable { status: 503, retry_after_seconds: None },
        TokenFailure::NotJson { status: 200 },
        TokenFailure::Truncated,
        TokenFailure::NoAccessToken,
        TokenFailure::TokenUnusable,
        TokenFailure::TokenType { given: "mac".into() },
        TokenFailure::Redirected { status: 302 },
        TokenFailure::Refused {
            status: 400,
            error: "invalid_scope".into(),
            description: Some("The scope is unknown.".into()),
        },
    ]
}

fn refreshes(about: &About) -> Vec<Problem> {
    let reason = || words!("vault_locked.what");
    let mut all = said(
        about,
        [
            RefreshError::Busy { pid: Some(77), waited_seconds: 45 }.into(),
            RefreshError::Dead(Ended::Refused).into(),
            RefreshError::Dead(Ended::ReplyLost).into(),
            RefreshError::NotStored { reason: reason(), kept: true }.into(),
            RefreshError::NotStored { reason: reason(), kept: false }.into(),
            RefreshError::Unanswered { seconds: 30 }.into(),
            RefreshError::Closing.into(),
            RefreshError::CutOff.into(),
            StoredError::GrantMissing.into(),
            StoredError::GrantUnreadable.into(),
            StoredError::GrantNewer.into(),
            StoredError::Expired.into(),
            StoredError::ScopeMissing {
                account_id: "ab2defgh".into(),
                missing: vec!["write".into()],
                together: vec!["read".into(), "write".into()],
            }
            .into(),
            StoredError::ClientSecretMissing.into(),
            StoredError::EndpointsChanged {
                what: words!("binding.token"),
                bound: format!("https://{}", api_host(about)).into(),
                now: "https://other.example".into(),
            }
            .into(),
        ],
    );
    let known = About { elsewhere: Some("xurl (/home/ada/.xurl)".into()), ..about.clone() };
    all.extend([Ended::Refused, Ended::ReplyLost].map(|ended| ended_words(ended, &known)));
    all.push(scopes_lost("write", about));
    all.extend(living_grants(about));
    all
}

fn others(about: &About) -> Vec<Problem> {
    let mut all = said(
        about,
        [
            XurlError::Unreadable { path: path(), line: Some(4) }.into(),
            XurlError::NoToken { path: path(), user: "ada".into() }.into(),
            XurlError::Missing { path: path() }.into(),
            XurlError::Empty { path: path() }.into(),
            XurlError::OtherServer { app: "My bot".into() }.into(),
            XurlError::NoClientId { path: path() }.into(),
        ],
    );
    all.extend(
        [
            ProfileNote::Unauthorized,
            ProfileNote::NoCredits,
            ProfileNote::NotEnrolled,
            ProfileNote::Forbidden,
            ProfileNote::RateLimited,
            ProfileNote::Slow,
            ProfileNote::Unavailable,
            ProfileNote::NotOffered,
        ]
        .map(|note| profile(note, about)),
    );
    for lifetime in [None, Some(-5)] {
        all.extend(grant_note(&account(lifetime), about));
    }
    let assumed = about.provider.and_then(ProviderKind::assumed_lifetime_seconds);
    all.extend(grant_note(&Account { expires_at_ms: assumed, ..account(None) }, about));
    for users in [&["@ada".into()][..], &["@ada".into(), "@grace".into()]] {
        all.extend(login_elsewhere(&"/home/ada/.xurl".into(), users, about));
    }
    all.push(twin(&"Another".into(), about));
    all.push(api_refused(&ApiRefusal::TokenEndpoint));
    let answers = [400, 401, 402, 403, 429, 503];
    all.extend(answers.map(|status| api_answer(status, b"", None, None, about)));
    let not_enrolled = br#"{"reason":"client-not-enrolled"}"#;
    all.push(api_answer(403, not_enrolled, None, None, about));
    all.push(api_refused(&ApiRefusal::NotAPath { given: "users".into() }));
    let root = User { id: 0, name: Some("root".into()), group: 0 };
    let line = "sudo chown -R ada: /home/ada/.config/birdkey".into();
    let foreign = OthersFile { owner: root, line };
    all.push(storage::of_another(Code::FileUnusable, &file_error(), &foreign));
    all.push(sandbox::port_taken(8730));
    all.push(sandbox::in_use(None));
    all.push(sandbox::file_unusable("it is broken in line 2"));
    all
}
