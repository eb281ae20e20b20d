//! Misbehavior on demand: what a server, or the network before it, may do to a request.
//!
//! A plan is one line, e.g. `token:drop-after`, `token:refuse=5*3`, `revoke:unavailable*always` or
//! `family-revoke`; the command's flag, the control endpoint and tests share this one grammar.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use crate::knobs::Knobs;
use crate::route::Route;
use crate::rules::Refusal;

/// How long an app is asked to wait by 429 unless the plan says otherwise, in seconds.
const WAIT_SECONDS: u16 = 60;
/// The longest delay that can be asked for.
const MAX_DELAY_MS: u64 = 10 * 60 * 1_000;

/// What goes wrong with one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The answer comes this much after the server did what was asked.
    Delay(Duration),
    /// The connection breaks before anything happened.
    DropBefore,
    /// The connection breaks after the server did what was asked: the reply is lost.
    DropAfter,
    /// 429 as a problem document, with `Retry-After` and `x-rate-limit-reset` after this many seconds.
    RateLimited(u16),
    /// 429 in X's older shape, without headers.
    RateLimitedOld,
    /// This status, 400 to 599, without a body.
    Empty(u16),
    /// This status, 400 to 599, with an HTML page of an edge server.
    Html(u16),
    /// 401 with a problem document, as in X's outage of 2026-06-30.
    Outage,
    /// The body stops in the middle.
    Truncated,
    /// The body is larger than anybody reads.
    Oversized,
    /// The body comes byte by byte and takes minutes.
    SlowDrip,
    /// The right body under the name of another type.
    WrongType,
    /// `access_token` appears twice.
    DuplicateKeys,
    /// The body lacks `refresh_token`.
    NoRefreshToken,
    /// The body names one scope less.
    FewerScopes,
    /// The `Date` header is off by this many seconds.
    SkewedDate(i64),
    /// A refusal of X, by its row in the list of error bodies: 1 to 7, 9 and 11.
    Refuse(u8),
}

/// As it is written in a plan.
impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Delay(time) => write!(f, "delay={}", time.as_millis()),
            Self::DropBefore => f.write_str("drop-before"),
            Self::DropAfter => f.write_str("drop-after"),
            Self::RateLimited(seconds) => write!(f, "rate-limited={seconds}"),
            Self::RateLimitedOld => f.write_str("rate-limited-old"),
            Self::Empty(status) => write!(f, "empty={status}"),
            Self::Html(status) => write!(f, "html={status}"),
            Self::Outage => f.write_str("outage"),
            Self::Truncated => f.write_str("truncated"),
            Self::Oversized => f.write_str("oversized"),
            Self::SlowDrip => f.write_str("slow-drip"),
            Self::WrongType => f.write_str("wrong-type"),
            Self::DuplicateKeys => f.write_str("duplicate-keys"),
            Self::NoRefreshToken => f.write_str("no-refresh-token"),
            Self::FewerScopes => f.write_str("fewer-scopes"),
            Self::SkewedDate(seconds) => write!(f, "skewed-date={seconds}"),
            Self::Refuse(row) => write!(f, "refuse={row}"),
        }
    }
}

/// One line of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Plan {
    /// A fault for the next requests of a route.
    Fault {
        /// Which requests.
        route: Route,
        /// What happens to them.
        fault: Fault,
        /// To how many; `None` is all of them.
        times: Option<u32>,
    },
    /// Another setting of a knob, from the next request on.
    Knob(KnobPlan),
}

/// A knob that can be set by a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KnobPlan {
    /// `expires-in=SECONDS`
    ExpiresIn(i64),
    /// `rotation-grace=SECONDS`
    RotationGrace(Duration),
    /// `family-revoke` or `family-revoke=off`
    FamilyRevoke(bool),
    /// `old-access-dies` or `old-access-dies=off`
    OldAccessDies(bool),
    /// `json-bodies=off` or `json-bodies`
    JsonBodies(bool),
}

impl KnobPlan {
    pub(crate) fn apply(self, knobs: &mut Knobs) {
        match self {
            Self::ExpiresIn(seconds) => knobs.expires_in = Some(seconds),
            Self::RotationGrace(grace) => knobs.rotation_grace = grace,
            Self::FamilyRevoke(on) => knobs.family_revoke = on,
            Self::OldAccessDies(on) => knobs.old_access_dies = on,
            Self::JsonBodies(on) => knobs.json_bodies = on,
        }
    }
}

/// A line that is no plan.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{line:?} is no fault: write ROUTE:FAULT[*TIMES], e.g. token:drop-after or token:refuse=5*3; or a setting, e.g. family-revoke, rotation-grace=10, expires-in=3, json-bodies=off"
)]
pub struct NoPlan {
    /// The line as given.
    pub line: String,
}

impl FromStr for Plan {
    type Err = NoPlan;

    fn from_str(line: &str) -> Result<Self, NoPlan> {
        let line = line.trim();
        let read = match line.split_once(':') {
            Some((route, rest)) => fault(route, rest),
            None => knob(line).map(Self::Knob),
        };
        read.ok_or_else(|| NoPlan { line: line.to_owned() })
    }
}

