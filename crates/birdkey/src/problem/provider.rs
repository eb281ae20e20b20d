//! Words for refusals of a provider, with the cause that X means by them.

use birdkey_messages::{Words, words};

use super::{About, Code, Problem};
use crate::protocol::client::ClientType;
use crate::protocol::failure::TokenFailure;

pub(super) fn token(failure: &TokenFailure, about: &About) -> Problem {
    let (server, again) = (about.server(), about.log_in_again());
    match failure {
        TokenFailure::CodeInvalid => {
            problem!(Code::CodeRefused, "code_refused", server = server; fix = again)
        }
        TokenFailure::RedirectMismatch => problem!(
            Code::RedirectUriWrong,
            "redirect_uri_wrong",
            server = server,
            uri = &about.redirect_uri
        ),
        TokenFailure::VerifierMismatch => {
            problem!(Code::VerifierRefused, "verifier_refused", server = server; fix = again)
        }
        TokenFailure::RefreshTokenInvalid => {
            problem!(Code::RefreshRefused, "refresh_refused.token", server = server; fix = again)
        }
        TokenFailure::InvalidGrant => {
            problem!(Code::GrantRefused, "grant_refused", server = server; fix = again)
        }
        TokenFailure::ClientIdInvalid => problem!(
            Code::ClientIdWrong,
            "client_id_wrong",
            server = server,
            client_id = &about.client_id
        ),
        TokenFailure::ClientIdMissing => {
            problem!(
                Code::AppTypeWrong,
                "app_type_wrong.public",
                server = server,
                app = &about.app_name
            )
        }
        TokenFailure::ClientAuthentication => authentication(about),
        TokenFailure::RateLimited { retry_after_seconds, .. } => {
            rate_limited(*retry_after_seconds, about)
        }
        TokenFailure::Unavailable { status, .. } => {
            problem!(
                Code::ServerUnavailable,
                "server_unavailable",
                server = server,
                status = *status
            )
        }
        TokenFailure::NotJson { .. }
        | TokenFailure::Truncated
        | TokenFailure::NoAccessToken
        | TokenFailure::TokenType { .. }
        | TokenFailure::Redirected { .. }
        | TokenFailure::Refused { .. } => unusual(failure, about),
    }
}

/// Answers that a well-behaved server does not give.
fn unusual(failure: &TokenFailure, about: &About) -> Problem {
    let server = about.server();
    let (code, what, why) = match failure {
        TokenFailure::Truncated => (
            Code::AnswerCutOff,
            words!("answer_cut_off.what", server = about.server_inside()),
            words!("answer_cut_off.why"),
        ),
        TokenFailure::NoAccessToken => (
            Code::AnswerWithoutToken,
            words!("answer_without_token.what", server = server),
            words!("answer_without_token.why"),
        ),
        TokenFailure::TokenType { given } => (
            Code::TokenTypeUnknown,
            words!("token_type_unknown.what", server = server),
            words!("token_type_unknown.why", given = given),
        ),
        TokenFailure::Redirected { status } => (
            Code::ServerRedirects,
            words!("server_redirects.what", server = server),
            words!("server_redirects.why", status = *status),
        ),
        TokenFailure::Refused { status, error, description } => (
            Code::RequestRefused,
            words!("request_refused.what", server = server),
            refused(*status, error, description.as_deref()),
        ),
        TokenFailure::NotJson { status } => (
            Code::AnswerNotJson,
            words!("answer_not_json.what"),
            words!("answer_not_json.why", status = *status),
        ),
        TokenFailure::CodeInvalid
        | TokenFailure::RedirectMismatch
        | TokenFailure::VerifierMismatch
        | TokenFailure::RefreshTokenInvalid
        | TokenFailure::InvalidGrant
        | TokenFailure::ClientIdInvalid
        | TokenFailure::ClientIdMissing
        | TokenFailure::ClientAuthentication
        | TokenFailure::RateLimited { .. }
        | TokenFailure::Unavailable { .. } => return token(failure, about),
    };
    Problem::of(code, what, why, words!("unusual_answer.fix"))
}

/// Why the server said no, in its own words where it gave some.
fn refused(status: u16, error: &str, description: Option<&str>) -> Words {
    match description {
        Some(description) => words!(
            "request_refused.why_described",
            error = error,
            status = status,
            description = description
        ),
        None => words!("request_refused.why", error = error, status = status),
    }
}

fn rate_limited(retry_after_seconds: Option<u64>, about: &About) -> Problem {
    Problem::of(
        Code::RateLimited,
        words!("rate_limited.what", server = about.server()),
        match retry_after_seconds {
            None => words!("rate_limited.why"),
            Some(seconds) => words!("rate_limited.why_seconds", seconds = seconds),
        },
        words!("rate_limited.fix"),
    )
}

fn authentication(about: &About) -> Problem {
    let (server, app) = (about.server(), &about.app_name);
    match about.client_type {
        Some(ClientType::Confidential) => problem!(
            Code::ClientSecretWrong,
            "client_secret_wrong",
            server = server,
            app = app,
            app_id = &about.app_id
        ),
        Some(ClientType::Public) | None => {
            problem!(Code::AppTypeWrong, "app_type_wrong.confidential", server = server, app = app)
        }
    }
}
