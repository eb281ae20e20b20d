//! `birdkey login --paste`: what the user pastes, and what is said of it.

use std::io::BufRead as _;
use std::sync::Arc;
use std::time::Duration;

use birdkey::effects::paste::{Paste, Pasted};
use birdkey::protocol::secret::Secret;
use tokio::sync::mpsc;

use crate::output::Output;

/// X's codes live for half a minute.
pub(super) const HOW: &str = "Open this address in any browser and approve. The browser then ends on an address that it can't
open, which begins with the redirect URI: copy all of it and paste it here, within 30 seconds.";

/// An address that was copied from a mail or a terminal may come in several lines.
const QUIET: Duration = Duration::from_secs(1);

/// Whether this is a session on a machine whose screen is elsewhere.
pub(super) fn is_remote() -> bool {
    let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    is_set("SSH_CONNECTION") && !is_set("DISPLAY") && !is_set("WAYLAND_DISPLAY")
}

/// Hands over what is pasted; never ends, as the login decides when it does.
pub(super) async fn take(paste: Arc<Paste>, output: &Output) -> std::convert::Infallible {
    let mut lines = lines();
    let mut next = lines.recv().await;
    while let Some(line) = next.take() {
        paste.add(&line);
        next = rest(&paste, &mut lines).await;
        if let Some(words) = words(paste.look().await) {
            output.say(words);
        }
        if next.is_none() {
            next = lines.recv().await;
        }
    }
    std::future::pending().await
}

/// Adds the lines that an address goes on in; the first that is of another one.
async fn rest(paste: &Paste, lines: &mut mpsc::Receiver<Secret>) -> Option<Secret> {
    while paste.may_go_on() {
        match tokio::time::timeout(QUIET, lines.recv()).await {
            Ok(Some(line)) if paste.begins_in(&line) => return Some(line),
            Ok(Some(line)) => paste.add(&line),
            Ok(None) | Err(_) => break,
        }
    }
    None
}

/// What to do about a text that was not the answer.
fn words(pasted: Pasted) -> Option<&'static str> {
    match pasted {
        Pasted::Taken => None,
        Pasted::Stray => Some(
            "This address belongs to another login, or a part of it is missing. Paste all of it, or open the page again.",
        ),
        Pasted::Incomplete => {
            Some("This is only a part of the address. Paste the rest, or all of it again.")
        }
        Pasted::Elsewhere => Some(
            "This is another address. Paste the one that begins with the redirect URI and holds a code.",
        ),
        Pasted::BareCode => Some(
            "This is only the code. Paste the whole address: its state shows which login the code is for.",
        ),
        Pasted::NotAnAddress => {
            Some("This is not an address. Paste the whole line of the browser's address bar.")
        }
    }
}

/// What is typed, read on a thread of its own: reading can't be given up.
pub(super) fn lines() -> mpsc::Receiver<Secret> {
    let (sender, lines) = mpsc::channel(1);
    std::thread::spawn(move || {
        for line in std::io::stdin().lock().lines().map_while(Result::ok) {
            if !line.trim().is_empty() && sender.blocking_send(Secret::new(line)).is_err() {
                return;
            }
        }
    });
    lines
}
