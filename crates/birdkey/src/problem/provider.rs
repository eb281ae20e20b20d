//! Words for refusals of a provider, with the cause that X means by them.

use super::{About, Code, Problem};
use crate::protocol::client::ClientType;
use crate::protocol::failure::TokenFailure;

pub(super) fn token(failure: &TokenFailure, about: &About) -> Problem {
    let server = about.server();
    match failure {
        TokenFailure::CodeInvalid => Problem::of(
            Code::CodeRefused,
            format!("{server} no longer accepts this login."),
            "Its code is valid for 30 seconds and for one use; it came too late or was used before.",
            about.log_in_again(),
        ),
        TokenFailure::RedirectMismatch => Problem::of(
            Code::RedirectUriWrong,
            format!("{server} does not accept the redirect URI."),
            format!(
                "Birdkey sent {}, and it must be registered exactly like that.",
                about.redirect_uri
            ),
            "Add this redirect URI to the app in the developer console, then log in again.",
        ),
        TokenFailure::VerifierMismatch => Problem::of(
            Code::VerifierRefused,
            format!("{server} did not accept the proof of this login."),
            "The code belongs to another login than the one that was started here.",
            about.log_in_again(),
        ),
        TokenFailure::RefreshTokenInvalid => Problem::of(
            Code::RefreshRefused,
            format!("{server} does not accept the refresh token."),
            "It was used, revoked, or replaced by a login elsewhere: X keeps one live grant per app and user.",
            about.log_in_again(),
        ),
        TokenFailure::InvalidGrant => Problem::of(
            Code::GrantRefused,
            format!("{server} does not accept this login."),
            "It answered invalid_grant: the code or token is wrong, expired, used or revoked.",
            about.log_in_again(),
        ),
        TokenFailure::ClientIdInvalid => client_id_wrong(about),
        TokenFailure::ClientIdMissing => Problem::of(
            Code::AppTypeWrong,
            format!("{server} takes “{}” for a public app.", about.app_name),
            "Birdkey showed a client secret, and the server asked for the client id alone.",
            "Change the app's type in the configuration to public (Native App), or in the developer console to Web App, Automated App or Bot.",
        ),
        TokenFailure::ClientAuthentication => authentication(about),
        TokenFailure::RateLimited { retry_after_seconds, .. } => Problem::of(
            Code::RateLimited,
            format!("{server} has had too many requests."),
            retry_after_seconds.map_or_else(
                || "It answered with status 429.".to_owned(),
                |seconds| {
                    format!("It answered with status 429 and asks to wait {seconds} seconds.")
                },
            ),
            "Wait a few minutes, then try again. Nothing that was stored is lost.",
        ),
        TokenFailure::Unavailable { status, .. } => Problem::of(
            Code::ServerUnavailable,
            format!("{server} is out of order at the moment."),
            format!("It answered with status {status}, which says nothing about your login."),
            "Try again in a few minutes. Nothing that was stored is lost.",
        ),
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
            format!("The answer of {} was cut off.", about.server_inside()),
            "It stops in the middle.".to_owned(),
        ),
        TokenFailure::NoAccessToken => (
            Code::AnswerWithoutToken,
            format!("{server} sent no access token."),
            "Its answer says that all went well, but holds no token.".to_owned(),
        ),
        TokenFailure::TokenType { given } => (
            Code::TokenTypeUnknown,
            format!("{server} sent a token of an unknown type."),
            format!("It is of type “{given}”; Birdkey knows bearer tokens."),
        ),
        TokenFailure::Redirected { status } => (
            Code::ServerRedirects,
            format!("{server} sends this request elsewhere."),
            format!(
                "It answered with status {status}. Birdkey never follows that with a code or token."
            ),
        ),
        TokenFailure::Refused { status, error, description } => (
            Code::RequestRefused,
            format!("{server} refused the request."),
            match description {
                Some(description) => format!("It answered {error} ({status}): {description}"),
                None => format!("It answered {error} ({status})."),
            },
        ),
        TokenFailure::NotJson { status } => (
            Code::AnswerNotJson,
            "Something else answered in place of the server.".to_owned(),
            format!(
                "The answer (status {status}) is a web page or text, not JSON: a proxy, a network's login page, or an outage."
            ),
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
    Problem::of(
        code,
        what,
        why,
        "Open the server's address in a browser to see what answers there, check the app's addresses, then try again.",
    )
}

fn client_id_wrong(about: &About) -> Problem {
    Problem::of(
        Code::ClientIdWrong,
        format!("{} does not know this client id.", about.server()),
        format!("Birdkey sent {}.", about.client_id),
        "Compare it with the OAuth 2.0 Client ID in the developer console (not the API key, not the app's number), then correct the app.",
    )
}

fn authentication(about: &About) -> Problem {
    let server = about.server();
    match about.client_type {
        Some(ClientType::Confidential) => Problem::of(
            Code::ClientSecretWrong,
            format!("{server} does not accept the client secret of “{}”.", about.app_name),
            "The secret is wrong or was regenerated; X gives the same answer for both.",
            format!(
                "Copy the OAuth 2.0 Client Secret in the developer console and select Take it from the clipboard, or run: birdkey app add --id {} --client-secret-file -",
                about.app_id
            ),
        ),
        Some(ClientType::Public) | None => Problem::of(
            Code::AppTypeWrong,
            format!("{server} takes “{}” for a confidential app.", about.app_name),
            "It asked for a client secret, and a public app has none.",
            "In the developer console change the app's type to Native App, or change it here to confidential and store its secret.",
        ),
    }
}
