//! How long accounts are left alone after a refresh that nobody asked for.

use std::collections::HashMap;
use std::time::Duration;

use super::note::MOST_ASKED;
use crate::failure::{Failure, RefreshError};

/// The pause after any attempt, and after the first that failed.
const LEAST: Duration = Duration::from_mins(1);
/// What a pause grows to when the attempts go on failing.
const MOST: Duration = Duration::from_mins(15);

/// The pauses of all accounts, by the clock that nobody sets.
#[derive(Debug, Default)]
pub(crate) struct Pauses(HashMap<String, Pause>);

#[derive(Debug)]
struct Pause {
    until: Duration,
    /// How long it is, when a failure caused it.
    after_failure: Option<Duration>,
}

impl Pauses {
    /// How much longer an account is left alone.
    pub(crate) fn left(&self, account_id: &str, elapsed: Duration) -> Duration {
        self.0.get(account_id).map_or(Duration::ZERO, |pause| pause.until.saturating_sub(elapsed))
    }

    /// Whether the last attempt failed.
    pub(crate) fn is_failing(&self, account_id: &str) -> bool {
        self.0.get(account_id).is_some_and(|pause| pause.after_failure.is_some())
    }

    /// Begins a pause after an attempt: an account that stays due must not be tried without end.
    pub(crate) fn after(
        &mut self,
        account_id: &str,
        failure: Option<&Failure>,
        elapsed: Duration,
        now_ms: i64,
    ) {
        let before = self.0.get(account_id).and_then(|pause| pause.after_failure);
        let doubled = before.unwrap_or_default().saturating_mul(2).clamp(LEAST, MOST);
        let pause = match failure {
            None => Pause { until: elapsed.saturating_add(LEAST), after_failure: None },
            Some(failure) => {
                let asked = asked_for(failure, now_ms).unwrap_or_default().min(MOST_ASKED);
                let until = elapsed.saturating_add(doubled.max(asked));
                Pause { until, after_failure: Some(doubled) }
            }
        };
        self.0.insert(account_id.to_owned(), pause);
    }
}

/// How long the server asked to be left alone.
fn asked_for(failure: &Failure, now_ms: i64) -> Option<Duration> {
    if let Failure::Refresh(RefreshError::Unanswered { seconds }) = failure {
        return Some(Duration::from_secs(*seconds));
    }
    let Failure::Token(refusal) = failure else { return None };
    refusal.retry_after(now_ms)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::StoredError;
    use crate::protocol::failure::TokenFailure;

    const SECOND: Duration = Duration::from_secs(1);

    fn left_after(pauses: &mut Pauses, failure: Option<&Failure>) -> u64 {
        pauses.after("a", failure, SECOND, 1_000_000);
        pauses.left("a", SECOND).as_secs()
    }

    #[test]
    fn every_attempt_is_followed_by_a_pause_that_grows_while_they_fail() {
        let mut pauses = Pauses::default();
        let failure = Failure::from(StoredError::GrantMissing);
        assert!(pauses.left("a", SECOND).is_zero());
        for expected in [60, 120, 240, 480, 900, 900] {
            assert_eq!(left_after(&mut pauses, Some(&failure)), expected);
        }
        assert_eq!(left_after(&mut pauses, None), 60, "also after one that went well");
        assert_eq!(left_after(&mut pauses, Some(&failure)), 60);
        assert!(pauses.left("b", SECOND).is_zero());
    }

    #[test]
    fn a_server_that_asks_for_more_gets_it_up_to_a_day() {
        let limited = |retry_after_seconds, reset_unix| {
            Failure::from(TokenFailure::RateLimited { retry_after_seconds, reset_unix })
        };
        let table = [
            (limited(Some(5), None), 60),
            (limited(Some(600), Some(9_999)), 600),
            (limited(None, Some(1_300)), 300),
            (limited(None, Some(7)), 60),
            (limited(Some(u64::MAX), None), 86_400),
        ];
        for (failure, expected) in table {
            assert_eq!(left_after(&mut Pauses::default(), Some(&failure)), expected, "{failure:?}");
        }
    }
}
