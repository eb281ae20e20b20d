//! Which messages account for tokens that live on at the server: the one place that lists them.

use birdkey::problem::Code;

use crate::process::Said;

/// Which tokens a message accounts for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Covers {
    Nothing,
    /// Those of the account that the command was about, and those it sent or received.
    ThisAccount,
    /// Those that a login replaced, whichever they are.
    Replaced,
    /// Those of logins that were cut off before.
    CutOffLogins,
}

/// What all that a command said accounts for.
pub fn covered(said: &Said) -> Vec<Covers> {
    let codes = said.code.iter().chain(&said.also);
    let mut covers: Vec<_> = codes.map(|code| by_code(*code)).collect();
    if said.may_live_on {
        covers.push(Covers::ThisAccount);
    }
    covers
}

fn by_code(code: Code) -> Covers {
    // By name, so that codes which do not exist yet can be listed.
    match code.as_str() {
        "refresh_reply_lost" | "refresh_not_stored" | "newer_tokens_may_live" => {
            Covers::ThisAccount
        }
        "older_tokens_live" => Covers::Replaced,
        "login_cut_off" => Covers::CutOffLogins,
        _ => Covers::Nothing,
    }
}
