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

/// Runs `birdkey token` some times in a row; what each printed.
async fn caller(ground: Arc<Ground>) -> Vec<Result<String, String>> {
    let mut printed = Vec::new();
    for _ in 0..EACH {
        let command = ground.command(&["token", "--min-valid", "1s"]);
        let mut command = tokio::process::Command::from(command);
        let output = command.stdin(Stdio::null()).output().await.unwrap();
        printed.push(if output.status.success() {
            Ok(text(&output.stdout))
        } else {
            Err(text(&output.stderr))
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
        assert!(ground.provider.secrets().contains(&printed[0]), "round {round}: the server's");
    }
    ground.assert_no_leak();
    format!(
        "race, {}: {rounds} rounds of {PROCESSES} × {EACH} tokens: 1 refresh each, 0 failures, no secret in a file",
        ground.kind
    )
}
