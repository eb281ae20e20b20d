use birdkey::view::{AppView, ClientTypeView, ProviderView, SandboxView, Theme, TokenView};

use super::*;

fn app() -> AppView {
    AppView {
        id: "a1".into(),
        name: "Newsroom".into(),
        provider: ProviderView::X,
        client_id: "client".into(),
        client_type: ClientTypeView::Public,
        redirect_uris: Vec::new(),
        takes_links: false,
        scopes: Vec::new(),
        host: "x.com".into(),
        problem: None,
    }
}

fn account(id: &str, state: AccountState) -> AccountView {
    AccountView {
        id: id.into(),
        is_default: false,
        app_id: "a1".into(),
        app_name: "Newsroom".into(),
        user_id: Some("1".into()),
        name: Some("Ada".into()),
        username: Some("ada".into()),
        state,
        problem: None,
        token: TokenView {
            fingerprint: None,
            next_refresh_at_ms: None,
            token_type: "bearer".into(),
            expires_in_seconds: Some(7_200),
            obtained_at_ms: 0,
            expires_at_ms: Some(52_320_000),
            scope: None,
            access_token: "••••".into(),
            refresh_token: Some("••••".into()),
        },
        scopes_requested: Vec::new(),
        scopes_granted: Vec::new(),
    }
}

fn view(accounts: Vec<AccountView>) -> View {
    View {
        theme: Theme::System,
        clipboard_seconds: 60,
        revision: 1,
        apps: vec![app()],
        accounts,
        waiting_logouts: Vec::new(),
        notices: Vec::new(),
        login: None,
        sandbox: SandboxView::default(),
        xurl: None,
        desktop: None,
        keeps_fresh: true,
        notifies: true,
        offline: false,
        problem: None,
        vault: "keychain".into(),
        x_redirect_uris: Vec::new(),
        default_scopes: Vec::new(),
    }
}

fn told(view: &View) -> TrayState {
    TrayState::of(view, &TimeZone::UTC, Language::English)
}

#[test]
fn another_language_is_another_story_of_the_same_view() {
    let two = vec![account("u1", AccountState::Ready), account("u2", AccountState::LogInAgain)];
    let view = view(two);
    let german = TrayState::of(&view, &TimeZone::UTC, Language::German);
    assert_ne!(german, told(&view));
    assert_eq!(german.headline, "Bei einem Konto ist etwas zu tun");
    assert_eq!(german.accounts[0].state, "gültig bis 14:32");
    assert_eq!(german.accounts[1].who, "Ada (@ada)");
    assert_eq!(german.apps[0].title, "Mit Newsroom anmelden …");
}

#[test]
fn an_account_is_told_by_name_and_state_with_the_time_it_lasts() {
    let table = [
        (AccountState::Ready, "valid until 14:32", true, false),
        (AccountState::Refreshable, "ready, refreshed on use", true, false),
        (AccountState::LogInAgain, "log in again", false, true),
        (AccountState::Expired, "expired", false, true),
        (AccountState::VaultUnavailable, "its tokens can't be read now", false, false),
        (
            AccountState::Blocked,
            "can't be used until a problem on this machine is solved",
            false,
            false,
        ),
    ];
    for (state, words, usable, needs_login) in table {
        let entry = told(&view(vec![account("u1", state)])).accounts.remove(0);
        assert_eq!(entry.who, "Ada (@ada)");
        assert_eq!(
            (entry.state.as_str(), entry.usable, entry.needs_login),
            (words, usable, needs_login)
        );
    }
}

#[test]
fn the_icon_shows_the_most_pressing_thing() {
    let mut offline = view(vec![account("u1", AccountState::Ready)]);
    offline.offline = true;
    let mut both =
        view(vec![account("u1", AccountState::Ready), account("u2", AccountState::LogInAgain)]);
    both.offline = true;
    let table = [
        (view(Vec::new()), Shape::Nobody, "Nobody is logged in"),
        (view(vec![account("u1", AccountState::Ready)]), Shape::Ready, "One account is logged in"),
        (offline, Shape::Offline, "One account is logged in"),
        (both, Shape::Attention, "One account needs you"),
        (
            view(vec![account("u1", AccountState::Blocked)]),
            Shape::Attention,
            "One account needs you",
        ),
    ];
    for (view, shape, headline) in table {
        let state = told(&view);
        assert_eq!((state.shape, state.headline.as_str()), (shape, headline));
    }
}
