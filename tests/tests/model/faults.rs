//! What goes wrong between the engine and the server.

use serde_json::Value;

/// Which requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Route {
    Token,
    Revoke,
    Profile,
    Api,
}

/// What happens to one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// No connection: nothing is sent.
    Away,
    /// The connection breaks before the server did anything.
    CutBefore,
    /// The connection breaks after the server did what was asked.
    CutAfter,
    /// The server did what was asked, and its answer comes after every limit of ours.
    Slow,
    /// 503, with `Retry-After` when not 0, and nothing done.
    Unavailable(u64),
    /// 503 of a gateway, behind which the server did what was asked.
    GatewayLost,
    /// 200 with a field that is not as the RFC has it; only of a token answer.
    Odd(Odd),
    /// The profile is refused with this status; only of a profile.
    Refused(u16),
}

/// How a token answer departs from the RFC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Odd {
    ScopeList,
    ScopeFalse,
    TokenTypeNumber,
    DoubledTokens,
    DoubledScope,
    ByteOrderMark,
    Created,
    LifetimeFraction,
    /// The server keeps its new refresh token for itself.
    RefreshNumber,
}

/// The faults that are on, and for how many requests yet.
#[derive(Debug, Default)]
pub struct Faults(Vec<(Route, Fault, u32)>);

/// As good as for ever.
pub const UNTIL_CALM: u32 = u32::MAX;

impl Faults {
    pub fn add(&mut self, route: Route, fault: Fault, times: u32) {
        self.0.retain(|(known, ..)| *known != route);
        self.0.push((route, fault, times));
    }

    pub fn calm(&mut self) {
        self.0.clear();
    }

    /// The fault that meets this request.
    pub fn take(&mut self, route: Route) -> Option<Fault> {
        let at = self.0.iter().position(|(known, ..)| *known == route)?;
        let (_, fault, times) = &mut self.0[at];
        let fault = *fault;
        *times = times.saturating_sub(u32::from(*times != UNTIL_CALM));
        if *times == 0 {
            self.0.remove(at);
        }
        Some(fault)
    }
}

impl Odd {
    /// The status and body that come in place of a good answer's.
    pub fn of(self, body: &str) -> (u16, String) {
        let Ok(Value::Object(mut fields)) = serde_json::from_str::<Value>(body) else {
            return (200, body.to_owned());
        };
        let mut put = |name: &str, value: Value| fields.insert(name.to_owned(), value);
        match self {
            Self::ScopeList => put("scope", serde_json::json!(["tweet.read", "users.read"])),
            Self::ScopeFalse => put("scope", Value::Bool(false)),
            Self::TokenTypeNumber => put("token_type", 1.into()),
            Self::LifetimeFraction => put("expires_in", serde_json::json!(7200.0)),
            Self::RefreshNumber => put("refresh_token", 123.into()),
            Self::DoubledTokens | Self::DoubledScope | Self::ByteOrderMark | Self::Created => None,
        };
        let text = Value::Object(fields).to_string();
        match self {
            Self::DoubledTokens => {
                (200, text.replacen('{', r#"{"access_token":"first","refresh_token":"first","#, 1))
            }
            Self::DoubledScope => (200, text.replacen('{', r#"{"scope":"first","#, 1)),
            Self::ByteOrderMark => (200, format!("\u{feff}{text}")),
            Self::Created => (201, text),
            Self::ScopeList
            | Self::ScopeFalse
            | Self::TokenTypeNumber
            | Self::LifetimeFraction
            | Self::RefreshNumber => (200, text),
        }
    }
}