fn fault(route: &str, rest: &str) -> Option<Plan> {
    let (name, times) = match rest.split_once('*') {
        None => (rest, Some(1)),
        Some((name, "always")) => (name, None),
        Some((name, times)) => (name, Some(times.parse().ok().filter(|times| *times > 0)?)),
    };
    Some(Plan::Fault { route: Route::named(route)?, fault: named(name)?, times })
}

fn named(text: &str) -> Option<Fault> {
    let (name, value) = text.split_once('=').map_or((text, None), |(name, v)| (name, Some(v)));
    Some(match (name, value) {
        ("delay", Some(ms)) => {
            Fault::Delay(Duration::from_millis(ms.parse().ok().filter(|ms| *ms <= MAX_DELAY_MS)?))
        }
        ("drop-before", None) => Fault::DropBefore,
        ("drop-after", None) => Fault::DropAfter,
        ("rate-limited", None) => Fault::RateLimited(WAIT_SECONDS),
        ("rate-limited", Some(seconds)) => Fault::RateLimited(seconds.parse().ok()?),
        ("rate-limited-old", None) => Fault::RateLimitedOld,
        ("unavailable", None) => Fault::Empty(503),
        ("bad-gateway", None) => Fault::Html(502),
        ("empty", Some(status)) => Fault::Empty(failing(status)?),
        ("html", Some(status)) => Fault::Html(failing(status)?),
        ("outage", None) => Fault::Outage,
        ("truncated", None) => Fault::Truncated,
        ("oversized", None) => Fault::Oversized,
        ("slow-drip", None) => Fault::SlowDrip,
        ("wrong-type", None) => Fault::WrongType,
        ("duplicate-keys", None) => Fault::DuplicateKeys,
        ("no-refresh-token", None) => Fault::NoRefreshToken,
        ("fewer-scopes", None) => Fault::FewerScopes,
        ("skewed-date", Some(seconds)) => Fault::SkewedDate(seconds.parse().ok()?),
        ("refuse", Some(row)) => {
            Fault::Refuse(row.parse().ok().filter(|row| refusal(*row).is_some())?)
        }
        _ => return None,
    })
}

fn failing(status: &str) -> Option<u16> {
    status.parse().ok().filter(|status| (400..600).contains(status))
}

/// The refusal of a row of the list of X's error bodies.
pub(crate) fn refusal(row: u8) -> Option<Refusal> {
    Some(match row {
        1 => Refusal::Code,
        2 => Refusal::RedirectUri,
        3 => Refusal::Verifier,
        4 => Refusal::Missing("client_id"),
        5 => Refusal::Token,
        6 => Refusal::ClientSecret,
        7 => Refusal::ClientId,
        9 => Refusal::Missing("token_type_hint"),
        11 => Refusal::GrantType,
        _ => return None,
    })
}

fn knob(line: &str) -> Option<KnobPlan> {
    let (name, value) = line.split_once('=').map_or((line, None), |(name, v)| (name, Some(v)));
    let on = match value {
        None | Some("on") => Some(true),
        Some("off") => Some(false),
        Some(_) => None,
    };
    match name {
        "expires-in" => Some(KnobPlan::ExpiresIn(value?.parse().ok()?)),
        "rotation-grace" => {
            Some(KnobPlan::RotationGrace(Duration::from_secs(value?.parse().ok()?)))
        }
        "family-revoke" => on.map(KnobPlan::FamilyRevoke),
        "old-access-dies" => on.map(KnobPlan::OldAccessDies),
        "json-bodies" => on.map(KnobPlan::JsonBodies),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_names_route_fault_and_times() {
        let fault = |fault, times| Plan::Fault { route: Route::Token, fault, times };
        let table = [
            ("token:drop-after", fault(Fault::DropAfter, Some(1))),
            (" token:refuse=5*3 ", fault(Fault::Refuse(5), Some(3))),
            ("token:unavailable*always", fault(Fault::Empty(503), None)),
            ("token:skewed-date=-90", fault(Fault::SkewedDate(-90), Some(1))),
            ("family-revoke", Plan::Knob(KnobPlan::FamilyRevoke(true))),
            ("json-bodies=off", Plan::Knob(KnobPlan::JsonBodies(false))),
            ("family-revoke=off", Plan::Knob(KnobPlan::FamilyRevoke(false))),
            ("rotation-grace=10", Plan::Knob(KnobPlan::RotationGrace(Duration::from_secs(10)))),
        ];
        for (line, expected) in table {
            assert_eq!(line.parse(), Ok(expected), "{line}");
        }
    }

    #[test]
    fn a_fault_is_written_as_it_is_read() {
        for text in [
            "delay=50",
            "drop-after",
            "rate-limited-old",
            "rate-limited=300",
            "skewed-date=-90",
            "refuse=5",
            "empty=504",
            "html=403",
        ] {
            assert_eq!(named(text).unwrap().to_string(), text);
        }
    }

    #[test]
    fn what_is_no_plan_is_refused() {
        for line in [
            "",
            "token:",
            "nowhere:outage",
            "token:refuse=8",
            "token:html=200",
            "token:outage*0",
            "grace",
        ] {
            assert_eq!(line.parse::<Plan>(), Err(NoPlan { line: line.to_owned() }));
        }
    }
}
