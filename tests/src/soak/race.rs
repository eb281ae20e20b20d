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

/// What all of them printed, begun at the same moment; the first failure, when there is one.
async fn all_at_once(ground: &Arc<Ground>) -> Result<Vec<String>, String> {
    let barrier = Arc::new(Barrier::new(PROCESSES));
    let mut callers = JoinSet::new();
    for _ in 0..PROCESSES {
        let (barrier, ground) = (Arc::clone(&barrier), Arc::clone(ground));
        callers.spawn(async move {
            barrier.wait().await;
            caller(ground).await
        });
    }
    callers.join_all().await.into_iter().flatten().collect()
}

/// So many crashes of the keyring are not by chance.
const MOST_CRASHES: usize = 2;

pub(super) async fn run(ground: Ground, rounds: usize) -> String {
    ground.plan("family-revoke");
    ground.plan(&format!("expires-in={LIFETIME}"));
    ground.succeeds(&["refresh"]);
    let ground = Arc::new(ground);
    let (mut round, mut crashes) = (0, 0);
    while round < rounds {
        ground.ran_out().await;
        let before = ground.provider.refreshes();
        let printed = all_at_once(&ground).await;
        // gnome-keyring of Debian 12 aborts about once in some hundred runs (a trap in its GLib).
        // That is said, and the round repeated; whatever fails with a keyring that lives is ours.
        if printed.is_err() && crashes < MOST_CRASHES && ground.desktop.keyring_has_ended() {
            crashes += 1;
            ground.desktop.restart_keyring().await;
            // A pair that the keyring did not take any more is taken over first.
            ground.succeeds(&["token"]);
            continue;
        }
        let printed = printed.unwrap();
        assert_eq!(printed.len(), PROCESSES * EACH);
        assert!(printed.iter().all(|token| *token == printed[0]), "round {round}: one token");
        assert_eq!(ground.provider.refreshes() - before, 1, "round {round}: one refresh");
        round += 1;
    }
    ground.assert_no_leak().await;
    format!(
        "race, {}: {rounds} rounds of {PROCESSES} × {EACH} tokens: 1 refresh each, each token valid at the server when printed, 0 failures, no secret in a file{}",
        ground.kind,
        match crashes {
            0 => String::new(),
            times => format!(
                "; gnome-keyring ended by itself {times} times, those rounds repeated; it said: {}",
                ground.desktop.keyring_said()
            ),
        }
    )
}
