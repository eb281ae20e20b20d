//! Each object, once with everything and once with nothing that may be missing.

use birdkey::activity::{Entry as EngineEntry, What};
use birdkey::effects::vault::VaultKind;
use birdkey::engine::{Imported as EngineImported, MovedVault, RemovedApp as EngineRemovedApp};
use birdkey::problem::{Code, Problem};
use birdkey::protocol::secret::Secret;
use birdkey::token::FreshToken as EngineFreshToken;
use birdkey::view::{
    AccountState, AccountView, AppView, Check, ClientTypeView, FindingView, Level, LogoutView,
    ProviderView, RevocationView, SandboxView, Theme, TokenView, View,
};
use serde_json::Value;

use crate::json::{
    Activity, AppList, CheckedApp, ConfidentialApp, Entry, Failure, FreshToken, Identity, Imported,
    LoggedIn, LoggedOut, Object, OneApp, Refreshed, RemovedApp, Report, Revealed, Sandbox, Status,
    Switched, Vault, VaultShown, VaultUsed, indented, line,
};

/// Stands for every secret.
pub(super) const SECRET: &str = "the secret";

/// All objects by their name in the document.
pub(super) fn samples() -> Vec<(&'static str, Value)> {
    [true, false].into_iter().flat_map(samples_with).collect()
}

fn samples_with(all: bool) -> Vec<(&'static str, Value)> {
    let (account, app, problem) = (account(all), app(all), problem());
    let (scopes, id) = (texts(), all.then_some("one"));
    let problem_if = all.then_some(&problem);
    let vault_kind = all.then_some(VaultKind::File);
    let moved = MovedVault { items: 1, left_behind: problem_if.cloned() };
    let removed = EngineRemovedApp { app: self::app(all), logouts: vec![logout(all)] };
    let (findings, entries, logouts) = ([finding(all)], [entry(all)], [logout(all)]);
    let (accounts, apps) = ([self::account(all)], [self::app(all)]);
    vec![
        ("token", printed(&FreshToken::new(Revealed(SECRET), &handed_out(all)))),
        ("status", printed(&Status::new(&view(all), Vault::new(vault_kind, "place"), id))),
        ("login", printed(&LoggedIn::new(all.then_some(&account), std::slice::from_ref(&problem)))),
        ("refresh", printed(&Refreshed::from(all.then_some(&account)))),
        ("logout", printed(&LoggedOut::from(&logouts[..]))),
        ("app add, app show", printed(&OneApp::from(&app))),
        ("app list", printed(&AppList::from(&apps[..]))),
        (
            "app check",
            printed(&CheckedApp { app_id: "one", listens_at: id, redirect_uris: &scopes }),
        ),
        ("app remove", printed(&RemovedApp::from(&removed))),
        ("switch", printed(&Switched { account_id: id, app_id: id })),
        ("import xurl", printed(&Imported::new(&imported(), &accounts))),
        ("sandbox", printed(&sandbox(all))),
        ("vault show", printed(&VaultShown::new(VaultKind::Keychain, "place", problem_if))),
        ("vault use", printed(&VaultUsed::new(VaultKind::File, "place", &moved))),
        ("vault identity", printed(&Identity { identity: Revealed(SECRET) })),
        ("activity", printed(&Activity::from(&entries[..]))),
        ("Entry", printed(&Entry::from(&entries[0]))),
        ("doctor", printed(&Report::new("system", &findings, &findings))),
        ("Failure", printed(&Failure::from(&problem))),
    ]
}

/// In one line and in several, it is the same.
fn printed(object: &impl Object) -> Value {
    let text = indented(object).unwrap();
    assert!(text.starts_with("{\n  \"version\": "), "the version comes first: {text}");
    let line = line(object).unwrap();
    assert!(!line.contains('\n'), "{line}");
    let read: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(read, serde_json::from_str::<Value>(&line).unwrap());
    read
}

fn texts() -> Vec<String> {
    vec!["text".to_owned()]
}

fn problem() -> Problem {
    Problem::of(Code::NoConnection, "What.", "Why.", "Hint.")
}

