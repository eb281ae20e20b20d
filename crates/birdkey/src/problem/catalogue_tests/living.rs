//! Samples about grants that live on, or are kept elsewhere.

use super::*;

pub(super) fn living_grants(about: &About) -> Vec<Problem> {
    let folder = "/home/ada/.local/share/birdkey";
    let line = format!("export BIRDKEY_DATA_DIR={folder}");
    let why = words!("api_answer.status", status = 401_u16);
    let mut all = vec![
        newer_tokens_may_live(about),
        login_cut_off(&"My bot".into(), about),
        login_overtaken(&"@ada".into(), "k3v9k3v9", about),
        older_tokens_live(&"@ada".into(), about),
        account_renewed(&"@ada".into(), about),
        user_unconfirmed(&"@ada".into(), "k3v9k3v9", about),
        logout_held_back(&"@ada".into(), about),
        account_elsewhere(folder, &line),
        more_elsewhere(folder, &line),
        grants::would_end_elsewhere(folder, &line),
    ];
    let no_new = Problem::new(&RefreshError::Dead(Ended::Refused).into(), about);
    let after_401 = [
        Unauthorized::NewTokenRefused,
        Unauthorized::TokenIsNew,
        Unauthorized::OtherReason,
        Unauthorized::NoNewToken(Box::new(no_new)),
    ];
    all.extend(after_401.map(|it| it.problem(&why)));
    all
}

pub(super) fn account(expires_in: Option<i64>) -> Account {
    let mut account: Account = serde_json::from_value(serde_json::json!({
        "id": "a", "app_id": "b", "token_type": "bearer", "obtained_at_ms": 1,
        "scopes_requested": "", "access_token_chars": 91,
    }))
    .unwrap();
    account.expires_in = expires_in;
    account
}
