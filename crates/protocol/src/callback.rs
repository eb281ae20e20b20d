//! Reading what the browser brought back. Anyone on this machine can send these requests.

use birdkey_foreign::Foreign;
use percent_encoding::percent_decode_str;

use super::secret::Secret;

/// An authorization code: worthless without the verifier, used once.
#[derive(Debug)]
pub struct AuthorizationCode(pub(super) Secret);

/// What a request at the redirect URI means for one login.
#[derive(Debug)]
pub enum Reading {
    /// Not the answer to this login; it goes on waiting.
    Stray,
    /// The user, or the server on its own, refused access (`error=access_denied`).
    Denied,
    /// The server refused with another error.
    Refused {
        /// `error`.
        error: Foreign,
        /// `error_description`.
        description: Option<Foreign>,
    },
    /// The right state, but not a valid answer.
    Malformed(Malformed),
    /// The right state, but `iss` is not the configured issuer (a mix-up attack, RFC 9207).
    IssuerMismatch {
        /// `iss`.
        issuer: Foreign,
    },
    /// The answer.
    Code {
        /// The code to exchange.
        code: AuthorizationCode,
        /// `iss`, if sent and no issuer is configured.
        issuer: Option<Foreign>,
    },
}

/// What is wrong with an answer that has the right state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Malformed {
    /// A parameter was given twice (RFC 6749 §3.1 forbids it).
    Doubled,
    /// It is not UTF-8.
    NotText,
    /// It holds neither a code nor an error.
    NoCode,
}

/// Reads a query in the order `iss`, `state`, `error`, `code`.
///
/// Whoever does not know the state can't end the login, whatever else the query says.
/// RFC 6749 §4.1.2 <https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2>, RFC 9207 §2.4.
pub(super) fn read_callback(query: &str, state: &Secret, expected_issuer: Option<&str>) -> Reading {
    let callback = Callback::split(query);
    if !callback.states.iter().any(|given| state.matches(given.expose())) {
        return Reading::Stray;
    }
    if let Some(malformed) = callback.malformed {
        return Reading::Malformed(malformed);
    }
    if let (Some(expected), Some(issuer)) = (expected_issuer, &callback.issuer)
        && issuer != expected
    {
        return Reading::IssuerMismatch { issuer: Foreign::new(issuer) };
    }
    match (callback.error, callback.code) {
        (Some(error), _) if error == "access_denied" => Reading::Denied,
        (Some(error), _) => Reading::Refused {
            error: Foreign::new(&error),
            description: callback.description.as_deref().map(Foreign::new),
        },
        (None, Some(code)) if !code.is_empty() => Reading::Code {
            code: AuthorizationCode(code),
            issuer: callback.issuer.as_deref().map(Foreign::new),
        },
        (None, _) => Reading::Malformed(Malformed::NoCode),
    }
}

/// Whether a query has one state and either a code or an error, as an answer of a server has.
pub fn is_whole(query: &str) -> bool {
    let callback = Callback::split(query);
    let one_state = matches!(callback.states.as_slice(), [state] if !state.is_empty());
    let answers = callback.error.is_some() || callback.code.is_some_and(|code| !code.is_empty());
    callback.malformed.is_none() && one_state && answers
}

/// The known parameters of a query; unknown ones are ignored (RFC 6749 §4.1.2).
#[derive(Default)]
struct Callback {
    states: Vec<Secret>,
    issuer: Option<String>,
    error: Option<String>,
    description: Option<String>,
    code: Option<Secret>,
    malformed: Option<Malformed>,
}

impl Callback {
    fn split(query: &str) -> Self {
        let mut callback = Self::default();
        for pair in query.split('&') {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            callback.take(name, value);
        }
        if callback.states.len() > 1 {
            callback.malformed = Some(Malformed::Doubled);
        }
        callback
    }

