//! A hundred callers at once: with a valid grant, and at its expiry.

use std::collections::BTreeSet;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use crate::desktop::{PrivateDesktop, Provider, binary, birdkey, text, until};

const CALLERS: usize = 100;
/// What all of them together may take with a valid grant.
const TOGETHER: Duration = Duration::from_millis(1_500);

pub(super) async fn run(
    desktop: &PrivateDesktop,
    provider: &Provider,
) -> (Vec<String>, Vec<String>) {
    let (before, mut broken) = (provider.refreshes(), Vec::new());
    let (took, tokens) = all_at_once(desktop);
    if took > TOGETHER {
        broken.push(format!("{CALLERS} callers take more than {TOGETHER:?} together"));
    }
    if tokens.len() != 1 || provider.refreshes() != before {
        broken.push("callers of a valid grant got different tokens, or refreshed it".to_owned());
    }
    let mut lines = vec![
        format!("{CALLERS} callers at once"),
        format!("  with a valid grant: {took:.0?} together (at most {TOGETHER:?})"),
    ];
    run_out(desktop, provider).await;
    let before = provider.refreshes();
    let (took, tokens) = all_at_once(desktop);
    let refreshes = provider.refreshes() - before;
    lines.push(format!("  at expiry: {took:.0?} together, {refreshes} refresh"));
    if (tokens.len(), refreshes) != (1, 1) {
        broken.push("callers at expiry did not share one refresh".to_owned());
    }
    (lines, broken)
}

/// Waits until the grant has expired; the next one lives as long as ever.
async fn run_out(desktop: &PrivateDesktop, provider: &Provider) {
    provider.sandbox.plan("expires-in=1".parse().unwrap());
    assert!(birdkey(desktop, &["refresh"]).status.success());
    provider.sandbox.plan("expires-in=7200".parse().unwrap());
    until("the grant to expire", Duration::from_secs(10), async || {
        let status = birdkey(desktop, &["status"]);
        text(&status.stdout).contains("refreshed on use")
    })
    .await;
}

/// How long until the last had its token, and the different tokens they got.
fn all_at_once(desktop: &PrivateDesktop) -> (Duration, BTreeSet<String>) {
    let began = Instant::now();
    let start = || {
        let mut command = desktop.command(binary("birdkey").display().to_string());
        command.arg("token").stdin(Stdio::null());
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    };
    let callers: Vec<Child> = (0..CALLERS).map(|_| start()).collect();
    let tokens = callers.into_iter().map(|caller| {
        let output = caller.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", text(&output.stderr));
        text(&output.stdout)
    });
    let tokens = tokens.collect();
    (began.elapsed(), tokens)
}
