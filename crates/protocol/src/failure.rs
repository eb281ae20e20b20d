//! Refusals of the token and revocation endpoints, classified by what they mean.

use birdkey_foreign::Foreign;

use super::message::Answer;
use super::object::{NoObject, NoToken, Object};

/// Why the token endpoint gave no grant.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TokenFailure {
    /// The code is wrong, expired or used.
    #[error("the authorization code was refused")]
    CodeInvalid,
    /// The redirect URI differs from that of the authorization request.
    #[error("the redirect URI was refused")]
    RedirectMismatch,
    /// The verifier does not fit the challenge.
    #[error("the code verifier was refused")]
    VerifierMismatch,
    /// The refresh token is wrong, expired, rotated or revoked.
    #[error("the refresh token was refused")]
    RefreshTokenInvalid,
    /// `invalid_grant`: one of the four above, the server doesn't say which.
    #[error("the grant was refused")]
    InvalidGrant,
    /// The client id is unknown.
    #[error("the client id was refused")]
    ClientIdInvalid,
    /// `client_id` was missed in the body: the server takes the app for a public one.
    #[error("the client id was missed in the body")]
    ClientIdMissing,
    /// The secret is wrong or missing, or the app is of the other type.
    #[error("the client authentication was refused")]
    ClientAuthentication,
    /// 429.
    #[error("too many requests")]
    RateLimited {
        /// Seconds to wait, when the server said so.
        retry_after_seconds: Option<u64>,
        /// Unix seconds of the limit's reset, when the server said so.
        reset_unix: Option<u64>,
    },
    /// 5xx, or a 401 without an OAuth error: an outage.
    #[error("the server is unavailable, status {status}")]
    Unavailable {
        /// The HTTP status.
        status: u16,
        /// Seconds to wait, when the server said so.
        retry_after_seconds: Option<u64>,
    },
    /// Not JSON although it should be: an HTML page of an edge or a captive portal.
    #[error("the answer is not JSON, status {status}")]
    NotJson {
        /// The HTTP status.
        status: u16,
    },
    /// The JSON stops in the middle.
    #[error("the answer is cut off")]
    Truncated,
    /// 2xx without a usable `access_token`.
    #[error("the answer has no access token")]
    NoAccessToken,
    /// 2xx with a token that holds what no token may hold.
    #[error("a token holds characters that no token has")]
    TokenUnusable,
    /// Not a bearer token.
    #[error("the token type is {given:?}")]
    TokenType {
        /// `token_type` as sent.
        given: Foreign,
    },
    /// A redirect, which is never followed.
    #[error("the server redirects, status {status}")]
    Redirected {
        /// The HTTP status.
        status: u16,
    },
    /// Refused with another OAuth error.
    #[error("the server refused with {error:?}")]
    Refused {
        /// The HTTP status.
        status: u16,
        /// `error`.
        error: Foreign,
        /// `error_description`.
        description: Option<Foreign>,
    },
}

impl From<NoToken> for TokenFailure {
    fn from(NoToken: NoToken) -> Self {
        Self::TokenUnusable
    }
}

/// Reads an answer that is not 2xx.
pub(super) fn read_failure(answer: &Answer) -> TokenFailure {
    let status = answer.status;
    match status {
        429 => TokenFailure::RateLimited {
            retry_after_seconds: answer.retry_after_seconds,
            reset_unix: answer.rate_limit_reset_unix,
        },
        500..=599 => unavailable(answer),
        300..=399 => TokenFailure::Redirected { status },
        _ => match read_error(answer.body.expose()) {
            Ok((error, description)) => classify(status, &error, description.as_deref()),
            // X had outages that answered 401 with a problem document or nothing; JSON without
            // `error` is no refusal of OAuth either.
            Err(_) if status == 401 => unavailable(answer),
            Err(NoObject::OtherJson) => unavailable(answer),
            Err(error) => unreadable(status, error),
        },
    }
}

/// `error` and `error_description` of RFC 6749 §5.2
/// <https://www.rfc-editor.org/rfc/rfc6749#section-5.2>.
fn read_error(body: &str) -> Result<(String, Option<String>), NoObject> {
    let object = Object::read(body)?;
    let error = object.text("error").ok_or(NoObject::OtherJson)?;
    Ok((error, object.text("error_description")))
}

fn unavailable(answer: &Answer) -> TokenFailure {
    let retry_after_seconds = answer.retry_after_seconds;
    TokenFailure::Unavailable { status: answer.status, retry_after_seconds }
}

/// An answer that is no object of the kind expected.
pub(super) fn unreadable(status: u16, error: NoObject) -> TokenFailure {
    match error {
        NoObject::Truncated => TokenFailure::Truncated,
        NoObject::OtherJson if (200..300).contains(&status) => TokenFailure::NoAccessToken,
        NoObject::NotJson | NoObject::OtherJson => TokenFailure::NotJson { status },
    }
}

