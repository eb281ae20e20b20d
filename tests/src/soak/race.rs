//! Many processes ask at once after the token ran out: one refresh, and everybody gets its token.

use std::process::Stdio;
use std::sync::Arc;

use tokio::sync::Barrier;
use tokio::task::JoinSet;

use super::ground::Ground;
use crate::desktop::text;

const PROCESSES: usize = 8;
const EACH: usize = 10;
/// The lifetime of a token in a race, in seconds.
const LIFETIME: u64 = 3;

/// Runs `birdkey token` some times in a row; what each printed, if it was good then.
async fn caller(ground: Arc<Ground>) -> Vec<Result<String, String>> {
    let mut printed = Vec::new();
    for _ in 0..EACH {
        let command = ground.command(&["token", "--min-valid", "1s"]);
        let mut command = tokio::process::Command::from(command);
        let output = command.stdin(Stdio::null()).output().await.unwrap();
        let token = text(&output.stdout);
        printed.push(if !output.status.success() {
            Err(text(&output.stderr))
        } else if ground.provider.sandbox.accepts(&token) {
            Ok(token)
        } else {
            Err("the server does not accept what was printed".to_owned())
        });
    }
    printed
}

pub(super) async fn run(ground: Ground, rounds: usize) -> String {
    ground.plan("family-revoke");
    ground.plan(&format!("expires-in={LIFETIME}"));
    ground.succeeds(&["refresh"]);
    let ground = Arc::new(ground);
    for round in 0..rounds {
        ground.ran_out().await;
        let before = ground.provider.refreshes();
        let barrier = Arc::new(Barrier::new(PROCESSES));
        let mut callers = JoinSet::new();
        for _ in 0..PROCESSES {
            let (barrier, ground) = (Arc::clone(&barrier), Arc::clone(&ground));
            callers.spawn(async move {
                barrier.wait().await;
                caller(ground).await
            });
        }
        let printed = callers.join_all().await.into_iter().flatten();
        let printed: Vec<_> = printed.collect::<Result<_, _>>().unwrap();
        assert_eq!(printed.len(), PROCESSES * EACH);
        assert!(printed.iter().all(|token| *token == printed[0]), "round {round}: one token");
        assert_eq!(ground.provider.refreshes() - before, 1, "round {round}: one refresh");
    }
    ground.assert_no_leak().await;
    format!(
        "race, {}: {rounds} rounds of {PROCESSES} × {EACH} tokens: 1 refresh each, each token valid at the server when printed, 0 failures, no secret in a file",
        ground.kind
    )
}
