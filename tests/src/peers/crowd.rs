//! A hundred callers at once: with a valid grant, and at its expiry.

use std::collections::BTreeSet;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use crate::desktop::{PrivateDesktop, Provider, binary, birdkey, text, until};

const CALLERS: usize = 100;
/// What all of them together may take with a valid grant.
const TOGETHER: Duration = Duration::from_millis(1_500);

/// Lines to print, and the limits that do not hold.
type Told = (Vec<String>, Vec<String>);

/// Once more when gnome-keyring ended by itself, which Debian 12's does about once in some hundred
/// runs; whatever fails beside a keyring that lives is ours.
pub(super) async fn run(desktop: &PrivateDesktop, provider: &Provider) -> Told {
    match measured(desktop, provider).await {
        Ok(told) => told,
        Err(_) if desktop.keyring_has_ended() => {
            desktop.restart_keyring().await;
            // A pair that the keyring did not take any more is taken over first.
            assert!(birdkey(desktop, &["token"]).status.success());
            let (mut lines, broken) = measured(desktop, provider).await.unwrap();
            let said = desktop.keyring_said();
            lines.push(format!("  gnome-keyring ended by itself, both repeated; it said: {said}"));
            (lines, broken)
        }
        Err(said) => panic!("{said}"),
    }
}

async fn measured(desktop: &PrivateDesktop, provider: &Provider) -> Result<Told, String> {
    let (before, mut broken) = (provider.refreshes(), Vec::new());
    let (took, tokens) = all_at_once(desktop)?;
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
    let (took, tokens) = all_at_once(desktop)?;
    let refreshes = provider.refreshes() - before;
    lines.push(format!("  at expiry: {took:.0?} together, {refreshes} refresh"));
    if (tokens.len(), refreshes) != (1, 1) {
        broken.push("callers at expiry did not share one refresh".to_owned());
    }
    Ok((lines, broken))
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

/// How long until the last had its token, and the different tokens they got; or what one said that
/// got none.
fn all_at_once(desktop: &PrivateDesktop) -> Result<(Duration, BTreeSet<String>), String> {
    let began = Instant::now();
    let start = || {
        let mut command = desktop.command(binary("birdkey").display().to_string());
        command.arg("token").stdin(Stdio::null());
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    };
    let callers: Vec<Child> = (0..CALLERS).map(|_| start()).collect();
    let tokens = callers.into_iter().map(|caller| {
        let output = caller.wait_with_output().unwrap();
        if output.status.success() { Ok(text(&output.stdout)) } else { Err(text(&output.stderr)) }
    });
    let tokens = tokens.collect::<Result<_, _>>()?;
    Ok((began.elapsed(), tokens))
}
