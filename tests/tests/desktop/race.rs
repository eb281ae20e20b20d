//! Many processes ask at once after the token ran out: one refresh, and everybody gets its token.

use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use birdkey_sandbox::{Approve, DEMO_CLIENT_ID, Plan};
use birdkey_tests::desktop::{
    PrivateDesktop, Provider, binary, birdkey, find_in_tree, log_in, text, until,
};
use tokio::sync::Barrier;
use tokio::task::JoinSet;

const ROUNDS: usize = 3;
const PROCESSES: usize = 8;
const EACH: usize = 10;
/// The lifetime of a token in a race, in seconds.
const LIFETIME: u64 = 3;
/// Longer than that.
const PATIENCE: Duration = Duration::from_secs(20);

fn is_refreshable(desktop: &PrivateDesktop) -> bool {
    let status = birdkey(desktop, &["status", "--json"]);
    let status: serde_json::Value = serde_json::from_slice(&status.stdout).unwrap();
    status["view"]["accounts"][0]["state"] == "refreshable"
}

/// Runs `birdkey token` some times in a row; what each printed.
async fn caller(program: String, desktop: Arc<PrivateDesktop>) -> Vec<Result<String, String>> {
    let mut printed = Vec::new();
    for _ in 0..EACH {
        let mut command = tokio::process::Command::from(desktop.command(&program));
        command.args(["token", "--min-valid", "1s"]).stdin(Stdio::null());
        let output = command.output().await.unwrap();
        printed.push(if output.status.success() {
            Ok(text(&output.stdout))
        } else {
            Err(text(&output.stderr))
        });
    }
    printed
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_crowd_of_commands_causes_one_refresh_a_round_and_nobody_fails() {
    let desktop = Arc::new(PrivateDesktop::start().await);
    let provider = Provider::start(Approve::Auto).await;
    for plan in ["family-revoke", &format!("expires-in={LIFETIME}")] {
        provider.sandbox.plan(plan.parse::<Plan>().unwrap());
    }
    assert!(birdkey(&desktop, &provider.add(DEMO_CLIENT_ID)).status.success());
    log_in(&desktop, &[]).await;
    let program = binary("birdkey").display().to_string();
    for round in 0..ROUNDS {
        until("the token to run out", PATIENCE, async || is_refreshable(&desktop)).await;
        let before = provider.refreshes();
        let barrier = Arc::new(Barrier::new(PROCESSES));
        let mut callers = JoinSet::new();
        for _ in 0..PROCESSES {
            let (barrier, program, desktop) =
                (Arc::clone(&barrier), program.clone(), Arc::clone(&desktop));
            callers.spawn(async move {
                barrier.wait().await;
                caller(program, desktop).await
            });
        }
        let printed = callers.join_all().await.into_iter().flatten();
        let printed: Vec<_> = printed.collect::<Result<_, _>>().unwrap();
        assert_eq!(printed.len(), PROCESSES * EACH);
        assert!(printed.iter().all(|token| *token == printed[0]), "round {round}: one token");
        assert_eq!(provider.refreshes() - before, 1, "round {round}");
        assert!(provider.secrets().contains(&printed[0]));
    }
    let secrets = provider.secrets();
    assert!(find_in_tree(&desktop.data(), &secrets).is_empty(), "no token in a file");
}
