//! Words for failures of a login before a provider's answer, and for notes about an account.

use birdkey_foreign::Foreign;
use birdkey_messages::{Words, words};

use super::{About, Code, Problem, registration};
use crate::effects::browser::BrowserError;
use crate::effects::deep_link::is_redirect_uri;
use crate::effects::loopback::RedirectError;
use crate::failure::{AppError, ChoiceError, LoginFailure};
use crate::protocol::callback::Malformed;
use crate::protocol::client::ClientIdError;
use crate::protocol::endpoint::EndpointError;
use crate::protocol::provider::ProviderKind;
use crate::store::accounts::Account;

pub(super) fn choice(error: &ChoiceError) -> Problem {
    match error {
        ChoiceError::NoApp => problem!(Code::AppNone, "app_none"),
        ChoiceError::AppUnknown { given, known } if known.is_empty() => Problem::of(
            Code::AppUnknown,
            words!("app_unknown.what", given = given),
            words!("app_none.what"),
            words!("app_none.hint"),
        ),
        ChoiceError::AppUnknown { given, known } => {
            problem!(Code::AppUnknown, "app_unknown", given = given, known = listed(known))
        }
        ChoiceError::AppAmbiguous { fitting } => {
            problem!(Code::AppAmbiguous, "app_ambiguous", fitting = listed(fitting))
        }
        ChoiceError::NoAccount => problem!(Code::AccountNone, "account_none"),
        ChoiceError::AccountUnknown { given, known } if known.is_empty() => Problem::of(
            Code::AccountUnknown,
            words!("account_unknown.what", given = given),
            words!("account_none.what"),
            words!("account_none.hint"),
        ),
        ChoiceError::AccountUnknown { given, known } => {
            problem!(Code::AccountUnknown, "account_unknown", given = given, known = listed(known))
        }
        ChoiceError::AccountAmbiguous { fitting } => {
            problem!(Code::AccountAmbiguous, "account_ambiguous", fitting = listed(fitting))
        }
    }
}

/// Somebody else is logged in to the provider in the browser than the account that was to be renewed.
pub(crate) fn other_user(
    wanted: &Foreign,
    came: &Foreign,
    became: LoginEffect,
    about: &About,
) -> Problem {
    let server = about.server_inside();
    let why = match became {
        LoginEffect::Added => words!("other_user.why.added", came = came, wanted = wanted),
        LoginEffect::Renewed => words!("other_user.why.renewed", came = came, wanted = wanted),
    };
    Problem::of(
        Code::OtherUser,
        words!("other_user.what", came = came, wanted = wanted),
        why,
        words!("other_user.hint", server = server, wanted = wanted),
    )
}

/// What a login made of the account that it is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LoginEffect {
    /// A new one.
    Added,
    /// One that was there has a new grant.
    Renewed,
}

fn listed(names: &[Foreign]) -> Words {
    Foreign::list(names, ", ").into()
}

pub(super) fn app(error: &AppError, about: &About) -> Problem {
    match error {
        AppError::ClientId(error) => client_id_of(*error, about),
        AppError::Endpoint(error) => Problem::of(
            Code::AddressInvalid,
            words!("address_invalid.what"),
            endpoint(error),
            words!("address_invalid.hint"),
        ),
        AppError::RedirectUri { given } => {
            problem!(Code::RedirectUriInvalid, "redirect_uri_invalid", given = given)
        }
        AppError::NotConfidential => Problem::of(
            Code::AppNotConfidential,
            words!("app_not_confidential.what"),
            words!("app_not_confidential.why"),
            match about.provider {
                Some(ProviderKind::X) => words!("app_not_confidential.hint_at_x"),
                Some(ProviderKind::Sandbox | ProviderKind::Custom) | None => {
                    words!("app_not_confidential.hint")
                }
            },
        ),
        AppError::ClientIdInUse => problem!(Code::ClientIdInUse, "client_id_in_use"),
        AppError::ClientSecret => Problem::of(
            Code::ClientSecretInvalid,
            words!("client_secret_invalid.what"),
            match about.provider {
                Some(ProviderKind::Custom) => words!("client_secret_invalid.why_elsewhere"),
                Some(ProviderKind::X | ProviderKind::Sandbox) | None => {
                    words!("client_secret_invalid.why")
                }
            },
            registration::copy_secret_and(about, words!("client_secret.retry")),
        ),
        AppError::SecretNeeded => problem!(Code::ClientSecretMissing, "client_secret_needed"),
    }
}

