//! A vault that fails after the rotation: the new pair waits, encrypted, and is taken over later.

use std::time::Duration;

use birdkey::effects::vault::memory::Trouble;
use birdkey::problem::Code;
use birdkey::token::Needs;
use birdkey::view::{AccountState, RevocationView};
use birdkey_tests::scan::find_in_tree;

use crate::refresh::expired;
use crate::stage::{PUBLIC, Stage};

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
    assert_eq!(stage.token_requests(), 3, "two logins and a refresh; the new pair is good enough");
}

#[tokio::test]
async fn what_waited_until_it_ran_out_is_taken_over_and_refreshed() {
    let stage = not_taken().await;
    stage.clock.advance(Duration::from_hours(2));
    stage.vault.heal();
    let token = stage.token().await.unwrap();
    assert!(stage.works_at_the_server(&token).await);
    assert_eq!((stage.token_requests(), sealed(&stage)), (3, 0));
}

#[tokio::test]
async fn what_waits_and_can_t_be_read_is_kept() {
    let stage = not_taken().await;
    stage.vault.heal();
    let locks = stage.root.path().join("data/locks");
    let mut files = std::fs::read_dir(&locks).unwrap().map(|file| file.unwrap().path());
    let file = files.find(|path| path.extension().is_some_and(|it| it == "sealed")).unwrap();
    let aside = file.with_extension("aside");
    std::fs::rename(&file, &aside).unwrap();
    std::fs::create_dir(&file).unwrap();
    assert_eq!(stage.token().await.unwrap_err().code, Code::FileUnusable);

    std::fs::remove_dir(&file).unwrap();
    std::fs::rename(&aside, &file).unwrap();
    assert!(stage.works_at_the_server(&stage.token().await.unwrap()).await);
}

#[tokio::test]
async fn a_logout_revokes_what_waits() {
    let stage = not_taken().await;
    stage.vault.heal();
    let newest = stage.ledger.issued().pop().unwrap();
    let logout = stage.engine.log_out(None).await.unwrap();
    assert_eq!(logout.refresh_token, RevocationView::Revoked);
    let refused = crate::browser::client(reqwest::redirect::Policy::none())
        .post(format!("{}/2/oauth2/token", stage.address))
        .form(&[
            ("grant_type", "refresh_token"),
            ("refresh_token", newest.as_str()),
            ("client_id", PUBLIC),
        ])
        .send()
        .await
        .unwrap();
    assert_eq!(refused.status(), 400, "the newest refresh token is dead at the server");
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