    fn take(&mut self, name: &str, value: &str) {
        let Some(name) = decoded(name) else { return };
        if !matches!(name.as_str(), "state" | "iss" | "error" | "error_description" | "code") {
            return;
        }
        let Some(value) = decoded(value) else {
            self.malformed = Some(Malformed::NotText);
            return;
        };
        let before = match name.as_str() {
            "state" => {
                self.states.push(Secret::new(value));
                return;
            }
            "code" => self.code.replace(Secret::new(value)).is_some(),
            "iss" => self.issuer.replace(value).is_some(),
            "error" => self.error.replace(value).is_some(),
            _ => self.description.replace(value).is_some(),
        };
        if before {
            self.malformed = Some(Malformed::Doubled);
        }
    }
}

/// Undoes the form encoding of a query (`+` is a space).
fn decoded(text: &str) -> Option<String> {
    let spaced = text.replace('+', " ");
    percent_decode_str(&spaced).decode_utf8().ok().map(std::borrow::Cow::into_owned)
}

#[cfg(test)]
mod tests {
    use super::{Malformed, Reading, read_callback};
    use crate::secret::Secret;

    fn kind(query: &str, issuer: Option<&str>) -> String {
        match read_callback(query, &Secret::new("S+T".into()), issuer) {
            Reading::Stray => "stray".into(),
            Reading::Denied => "denied".into(),
            Reading::Refused { error, description } => {
                format!("refused {} {description:?}", error.raw())
            }
            Reading::Malformed(Malformed::Doubled) => "doubled".into(),
            Reading::Malformed(Malformed::NotText) => "not text".into(),
            Reading::Malformed(Malformed::NoCode) => "no code".into(),
            Reading::IssuerMismatch { issuer } => format!("issuer {}", issuer.raw()),
            Reading::Code { code, issuer } => format!("code {} {issuer:?}", code.0.expose()),
        }
    }

    #[test]
    fn a_callback_is_read_in_the_order_of_the_rfcs() {
        let table = [
            ("state=S%2BT&code=abc", None, "code abc None"),
            ("code=a%20b%2B&state=S%2BT&extra=1", None, "code a b+ None"),
            ("state=S%2BT&error=access_denied", None, "denied"),
            ("state=S%2BT&error=access_denied&code=abc", None, "denied"),
            (
                "state=S%2BT&error=server_error&error_description=Try+again",
                None,
                "refused server_error Some(\"Try again\")",
            ),
            ("state=S%2BT", None, "no code"),
            ("state=S%2BT&code=", None, "no code"),
            ("state=S%2BT&code=a&code=b", None, "doubled"),
            ("state=S%2BT&state=S%2BT&code=a", None, "doubled"),
            ("state=S%2BT&code=%ff", None, "not text"),
            (
                "state=S%2BT&code=a&iss=https%3A%2F%2Fx",
                Some("https://x"),
                "code a Some(\"https://x\")",
            ),
            ("state=S%2BT&code=a&iss=https%3A%2F%2Fy", Some("https://x"), "issuer https://y"),
            ("state=S%2BT&code=a&iss=https%3A%2F%2Fy", None, "code a Some(\"https://y\")"),
            (
                "state=S%2BT&error=access_denied&iss=https%3A%2F%2Fy",
                Some("https://x"),
                "issuer https://y",
            ),
        ];
        for (query, issuer, expected) in table {
            assert_eq!(kind(query, issuer), expected, "{query}");
        }
    }

    #[test]
    fn without_the_state_nothing_ends_a_login() {
        let queries = [
            "",
            "code=abc",
            "state=&code=abc",
            "state=S&code=abc",
            "state=s%2Bt&code=abc",
            "error=access_denied",
            "error=access_denied&state=",
            "state=S+T&code=abc",
            "state=%ff&code=a",
            "state=x&state=y&code=a",
            "iss=https%3A%2F%2Fy&code=a",
        ];
        for query in queries {
            assert_eq!(kind(query, Some("https://x")), "stray", "{query}");
        }
    }
}
