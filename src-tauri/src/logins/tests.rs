use birdkey::view::{AccountState, TokenView};

use super::*;

fn account(id: &str, app_id: &str) -> AccountView {
    AccountView {
        id: id.into(),
        is_default: false,
        app_id: app_id.into(),
        app_name: "Newsroom".into(),
        user_id: None,
        name: None,
        username: None,
        state: AccountState::Ready,
        problem: None,
        token: TokenView {
            fingerprint: None,
            next_refresh_at_ms: None,
            token_type: "bearer".into(),
            expires_in_seconds: None,
            obtained_at_ms: 0,
            expires_at_ms: None,
            scope: None,
            access_token: "••••".into(),
            refresh_token: None,
        },
        scopes_requested: Vec::new(),
        scopes_granted: Vec::new(),
    }
}

#[test]
fn a_login_through_an_app_adds_an_account_where_the_app_has_one() {
    let accounts = [account("u1", "a1"), account("u2", "a2")];
    let table = [
        (&accounts[..0], "a1", Target::Unsaid),
        (&accounts[..], "a1", Target::New),
        (&accounts[1..], "a1", Target::Unsaid),
    ];
    for (accounts, app_id, expected) in table {
        assert_eq!(target(accounts, app_id), expected, "{}", accounts.len());
    }
}
