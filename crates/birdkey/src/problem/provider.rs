//! Words for refusals of a provider, with the cause that this kind of server means by them.

use birdkey_foreign::Foreign;
use birdkey_messages::{Words, words};

use super::{About, Code, Problem, registration};
use crate::protocol::client::ClientType;
use crate::protocol::failure::TokenFailure;
use crate::protocol::provider::ProviderKind;

pub(super) fn token(failure: &TokenFailure, about: &About) -> Problem {
    let (server, again) = (about.server(), about.log_in_again());
    match failure {
        TokenFailure::CodeInvalid => {
            let why = match about.provider {
                Some(ProviderKind::X | ProviderKind::Sandbox) => words!("code_refused.why"),
                Some(ProviderKind::Custom) | None => words!("code_refused.why_elsewhere"),
            };
            Problem::of(Code::CodeRefused, words!("code_refused.what", server = server), why, again)
        }
        TokenFailure::RedirectMismatch => problem!(
            Code::RedirectUriWrong,
            "redirect_uri_wrong",
            server = server,
            uri = &about.redirect_uri;
            hint = registration::add_redirect_uri(about)
        ),
        TokenFailure::VerifierMismatch => {
            problem!(Code::VerifierRefused, "verifier_refused", server = server; hint = again)
        }
        TokenFailure::RefreshTokenInvalid => {
            let why = match about.one_grant() {
                Some(rule) => Words::sentences([words!("refresh_refused.token.why"), rule]),
                None => words!("refresh_refused.token.why_elsewhere"),
            };
            let what = words!("refresh_refused.token.what", server = server);
            Problem::of(Code::RefreshRefused, what, why, again)
        }
        TokenFailure::InvalidGrant => {
            problem!(Code::GrantRefused, "grant_refused", server = server; hint = again)
        }
        TokenFailure::ClientIdInvalid => problem!(
            Code::ClientIdWrong,
            "client_id_wrong",
            server = server,
            client_id = &about.client_id;
            hint = registration::compare_client_id(about)
        ),
        TokenFailure::ClientIdMissing => {
            problem!(
                Code::AppTypeWrong,
                "app_type_wrong.public",
                server = server,
                app = &about.app_name;
                hint = registration::make_public_here(about)
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
        | TokenFailure::TokenUnusable
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
        TokenFailure::TokenUnusable => (
            Code::TokenUnusable,
            words!("token_unusable.what", server = server),
            words!("token_unusable.why"),
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
            refused(*status, error, description.as_ref()),
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
    let hint = match about.provider {
        Some(ProviderKind::X) => words!("unusual_answer.hint_at_x"),
        Some(ProviderKind::Sandbox) => words!("unusual_answer.hint_in_sandbox"),
        Some(ProviderKind::Custom) | None => words!("unusual_answer.hint_elsewhere"),
    };
    Problem::of(code, what, why, hint)
}

/// Why the server said no, in its own words where it gave some.
fn refused(status: u16, error: &Foreign, description: Option<&Foreign>) -> Words {
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
        words!("rate_limited.hint"),
    )
}

fn authentication(about: &About) -> Problem {
    let (server, app) = (about.server(), &about.app_name);
    match about.client_type {
        Some(ClientType::Confidential) => Problem::of(
            Code::ClientSecretWrong,
            words!("client_secret_wrong.what", server = server, app = app),
            match about.provider {
                Some(ProviderKind::X) => words!("client_secret_wrong.why_at_x"),
                Some(ProviderKind::Sandbox) => words!("client_secret_wrong.why_in_sandbox"),
                Some(ProviderKind::Custom) | None => words!("client_secret_wrong.why_elsewhere"),
            },
            registration::copy_and_store_secret(about),
        ),
        Some(ClientType::Public) | None => problem!(
            Code::AppTypeWrong,
            "app_type_wrong.confidential",
            server = server,
            app = app;
            hint = registration::make_confidential_here(about)
        ),
    }
}
