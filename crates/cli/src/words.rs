//! The words of accounts and times.

use birdkey::view::{AccountState, AccountView, RevocationView};

/// What an account is called: name and @username, or that it isn't known.
pub(crate) fn account(account: &AccountView) -> String {
    account.called().to_string()
}

/// The state in one clause.
pub(crate) fn state(account: &AccountView, now_ms: i64) -> String {
    let valid = || match account.token.expires_at_ms {
        Some(at) => format!("valid for {}", duration((at - now_ms).max(0) / 1_000)),
        None => "valid, for how long is not known".to_owned(),
    };
    match account.state {
        AccountState::Ready => valid(),
        other @ (AccountState::Refreshable
        | AccountState::Expired
        | AccountState::LogInAgain
        | AccountState::VaultUnavailable
        | AccountState::SandboxOff
        | AccountState::Blocked) => other.words().to_string(),
    }
}

/// Seconds in the two largest units.
pub(crate) fn duration(seconds: i64) -> String {
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3_600 % 24, seconds / 60 % 60);
    match (days, hours, minutes) {
        (0, 0, 0) => format!("{seconds} s"),
        (0, 0, _) => format!("{minutes} min"),
        (0, _, _) => format!("{hours} h {minutes} min"),
        _ => format!("{days} d {hours} h"),
    }
}

/// What became of one token at the provider.
pub(crate) fn revocation(name: &str, revocation: &RevocationView) -> Option<String> {
    match revocation {
        RevocationView::None => None,
        RevocationView::Revoked => Some(format!("{name}: revoked")),
        RevocationView::Unsupported => {
            Some(format!("{name}: the server offers no revocation; it works until it expires"))
        }
        RevocationView::Waiting { problem } => Some(format!(
            "{name}: not revoked yet; the app tries again by itself, and so do birdkey status, refresh, login and logout. {} {}",
            problem.what, problem.why
        )),
        RevocationView::Failed { problem } => Some(format!(
            "{name}: NOT revoked, it may work until it expires. {} {}",
            problem.what, problem.why
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::duration;

    #[test]
    fn a_duration_has_at_most_two_units() {
        let table = [
            (5, "5 s"),
            (60, "1 min"),
            (7_199, "1 h 59 min"),
            (7_200, "2 h 0 min"),
            (200_000, "2 d 7 h"),
        ];
        for (seconds, expected) in table {
            assert_eq!(duration(seconds), expected);
        }
    }
}