fn handed_out(all: bool) -> EngineFreshToken {
    EngineFreshToken {
        access_token: Secret::new(SECRET.to_owned()),
        account_id: "one".to_owned(),
        expires_at_ms: all.then_some(1),
        scopes: all.then(texts),
        serial: "serial".to_owned(),
        obtained_at_ms: 1,
        warning: all.then(problem),
    }
}

fn account(all: bool) -> AccountView {
    let scopes = if all { texts() } else { Vec::new() };
    AccountView {
        id: "one".to_owned(),
        is_default: all,
        app_id: "app".to_owned(),
        app_name: "App".into(),
        user_id: all.then(|| "1".into()),
        name: all.then(|| "Ada".into()),
        username: all.then(|| "ada".into()),
        state: AccountState::Ready,
        problem: all.then(problem),
        token: TokenView {
            token_type: "bearer".to_owned(),
            expires_in_seconds: all.then_some(1),
            obtained_at_ms: 1,
            expires_at_ms: all.then_some(1),
            scope: None,
            fingerprint: all.then(|| "0".repeat(16)),
            next_refresh_at_ms: all.then_some(1),
            access_token: "masked".to_owned(),
            refresh_token: all.then(|| "masked".to_owned()),
        },
        scopes_requested: scopes.clone(),
        scopes_granted: scopes,
    }
}

fn app(all: bool) -> AppView {
    AppView {
        id: "app".to_owned(),
        name: "App".into(),
        provider: ProviderView::X,
        client_id: "client".to_owned(),
        client_type: ClientTypeView::Public,
        redirect_uris: texts(),
        takes_links: all,
        scopes: texts(),
        host: "x.com".to_owned(),
        problem: all.then(problem),
    }
}

fn view(all: bool) -> View {
    let address = all.then(|| "http://127.0.0.1:8730".to_owned());
    View {
        revision: 1,
        apps: vec![app(all)],
        accounts: vec![account(all)],
        waiting_logouts: vec!["Ada".into()],
        notices: vec![problem()],
        login: None,
        sandbox: SandboxView { set_up: all, address, problem: None },
        xurl: None,
        desktop: None,
        keeps_fresh: all,
        notifies: all,
        theme: Theme::default(),
        clipboard_seconds: 60,
        offline: all,
        problem: None,
        vault: "place".to_owned(),
        x_redirect_uris: texts(),
        default_scopes: texts(),
    }
}

fn logout(all: bool) -> LogoutView {
    LogoutView {
        account_id: "one".to_owned(),
        account: "Ada".into(),
        refresh_token: RevocationView::Revoked,
        access_token: if all {
            RevocationView::Failed { problem: problem() }
        } else {
            RevocationView::Unsupported
        },
        newer_tokens: all.then(problem),
        hint: all.then(|| "Hint.".into()),
    }
}

fn imported() -> EngineImported {
    EngineImported {
        accounts: texts(),
        known: vec!["@ada".into()],
        unclear: vec!["@grace".into()],
        removed: true,
        path: "/home/ada/.xurl".into(),
    }
}

fn sandbox(all: bool) -> Sandbox<'static> {
    let confidential = ConfidentialApp {
        client_id: "client",
        client_secret: Revealed(SECRET),
        add: "birdkey app add",
    };
    Sandbox {
        address: "http://127.0.0.1:8730",
        client_id: "client",
        add: "birdkey app add",
        confidential: all.then_some(confidential),
    }
}

fn entry(all: bool) -> EngineEntry {
    EngineEntry {
        at_ms: 1,
        what: What::Token,
        account_id: all.then(|| "one".to_owned()),
        account: all.then(|| "Ada".into()),
        program: all.then(|| "curl".into()),
        pid: all.then_some(1),
        count: 1,
        code: all.then(|| Code::NoConnection.as_str().to_owned()),
    }
}

fn finding(all: bool) -> FindingView {
    FindingView {
        check: Check::Files,
        level: Level::Ok,
        about: all.then(|| "App".into()),
        what: "What.".into(),
        hint: all.then(|| "Hint.".into()),
        code: all.then_some(Code::NoConnection),
        can_fix: all,
    }
}
