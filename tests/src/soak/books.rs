//! Whether each pair that lives at the server is in the keychain, or was said to be lost.

use std::collections::HashSet;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::ground::Ground;

/// What a command says of tokens that live on at the server and are nowhere on this machine.
const SAID: [&str; 5] = [
    "refresh_reply_lost",
    "refresh_not_stored",
    "newer_tokens_may_live",
    "login_cut_off",
    "older_tokens_live",
];

/// What was said so far.
#[derive(Default)]
pub(super) struct Books {
    /// The refresh tokens that were named, in effect, when a command told of a loss.
    named: HashSet<String>,
}

impl Books {
    /// The refresh tokens that live at the server, lie in no item of the keychain and were never
    /// told of, now that a command has printed this.
    pub(super) async fn unaccounted(&mut self, ground: &Ground, printed: &str) -> Vec<String> {
        let held = ground.held().await;
        let is_held = |token: &String| held.iter().any(|item| item.contains(token));
        let mut lost: Vec<_> = living(ground).into_iter().filter(|it| !is_held(it)).collect();
        if SAID.iter().any(|code| printed.contains(&format!("\"{code}\""))) {
            self.named.extend(lost.iter().cloned());
        }
        lost.retain(|token| !self.named.contains(token));
        lost
    }
}

/// The refresh tokens that work at the server now.
pub(super) fn living(ground: &Ground) -> Vec<String> {
    of_kind(ground, b":rt:1")
}

/// The access tokens that work at the server now.
pub(super) fn access_tokens(ground: &Ground) -> Vec<String> {
    of_kind(ground, b":at:1")
}

/// The sandbox says in a token what it is, as X does.
fn of_kind(ground: &Ground, tail: &[u8]) -> Vec<String> {
    let is_of_kind = |it: &String| URL_SAFE_NO_PAD.decode(it).is_ok_and(|it| it.ends_with(tail));
    let mut all = ground.provider.secrets();
    all.retain(|secret| is_of_kind(secret) && ground.provider.sandbox.lives(secret));
    all.sort();
    all.dedup();
    all
}
