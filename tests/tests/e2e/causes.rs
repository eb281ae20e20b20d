//! What is said about a login is so: its cause stays, and nothing but the server's word ends it.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use birdkey::problem::Code;
use birdkey::view::AccountState;

use crate::refresh::expired;
use crate::stage::Stage;

/// Issue 17, L15.
#[tokio::test]
async fn a_lost_reply_stays_the_cause_after_another_refresh() {
    let stage = expired().await;
    stage.plan("token:drop-after");
    stage.token().await.unwrap_err();
    stage.rest();
    assert_eq!(stage.token().await.unwrap_err().code, Code::RefreshReplyLost);

    for engine in [Arc::clone(&stage.engine), stage.second_engine()] {
        let requests = stage.token_requests();
        assert_eq!(engine.refresh(None).await.unwrap_err().code, Code::RefreshReplyLost);
        assert_eq!(stage.token_requests(), requests + 1, "the server was asked again");
        assert_eq!(stage.account().problem.unwrap().code, Code::RefreshReplyLost);
    }
}

/// A file in the place of the folder.
fn no_folder(locks: &Path) {
    fs::remove_dir_all(locks).unwrap();
    fs::write(locks, "").unwrap();
}

/// A folder in the place of the file.
fn no_file(locks: &Path) {
    let lock = locks.join("accounts.lock");
    fs::remove_file(&lock).ok();
    fs::create_dir(&lock).unwrap();
}

/// Issue 17, L16.
#[tokio::test]
async fn lock_files_that_can_t_be_written_do_not_ask_for_a_new_login() {
    for spoil in [no_folder, no_file] {
        let stage = Stage::with_app().await;
        stage.log_in().await.unwrap();
        spoil(&stage.root.path().join("data/locks"));

        stage.engine.look_again().await;

        let account = stage.account();
        assert_eq!(account.state, AccountState::Ready);
        let problem = account.problem.unwrap();
        assert_eq!(problem.code, Code::FileUnusable, "{problem:?}");
        assert!(!problem.hint.contains("birdkey login"), "{}", problem.hint);
        let token = stage.token().await.unwrap();
        assert!(stage.works_at_the_server(&token).await, "the login is as good as it was");
    }
}
