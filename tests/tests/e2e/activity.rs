//! Activity: who got what when, and nothing secret.

use std::time::Duration;

use birdkey::activity::{Entry, What};
use birdkey::effects::vault::memory::Trouble;
use birdkey_tests::scan::find_in_tree;

use crate::stage::Stage;

/// What, for which program, how often, why not.
fn told(stage: &Stage) -> Vec<(What, Option<String>, u64, Option<String>)> {
    let entries: Vec<Entry> = stage.engine.activity();
    let told = |one: Entry| {
        let program = one.program.map(|program| program.raw().to_owned());
        (one.what, program, one.count, one.code)
    };
    entries.into_iter().map(told).collect()
}

#[tokio::test]
async fn a_life_of_an_account_is_told_in_order() {
    let stage = Stage::with_app().await;
    stage.log_in().await.unwrap();
    let after = |seconds| stage.clock.advance(Duration::from_secs(seconds));
    after(1);
    for _ in 0..3 {
        stage.token().await.unwrap();
    }
    after(1);
    let copied = stage.account().id;
    stage.engine.token_to_copy(&copied).await.unwrap();
    after(7_200);
    stage.token().await.unwrap();
    after(1);
    stage.vault.fail_with(Trouble::Locked);
    stage.token().await.unwrap_err();
    stage.vault.heal();
    after(1);
    stage.engine.log_out(None).await.unwrap();

    let script = || Some("script".to_owned());
    assert_eq!(
        told(&stage),
        [
            (What::Login, None, 1, None),
            (What::Token, script(), 3, None),
            (What::Token, Some("clipboard".into()), 1, None),
            (What::Refresh, None, 1, None),
            (What::Token, script(), 1, None),
            (What::Failure, script(), 1, Some("vault_locked".into())),
            (What::Logout, None, 1, None),
        ]
    );
    let whose: Vec<_> = stage.engine.activity().into_iter().map(|one| one.account).collect();
    assert!(
        whose.iter().all(|one| one.as_ref().is_some_and(|it| *it == "Ada Demo (@demo_ada)")),
        "{whose:?}"
    );
    assert!(find_in_tree(&stage.engine.activity_folder(), &stage.ledger.issued()).is_empty());
}

#[tokio::test]
async fn a_grant_that_died_and_a_logout_that_did_not_revoke_say_why() {
    let stage = Stage::with_app().await;
    stage.log_in().await.unwrap();
    stage.plan("token:refuse=5");
    stage.engine.refresh(None).await.unwrap_err();
    stage.plan("revoke:unavailable");
    stage.engine.log_out(None).await.unwrap();
    let codes: Vec<_> = told(&stage).into_iter().filter_map(|(.., code)| code).collect();
    assert_eq!(codes, ["refresh_refused", "server_unavailable"]);
}
