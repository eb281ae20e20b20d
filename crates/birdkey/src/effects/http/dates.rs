//! Times that a server names, read by our clock: one of the two may be off.

/// The server's clock against ours at the moment of an answer.
pub(crate) struct Dates {
    ours: i64,
    theirs: i64,
    told: bool,
}

impl Dates {
    /// From the `Date` header (RFC 9110 §6.6.1); without one the clocks count as equal.
    pub(crate) fn new(date: Option<&str>, now_ms: i64) -> Self {
        let ours = now_ms / 1_000;
        let theirs = date.and_then(unix_seconds);
        Self { ours, theirs: theirs.unwrap_or(ours), told: theirs.is_some() }
    }

    /// Our clock ahead of the server's, in seconds; `None` when it did not tell the time.
    pub(super) fn ahead_seconds(&self) -> Option<i64> {
        self.told.then(|| self.ours.saturating_sub(self.theirs))
    }

    /// `Retry-After` (RFC 9110 §10.2.3), a number of seconds or a date, as seconds from now on.
    pub(crate) fn seconds_until(&self, retry_after: &str) -> Option<u64> {
        let retry_after = retry_after.trim();
        if let Ok(seconds) = retry_after.parse() {
            return Some(seconds);
        }
        let left = unix_seconds(retry_after)?.saturating_sub(self.theirs);
        Some(u64::try_from(left).unwrap_or(0))
    }

    /// Unix seconds by the server's clock, as Unix seconds by ours.
    pub(crate) fn by_our_clock(&self, unix_seconds: &str) -> Option<u64> {
        let theirs: i64 = unix_seconds.trim().parse().ok()?;
        u64::try_from(theirs.saturating_sub(self.theirs).saturating_add(self.ours)).ok()
    }
}

fn unix_seconds(date: &str) -> Option<i64> {
    let time = httpdate::parse_http_date(date).ok()?;
    let since = time.duration_since(std::time::SystemTime::UNIX_EPOCH).ok()?;
    i64::try_from(since.as_secs()).ok()
}

#[cfg(test)]
mod tests {
    use super::Dates;

    /// 1,000 seconds after the epoch.
    const DATE: &str = "Thu, 01 Jan 1970 00:16:40 GMT";

    #[test]
    fn a_server_whose_clock_is_off_is_waited_for_no_longer_than_it_meant() {
        let an_hour_behind_us = Dates::new(Some(DATE), 4_600_000);
        assert_eq!(an_hour_behind_us.by_our_clock("1060"), Some(4_660));
        assert_eq!(an_hour_behind_us.seconds_until("Thu, 01 Jan 1970 00:17:00 GMT"), Some(20));
        assert_eq!(an_hour_behind_us.seconds_until("Thu, 01 Jan 1970 00:00:00 GMT"), Some(0));
        assert_eq!(an_hour_behind_us.seconds_until(" 7 "), Some(7));
        for date in [None, Some("yesterday")] {
            assert_eq!(Dates::new(date, 4_600_000).by_our_clock("4660"), Some(4_660), "{date:?}");
        }
        assert_eq!(an_hour_behind_us.seconds_until("soon"), None);
    }
}
