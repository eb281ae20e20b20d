//! Several accounts and apps: one is meant when none is named, and nobody is written over.

use birdkey::engine::LiveLogin;
use birdkey::login::Page;
use birdkey::problem::Code;
use birdkey::token::Needs;

use crate::stage::Stage;

async fn two_accounts() -> (Stage, String, String) {
    let stage = Stage::with_app().await;
    let ada = stage.log_in().await.unwrap();
    stage.sandbox.set_auto_user("demo_grace");
    let grace = stage.log_in().await.unwrap();
    (stage, ada, grace)
}

#[tokio::test]
async fn another_user_is_another_account_and_the_same_user_keeps_theirs() {
    let (stage, ada, grace) = two_accounts().await;
    assert_ne!(ada, grace);
    assert_eq!(stage.log_in().await.unwrap(), grace, "a second login of the same user moves in");
    assert_eq!(stage.view().accounts.len(), 2);
    for (id, name) in [(&ada, "demo_ada"), (&grace, "demo_grace")] {
        let account = stage.view().accounts.into_iter().find(|one| one.id == *id).unwrap();
        assert_eq!(account.username, Some(name.into()));
    }
}

#[tokio::test]
async fn another_user_than_the_one_asked_for_is_noticed_and_overwrites_nobody() {
    let (stage, ada, grace) = two_accounts().await;
    let before = stage.engine.token(Some(&ada), &Needs::default()).await.unwrap();
    let again = async |id: &str| {
        let request = stage.engine.login_again_request(id, Page::Open).unwrap();
        stage.engine.login_in_view(&request, &LiveLogin::default()).await.unwrap()
    };

    // The browser is still logged in as Grace.
    assert_eq!(again(&ada).await, grace);
    let note = stage.view().login.unwrap().not_renewed.unwrap();
    assert_eq!((note.code, note.code.exit_code()), (Code::OtherUser, 4));
    assert!(note.what.contains("@demo_grace") && note.what.contains("@demo_ada"), "{}", note.what);
    let after = stage.engine.token(Some(&ada), &Needs::default()).await.unwrap();
    assert_eq!(after.serial, before.serial, "Ada's grant is as it was");

    stage.sandbox.set_auto_user("demo_ada");
    assert_eq!(again(&ada).await, ada);
    assert_eq!(stage.view().login.unwrap().not_renewed, None);
}

#[tokio::test]
async fn without_a_name_the_default_is_meant_and_without_a_default_nobody() {
    let (stage, ada, grace) = two_accounts().await;
    let token = async || stage.engine.token(None, &Needs::default()).await;
    assert_eq!(token().await.unwrap_err().code, Code::AccountAmbiguous);

    stage.engine.make_default_account("@demo_ada").unwrap();
    assert_eq!(token().await.unwrap().account_id, ada);
    stage.engine.make_default_account(&grace).unwrap();
    assert_eq!(token().await.unwrap().account_id, grace);
    let defaults: Vec<_> = stage.view().accounts.into_iter().filter(|one| one.is_default).collect();
    assert!(defaults.len() == 1 && defaults[0].id == grace);

    stage.engine.log_out(None).await.unwrap();
    assert_eq!(token().await.unwrap().account_id, ada, "the only one left, not the one gone");
}

#[tokio::test]
async fn a_default_that_names_nobody_is_refused() {
    let (stage, ..) = two_accounts().await;
    assert_eq!(
        stage.engine.make_default_account("@nobody").unwrap_err().code,
        Code::AccountUnknown
    );
    assert_eq!(stage.engine.make_default_app("nothing").unwrap_err().code, Code::AppUnknown);
}

#[tokio::test]
async fn a_login_means_the_default_app() {
    let stage = Stage::with_app().await;
    stage.add_public().await;
    let page = birdkey::login::Page::HandOver;
    assert_eq!(stage.engine.login_request(None, page).unwrap_err().code, Code::AppAmbiguous);
    let second = stage.view().apps[1].id.clone();
    stage.engine.make_default_app(&second).unwrap();
    assert_eq!(stage.engine.login_request(None, page).unwrap().app.id, second);
}
