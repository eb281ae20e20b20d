//! `birdkey login --paste`: what the user pastes, and what is said of it.

use std::io::BufRead as _;
use std::sync::Arc;

use birdkey::effects::paste::{Paste, Pasted};
use birdkey::protocol::secret::Secret;
use tokio::sync::mpsc;

use crate::output::Output;

/// X's codes live for half a minute.
pub(super) const HOW: &str = "Open this address in any browser and approve. The browser then ends on an address that it can't
open, which begins with the redirect URI: copy all of it and paste it here, within 30 seconds.";

/// Whether this is a session on a machine whose screen is elsewhere.
pub(super) fn is_remote() -> bool {
    let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    is_set("SSH_CONNECTION") && !is_set("DISPLAY") && !is_set("WAYLAND_DISPLAY")
}

/// Hands over line by line; never ends, as the login decides when it does.
pub(super) async fn take(paste: Arc<Paste>, output: &Output) -> std::convert::Infallible {
    let mut lines = lines();
    while let Some(line) = lines.recv().await {
        let said = match paste.paste(&line).await {
            Pasted::Taken => continue,
            Pasted::Stray => {
                "That address belongs to another login, or is not complete. Copy all of it, or open the page once more."
            }
            Pasted::Elsewhere => {
                "That is another address. The one to copy begins with the redirect URI and holds a code."
            }
            Pasted::BareCode => {
                "That is a code alone. Without the state beside it nobody can tell whose login it belongs to; paste the whole address."
            }
            Pasted::NotAnAddress => {
                "That is no address. Copy the whole line of the browser's address bar."
            }
        };
        output.say(said);
    }
    std::future::pending().await
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
