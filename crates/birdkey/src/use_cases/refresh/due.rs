//! When a grant is refreshed ahead of its expiry.
//!
//! Each rotation can be the one whose reply is lost, so there are no more of them than needed.

use crate::model::grant::clock_was_set_back;
use crate::store::accounts::Account;

/// How long before the expiry, in milliseconds.
const AHEAD_MS: i64 = 120_000;
/// Accounts of one login hour must not all refresh at once: up to this much earlier or later.
const JITTER_MS: i64 = 30_000;
/// An account counts as in use for this long after its last hand-out, in milliseconds.
const IN_USE_MS: i64 = 24 * 3_600_000;
/// A refresh token that is never used dies after months; an idle account refreshes this often.
const IDLE_MS: i64 = 30 * 24 * 3_600_000;
/// Nothing is refreshed ahead of its expiry sooner than this after it came.
const SETTLED_MS: i64 = 60_000;

/// When an account is due, Unix milliseconds; `None` when it can't or need not be refreshed.
pub(crate) fn due_at(account: &Account, last_used_ms: Option<i64>, now_ms: i64) -> Option<i64> {
    if account.refresh_token_chars.is_none() || account.ended.is_some() {
        return None;
    }
    let in_use = last_used_ms.is_some_and(|used| now_ms.saturating_sub(used) < IN_USE_MS);
    if clock_was_set_back(account.obtained_at_ms, now_ms) {
        // Its expiry means nothing, and the next program that asks would have to wait for a new one.
        return Some(if in_use { now_ms } else { now_ms.saturating_add(IDLE_MS) });
    }
    let idle = account.obtained_at_ms.saturating_add(IDLE_MS);
    let (true, Some(expires_at_ms)) = (in_use, account.expires_at_ms) else { return Some(idle) };
    let ahead = expires_at_ms.saturating_sub(AHEAD_MS).saturating_add(jitter(&account.serial));
    Some(ahead.max(account.obtained_at_ms.saturating_add(SETTLED_MS)).min(idle))
}

/// The same for one token pair at each look, so that a wake that comes early finds the same time.
fn jitter(serial: &str) -> i64 {
    let sum = serial.bytes().fold(7_i64, |sum, byte| (sum * 31 + i64::from(byte)) % 1_000_003);
    sum % (2 * JITTER_MS + 1) - JITTER_MS
}

#[cfg(test)]
mod tests {
    use super::{JITTER_MS, due_at, jitter};
    use crate::store::accounts::Account;

    const HOUR_MS: i64 = 3_600_000;

    /// Came at zero, lasts two hours.
    fn account(change: impl FnOnce(&mut Account)) -> Account {
        let mut account: Account = serde_json::from_value(serde_json::json!({
            "id": "one", "app_id": "a", "token_type": "bearer", "obtained_at_ms": 0,
            "expires_at_ms": 2 * HOUR_MS, "scopes_requested": "", "access_token_chars": 91,
            "refresh_token_chars": 91, "serial": "s1",
        }))
        .unwrap();
        change(&mut account);
        account
    }

    #[test]
    fn an_account_in_use_is_due_ahead_of_its_expiry_and_an_idle_one_after_30_days() {
        let due = |used_ms| due_at(&account(|_| {}), used_ms, 100 * HOUR_MS).unwrap();
        let ahead = 2 * HOUR_MS - 150_000..=2 * HOUR_MS - 90_000;
        assert!(ahead.contains(&due(Some(77 * HOUR_MS))), "used 23 h ago");
        for idle in [None, Some(75 * HOUR_MS)] {
            assert_eq!(due(idle), 30 * 24 * HOUR_MS, "last used {idle:?}");
        }
    }

    #[test]
    fn what_can_t_be_refreshed_is_never_due() {
        let ended = |one: &mut Account| one.ended = Some(crate::store::accounts::Ended::Refused);
        let single = |one: &mut Account| one.refresh_token_chars = None;
        assert_eq!(due_at(&account(ended), Some(0), HOUR_MS), None);
        assert_eq!(due_at(&account(single), Some(0), HOUR_MS), None);
    }

    #[test]
    fn a_pair_from_the_future_is_due_at_once_when_it_is_in_use() {
        let came_later = account(|one| one.obtained_at_ms = 100 * HOUR_MS);
        assert_eq!(due_at(&came_later, Some(HOUR_MS), HOUR_MS), Some(HOUR_MS));
        assert!(due_at(&came_later, None, HOUR_MS).unwrap() > 24 * HOUR_MS, "an idle one waits");
    }

    #[test]
    fn the_jitter_spreads_over_both_sides_and_stays_within_its_bounds() {
        let jitters: Vec<_> = (0..500).map(|n| jitter(&format!("serial{n}"))).collect();
        assert!(jitters.iter().all(|one| (-JITTER_MS..=JITTER_MS).contains(one)));
        assert!(jitters.iter().any(|one| *one < -JITTER_MS / 2));
        assert!(jitters.iter().any(|one| *one > JITTER_MS / 2));
    }
}
