//! Times that a server names: `Date`, `Retry-After` and `x-rate-limit-reset`, a line each.

use std::time::{SystemTime, UNIX_EPOCH};

use birdkey::failure::Failure;
use birdkey::fuzzing::{by_our_clock, seconds_until};
use birdkey::protocol::failure::TokenFailure;

use crate::Target;
use crate::expect::can_be_told;

pub(crate) const TARGET: Target = Target {
    name: "dates",
    words: &[
        "\n",
        "Thu, 01 Jan 1970 00:16:40 GMT",
        "Fri, 31 Dec 9999 23:59:59 GMT",
        "120",
        "0",
        "-5",
        "1.5",
        "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994",
        "1767225600",
        " ",
        "+7",
        "GMT",
        "18446744073709551615",
        "9223372036854775807",
        "99999999999999999999",
    ],
    run,
};

const NOW_MS: i64 = 1_767_225_600_000;

fn run(text: &str) -> String {
    let mut lines = text.split('\n');
    let date = lines.next().filter(|date| !date.is_empty());
    let (retry_after, reset) = (lines.next().unwrap_or_default(), lines.next().unwrap_or_default());

    let seconds = seconds_until(date, retry_after, NOW_MS);
    let theirs = date.and_then(unix_seconds).unwrap_or(NOW_MS / 1_000);
    let named = retry_after.trim();
    let expected = match (digits(named), unix_seconds(named)) {
        (Some(seconds), _) => Some(seconds),
        (None, Some(until)) => Some(u64::try_from(until.saturating_sub(theirs)).unwrap_or(0)),
        (None, None) => None,
    };
    assert_eq!(seconds, expected, "{named:?}");
    let reset_unix = by_our_clock(date, reset, NOW_MS);
    if date.and_then(unix_seconds).is_none()
        && let Some(given) = digits(reset.trim())
    {
        let fits = i64::try_from(given).is_ok();
        assert_eq!(reset_unix, fits.then_some(given), "clocks count as equal");
    }

    for failure in [
        TokenFailure::RateLimited { retry_after_seconds: seconds, reset_unix },
        TokenFailure::RateLimited { retry_after_seconds: None, reset_unix },
        TokenFailure::Unavailable { status: 503, retry_after_seconds: seconds },
    ] {
        let wait = failure.retry_after(NOW_MS);
        assert!(
            wait.is_none_or(|wait| wait.as_nanos() > 0)
                || seconds == Some(0)
                || reset_unix.is_some()
        );
        can_be_told(&Failure::from(failure));
    }
    format!(
        "{} {} {}",
        date.and_then(unix_seconds).is_some(),
        seconds.is_some(),
        reset_unix.is_some()
    )
}

/// `delay-seconds` of RFC 9110 §10.2.3, with a sign that is let pass.
fn digits(text: &str) -> Option<u64> {
    text.parse().ok()
}

fn unix_seconds(date: &str) -> Option<i64> {
    let time: SystemTime = httpdate::parse_http_date(date).ok()?;
    i64::try_from(time.duration_since(UNIX_EPOCH).ok()?.as_secs()).ok()
}
