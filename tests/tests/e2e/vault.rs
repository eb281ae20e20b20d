//! Logins with a keychain that does not want to.

use birdkey::effects::vault::memory::Trouble;
use birdkey::problem::Code;
use birdkey::view::AccountState;

use crate::stage::Stage;

#[tokio::test]
async fn without_a_keychain_no_browser_opens() {
    let table = [
        (Trouble::Missing, Code::VaultMissing),
        (Trouble::NoDefaultCollection, Code::VaultNoCollection),
        (Trouble::TimedOut, Code::VaultTimedOut),
        (Trouble::Failed, Code::VaultFailed),
    ];
    for (trouble, expected) in table {
        let mut stage = Stage::with_app().await;
        stage.vault.fail_with(trouble);

        let problem = stage.log_in().await.unwrap_err();

        assert_eq!((problem.code, problem.code.exit_code()), (expected, 7));
        assert!(stage.watched.opened.try_recv().is_err(), "nobody consents for nothing");
        assert!(stage.ledger.issued().is_empty());
    }
}

#[tokio::test]
async fn a_login_may_unlock_the_keychain_but_reading_a_token_may_not() {
    let stage = Stage::with_app().await;
    stage.vault.fail_with(Trouble::Locked);

    stage.log_in().await.unwrap();
    assert_eq!(stage.vault.calls().unlocks, 1);

    stage.vault.fail_with(Trouble::Locked);
    let problem = stage.engine.token(None, &birdkey::token::Needs::default()).await.unwrap_err();
    assert_eq!((problem.code, problem.code.exit_code()), (Code::VaultLocked, 7));
    stage.engine.look_again().await;
    assert_eq!(stage.account().state, AccountState::VaultUnavailable);
    assert_eq!(stage.vault.calls().unlocks, 1, "no prompt inside a read");

    stage.engine.unlock_vault().await.unwrap();
    assert_eq!(stage.account().state, AccountState::Ready);
}

#[tokio::test]
async fn a_dismissed_prompt_ends_the_login_with_that_reason() {
    let stage = Stage::with_app().await;
    stage.vault.fail_with(Trouble::Locked);
    stage.vault.dismiss_prompts();
    assert_eq!(stage.log_in().await.unwrap_err().code, Code::VaultPromptDismissed);
}

#[tokio::test]
async fn a_grant_that_cannot_be_stored_is_revoked_and_said() {
    let mut stage = Stage::with_app().await;
    stage.vault.fail_changes_with(Trouble::Failed);

    let problem = stage.log_in().await.unwrap_err();

    assert_eq!(problem.code, Code::VaultFailed);
    assert!(stage.view().accounts.is_empty());
    let revoked =
        stage.ledger.requests().iter().filter(|one| one.path == "/2/oauth2/revoke").count();
    assert_eq!(revoked, 2, "both tokens");
    let page = stage.watched.pages.recv().await.unwrap();
    assert!(
        page.text.contains(&problem.what.to_string()),
        "the page tells the true outcome: {}",
        page.text
    );
}

#[tokio::test]
async fn a_grant_that_vanished_from_the_keychain_asks_for_a_login() {
    let stage = Stage::with_app().await;
    stage.log_in().await.unwrap();
    stage.vault.remove_all();

    let problem = stage.engine.token(None, &birdkey::token::Needs::default()).await.unwrap_err();
    stage.engine.look_again().await;

    assert_eq!((problem.code, problem.code.exit_code()), (Code::GrantMissing, 4));
    assert_eq!(stage.account().state, AccountState::LogInAgain);
}

#[tokio::test]
async fn the_vault_is_the_truth_and_repairs_the_list() {
    let stage = Stage::with_app().await;
    stage.log_in().await.unwrap();
    let path = stage.root.path().join("data/accounts.json");
    let right = std::fs::read_to_string(&path).unwrap();
    let mut wrong: serde_json::Value = serde_json::from_str(&right).unwrap();
    wrong["accounts"][0]["expires_at_ms"] = 5.into();
    wrong["accounts"][0]["username"] = "mallory".into();
    std::fs::write(&path, wrong.to_string()).unwrap();
    assert_eq!(stage.account().state, AccountState::Refreshable);

    stage.engine.look_again().await;

    assert_eq!(stage.account().state, AccountState::Ready);
    assert_eq!(stage.account().username, Some("demo_ada".into()));
}