fn endpoint(error: &EndpointError) -> Words {
    match error {
        EndpointError::NotAUrl { given } => {
            words!("address_invalid.no_url", given = format!("{given:?}"))
        }
        EndpointError::NotProtected { given } => {
            words!("address_invalid.not_protected", given = format!("{given:?}"))
        }
        EndpointError::Extra { given } => {
            words!("address_invalid.extra", given = format!("{given:?}"))
        }
    }
}

/// Words for what was pasted in place of a client id of X.
pub fn client_id(error: ClientIdError) -> Problem {
    client_id_of(error, &About { provider: Some(ProviderKind::X), ..About::default() })
}

fn client_id_of(error: ClientIdError, about: &About) -> Problem {
    let (code, what, why) = match error {
        ClientIdError::Empty => {
            (Code::ClientIdEmpty, words!("client_id_empty.what"), words!("client_id_empty.why"))
        }
        ClientIdError::WhiteSpace => (
            Code::ClientIdWhiteSpace,
            words!("client_id_white_space.what"),
            words!("client_id_white_space.why"),
        ),
        ClientIdError::ApiKey => (
            Code::ClientIdIsApiKey,
            words!("client_id_is_api_key.what"),
            words!("client_id_is_api_key.why"),
        ),
        ClientIdError::AppNumber => (
            Code::ClientIdIsAppNumber,
            words!("client_id_is_app_number.what"),
            words!("client_id_is_app_number.why"),
        ),
        ClientIdError::Token => (
            Code::ClientIdIsToken,
            words!("client_id_is_token.what"),
            words!("client_id_is_token.why"),
        ),
        ClientIdError::OddCharacters => (
            Code::ClientIdOddCharacters,
            words!("client_id_odd_characters.what"),
            words!("client_id_odd_characters.why"),
        ),
    };
    Problem::of(code, what, why, registration::copy_client_id(about))
}

pub(super) fn redirect(error: &RedirectError, about: &About) -> Problem {
    match error {
        RedirectError::NoLoopback if is_redirect_uri(&about.redirect_uri) => {
            super::deep_link::needs_desktop_app(about)
        }
        RedirectError::NoLoopback => {
            problem!(
                Code::NoLoopbackRedirect,
                "no_loopback_redirect",
                app = &about.app_name;
                hint = registration::add_loopback(about)
            )
        }
        RedirectError::PortsTaken { tried } => {
            let ports = tried.iter().map(u16::to_string).collect::<Vec<_>>().join(", ");
            problem!(Code::PortsTaken, "ports_taken", ports = ports)
        }
        RedirectError::Refused(source) => {
            problem!(Code::ListenRefused, "listen_refused", error = source.to_string())
        }
    }
}

pub(super) fn login(failure: &LoginFailure, about: &About) -> Problem {
    match failure {
        LoginFailure::Cancelled => {
            problem!(Code::LoginCancelled, "login_cancelled"; hint = about.log_in_again())
        }
        LoginFailure::Denied => {
            problem!(Code::LoginDenied, "login_denied"; hint = about.log_in_again())
        }
        LoginFailure::TimedOut { waited_seconds, unopened: None } => {
            timed_out(*waited_seconds, about)
        }
        LoginFailure::TimedOut { waited_seconds, unopened: Some(error) } => Problem::of(
            Code::LoginTimedOut,
            words!("login_timed_out.what", server = about.server()),
            Words::sentences([
                words!("login_timed_out.no_browser"),
                unopened(error),
                words!("login_timed_out.nothing", time = waited(*waited_seconds)),
            ]),
            words!("login_timed_out.no_browser.hint"),
        ),
        LoginFailure::Refused { error, description } => Problem::of(
            Code::LoginRefused,
            words!("login_refused.what", server = about.server()),
            match description {
                Some(description) => {
                    words!("login_refused.why_described", error = error, description = description)
                }
                None => words!("login_refused.why", error = error),
            },
            registration::check(about),
        ),
        LoginFailure::Malformed(malformed) => bad_callback(*malformed, about),
        LoginFailure::IssuerMismatch { issuer } => {
            problem!(Code::IssuerMismatch, "issuer_mismatch", issuer = issuer)
        }
        LoginFailure::Running => problem!(Code::LoginRunning, "login_running"),
    }
}

