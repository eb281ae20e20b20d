//! A vault that fails after the rotation: the new pair waits, encrypted, and is taken over later.

use birdkey::effects::vault::memory::Trouble;
use birdkey::hand_out::Needs;
use birdkey::problem::Code;
use birdkey::view::AccountState;
use birdkey_tests::desktop::find_in_tree;

use crate::refresh::expired;
use crate::stage::Stage;

/// A refresh whose new pair the vault did not take.
async fn not_taken() -> Stage {
    let stage = expired().await;
    stage.vault.fail_changes_with(Trouble::Failed);
    let problem = stage.token().await.unwrap_err();
    assert_eq!((problem.code, problem.code.exit_code()), (Code::RefreshWaits, 7));
    assert!(problem.why.contains("The keychain refused."), "{}", problem.why);
    stage
}

#[tokio::test]
async fn a_vault_that_breaks_after_the_rotation_costs_nothing() {
    let stage = not_taken().await;
    let issued = stage.ledger.issued();
    assert!(find_in_tree(&stage.root.path().join("data"), &issued).is_empty(), "encrypted");
    assert_eq!(stage.token().await.unwrap_err().code, Code::RefreshWaits, "still not taken");

    stage.vault.heal();
    let restarted = stage.second_engine();
    let token = restarted.token(None, &Needs::default()).await.unwrap();

    assert!(stage.works_at_the_server(&token).await);
    assert_eq!(stage.account().state, AccountState::Ready);
    assert_eq!((stage.intents(), sealed(&stage)), (0, 0));
    assert_eq!(stage.token_requests(), 2, "the login and one refresh");
}

#[tokio::test]
async fn what_waits_is_taken_over_although_the_old_token_is_still_valid() {
    let stage = Stage::with_app().await;
    stage.log_in().await.unwrap();
    stage.vault.fail_changes_with(Trouble::TimedOut);
    assert_eq!(stage.engine.refresh(None).await.unwrap_err().code, Code::RefreshWaits);
    stage.vault.heal();
    let token = stage.token().await.unwrap();
    assert!(stage.works_at_the_server(&token).await);
    assert_eq!((stage.token_requests(), sealed(&stage)), (2, 0));
}

#[tokio::test]
async fn a_new_login_makes_what_waits_worthless() {
    let stage = not_taken().await;
    stage.vault.heal();
    stage.log_in().await.unwrap();
    let token = stage.token().await.unwrap();
    assert!(stage.works_at_the_server(&token).await, "the pair of the login");
    assert_eq!(sealed(&stage), 0);
}

#[tokio::test]
async fn where_nothing_can_be_written_at_all_the_loss_is_named() {
    let stage = expired().await;
    // An item of the first version has no key to seal to.
    let names = stage.vault.names();
    stage.vault.edit(&names[0], |item| {
        let mut item: serde_json::Value = serde_json::from_str(item).unwrap();
        item.as_object_mut().unwrap().remove("seal_key");
        item.to_string()
    });
    stage.vault.fail_changes_with(Trouble::Failed);
    let problem = stage.token().await.unwrap_err();
    assert_eq!((problem.code, problem.code.exit_code()), (Code::RefreshNotStored, 4));
    stage.vault.heal();
    assert_eq!(stage.token().await.unwrap_err().code, Code::RefreshReplyLost);
}

fn sealed(stage: &Stage) -> usize {
    let locks = std::fs::read_dir(stage.root.path().join("data/locks")).unwrap();
    locks
        .filter(|file| file.as_ref().unwrap().path().extension().is_some_and(|e| e == "sealed"))
        .count()
}