/// X uses `invalid_request` where the RFCs say `invalid_grant`, told apart only by the text
/// (texts reported by developers; a server that follows the RFCs is read by `error` alone).
fn classify(status: u16, error: &str, description: Option<&str>) -> TokenFailure {
    match (error, description.unwrap_or_default()) {
        ("invalid_request", "Value passed for the authorization code was invalid.") => {
            TokenFailure::CodeInvalid
        }
        (
            "invalid_request",
            "Value passed for the redirect uri did not match the uri of the authorization code.",
        ) => TokenFailure::RedirectMismatch,
        (
            "invalid_request",
            "Value passed for the code verifier did not match the code challenge.",
        ) => TokenFailure::VerifierMismatch,
        ("invalid_request", "Value passed for the token was invalid.") => {
            TokenFailure::RefreshTokenInvalid
        }
        ("invalid_request", "Missing required parameter [client_id].") => {
            TokenFailure::ClientIdMissing
        }
        ("invalid_grant", _) => TokenFailure::InvalidGrant,
        ("unauthorized_client", _) => TokenFailure::ClientAuthentication,
        // RFC 6749 §5.2: 401 says that the authentication failed, X's 400 that the id is unknown.
        ("invalid_client", _) if status == 401 => TokenFailure::ClientAuthentication,
        ("invalid_client", _) => TokenFailure::ClientIdInvalid,
        (error, _) => TokenFailure::Refused {
            status,
            error: Foreign::new(error),
            description: description.map(Foreign::new),
        },
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::secret::Secret;

    pub(crate) fn answer(status: u16, body: &str) -> Answer {
        Answer {
            status,
            content_type: None,
            retry_after_seconds: None,
            clock_ahead_seconds: None,
            header_names: Vec::new(),
            rate_limit_reset_unix: None,
            body: Secret::new(body.to_owned()),
        }
    }

    #[test]
    fn every_refusal_of_x_is_told_apart() {
        let refused = |error: &str, description: &str| {
            format!(r#"{{"error":"{error}","error_description":"{description}"}}"#)
        };
        let table = [
            (
                400,
                refused("invalid_request", "Value passed for the authorization code was invalid."),
                "CodeInvalid",
            ),
            (
                400,
                refused(
                    "invalid_request",
                    "Value passed for the redirect uri did not match the uri of the authorization code.",
                ),
                "RedirectMismatch",
            ),
            (
                400,
                refused(
                    "invalid_request",
                    "Value passed for the code verifier did not match the code challenge.",
                ),
                "VerifierMismatch",
            ),
            (
                400,
                refused("invalid_request", "Value passed for the token was invalid."),
                "RefreshTokenInvalid",
            ),
            (400, refused("invalid_grant", "anything"), "InvalidGrant"),
            (
                401,
                refused("unauthorized_client", "Missing valid authorization header"),
                "ClientAuthentication",
            ),
            (401, refused("invalid_client", "no"), "ClientAuthentication"),
            (
                400,
                refused("invalid_client", "Value passed for the client id was invalid."),
                "ClientIdInvalid",
            ),
            (
                400,
                refused("invalid_request", "Missing required parameter [client_id]."),
                "ClientIdMissing",
            ),
            (
                400,
                refused("invalid_request", "Missing required parameter [code]."),
                "Refused { status: 400, error: \"invalid_request\", description: Some(\"Missing required parameter [code].\") }",
            ),
            (
                401,
                r#"{"title":"Unauthorized","status":401}"#.into(),
                "Unavailable { status: 401, retry_after_seconds: None }",
            ),
            (401, String::new(), "Unavailable { status: 401, retry_after_seconds: None }"),
            (
                503,
                refused("invalid_grant", "x"),
                "Unavailable { status: 503, retry_after_seconds: None }",
            ),
            (502, "<html>".into(), "Unavailable { status: 502, retry_after_seconds: None }"),
            (403, "<html>".into(), "NotJson { status: 403 }"),
            (400, r#"{"error":"inv"#.into(), "Truncated"),
            (302, String::new(), "Redirected { status: 302 }"),
        ];
        for (status, body, expected) in table {
            assert_eq!(
                format!("{:?}", read_failure(&answer(status, &body))),
                expected,
                "{status} {body}"
            );
        }
    }

    #[test]
    fn a_rate_limit_says_how_long() {
        let mut limited = answer(429, "");
        limited.retry_after_seconds = Some(30);
        let expected =
            TokenFailure::RateLimited { retry_after_seconds: Some(30), reset_unix: None };
        assert_eq!(read_failure(&limited), expected);
    }
}
