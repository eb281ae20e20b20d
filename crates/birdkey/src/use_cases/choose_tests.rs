//! Choosing by what people type.

use super::*;
use crate::model::app::Provider;
use crate::protocol::client::ClientType;
use crate::protocol::scope::Scopes;

fn app_named(id: &str, name: &str) -> App {
    App {
        id: id.into(),
        name: name.into(),
        provider: Provider::X,
        client_id: "c".into(),
        client_type: ClientType::Public,
        redirect_uris: Vec::new(),
        scopes: Scopes::default(),
    }
}

fn account_of(id: &str, app_id: &str, username: &str) -> Account {
    let mut account: Account = serde_json::from_value(serde_json::json!({
        "id": id, "app_id": app_id, "token_type": "bearer", "obtained_at_ms": 0,
        "scopes_requested": "", "access_token_chars": 0,
    }))
    .unwrap();
    account.username = Some(username.into());
    account
}

#[test]
fn an_account_is_found_by_what_people_type() {
    let apps = [app_named("k1", "Bot"), app_named("k2", "Tool")];
    let accounts = [
        account_of("a1", "k1", "ada"),
        account_of("a2", "k2", "ada"),
        account_of("a3", "k2", "bob"),
    ];
    let table = [
        (Some("a1"), "a1"),
        (Some("@bob"), "a3"),
        (Some("BOB"), "a3"),
        (Some("k2/@ada"), "a2"),
        (Some("bot/ada"), "a1"),
        (Some("@ada"), "ambiguous"),
        (None, "ambiguous"),
        (Some("@eve"), "unknown"),
    ];
    for (given, expected) in table {
        let found = match account(&accounts, &apps, given) {
            Ok(account) => account.id.as_str(),
            Err(ChoiceError::AccountAmbiguous { .. }) => "ambiguous",
            Err(ChoiceError::AccountUnknown { .. }) => "unknown",
            Err(_) => "other",
        };
        assert_eq!(found, expected, "{given:?}");
    }
    assert_eq!(account(&[], &apps, Some("@ada")), Err(ChoiceError::NoAccount));
}

#[test]
fn an_app_is_found_by_id_before_name() {
    let apps = [app_named("bot", "One"), app_named("k2", "bot"), app_named("k3", "Bot")];
    assert_eq!(app(&apps, Some("bot")).unwrap().name, "One");
    assert!(matches!(app(&apps[1..], Some("bot")), Err(ChoiceError::AppAmbiguous { .. })));
    assert_eq!(app(&[], None), Err(ChoiceError::NoApp));
}