/// Words for a redirect URI that two servers redirect to (RFC 9700 §4.4, mix-up). `lacking` are the names of the apps
/// whose entries could name an issuer and do not.
pub(crate) fn shared_redirect(
    uri: &str,
    about: &About,
    other: &About,
    lacking: &[&Foreign],
) -> Problem {
    let custom = |about: &About| about.provider == Some(ProviderKind::Custom);
    let hint = match (custom(about), custom(other), lacking) {
        (true, true, [app]) => words!("redirect_uri_shared.hint_issuer", app = *app),
        (true, true, _) => words!(
            "redirect_uri_shared.hint_issuers",
            app = &about.app_name,
            other = &other.app_name
        ),
        // Only a custom server's entry has an issuer, and its redirect URIs are the easier ones to change.
        (true, false, _) => words!("redirect_uri_shared.hint", app = &about.app_name),
        (false, true, _) => words!("redirect_uri_shared.hint", app = &other.app_name),
        (false, false, _) => words!("redirect_uri_shared.hint_either"),
    };
    let other = &other.app_name;
    problem!(
        Code::RedirectUriShared,
        "redirect_uri_shared",
        uri = uri,
        other = other;
        hint = hint
    )
}

fn waited(seconds: u64) -> Words {
    match seconds {
        seconds if seconds % 60 == 0 => words!("login_timed_out.minutes", count = seconds / 60),
        seconds => words!("login_timed_out.seconds", count = seconds),
    }
}

fn timed_out(waited_seconds: u64, about: &About) -> Problem {
    let hint = match about.provider {
        Some(ProviderKind::X) => Words::sentences([
            words!("login_timed_out.hint_at_x", uri = &about.redirect_uri),
            about.log_in_again(),
        ]),
        Some(ProviderKind::Sandbox | ProviderKind::Custom) | None => about.log_in_again(),
    };
    Problem::of(
        Code::LoginTimedOut,
        words!("login_timed_out.what", server = about.server()),
        words!("login_timed_out.why", time = waited(waited_seconds)),
        hint,
    )
}

fn bad_callback(malformed: Malformed, about: &About) -> Problem {
    let (code, why) = match malformed {
        Malformed::Doubled => (Code::CallbackDoubled, words!("callback.doubled")),
        Malformed::NotText => (Code::CallbackNotText, words!("callback.not_text")),
        Malformed::NoCode => (Code::CallbackWithoutCode, words!("callback.without_code")),
    };
    Problem::of(code, words!("callback.what"), why, about.log_in_again())
}

/// Words for a browser that did not open; the login goes on waiting.
pub fn browser(error: &BrowserError) -> Problem {
    let code = match error {
        BrowserError::NotFound => Code::BrowserNotFound,
        BrowserError::Failed { .. } | BrowserError::NotWeb => Code::BrowserFailed,
    };
    Problem::of(code, words!("browser.what"), unopened(error), words!("browser.hint"))
}

fn unopened(error: &BrowserError) -> Words {
    match error {
        BrowserError::NotFound => words!("browser.not_found"),
        BrowserError::Failed { program } => words!("browser.failed", program = program),
        BrowserError::NotWeb => words!("browser.not_web"),
    }
}

pub(super) fn no_randomness() -> Problem {
    problem!(Code::NoRandomness, "no_randomness")
}

/// Words for an odd lifetime in the token answer, when there is something to say.
pub fn grant_note(account: &Account, about: &About) -> Option<Problem> {
    match account.expires_in {
        Some(seconds) if seconds < 0 => Some(problem!(
            Code::LifetimeInvalid,
            "lifetime_invalid",
            server = about.server(),
            seconds = seconds.to_string()
        )),
        None => Some(Problem::of(
            Code::LifetimeMissing,
            words!("lifetime_missing.what"),
            match (account.expires_at_ms, about.provider) {
                (None, _) => words!("lifetime_missing.unknown"),
                (Some(_), Some(ProviderKind::X)) => words!("lifetime_missing.assumed_at_x"),
                (Some(_), Some(ProviderKind::Sandbox | ProviderKind::Custom) | None) => {
                    words!("lifetime_missing.assumed")
                }
            },
            words!("lifetime_missing.hint"),
        )),
        Some(_) => None,
    }
}
