//! Words for failures of a login before a provider's answer, and for notes about an account.

use super::{About, Code, Problem};
use crate::effects::browser::BrowserError;
use crate::effects::deep_link::is_redirect_uri;
use crate::effects::loopback::RedirectError;
use crate::failure::{AppError, ChoiceError, LoginFailure};
use crate::protocol::callback::Malformed;
use crate::protocol::client::ClientIdError;
use crate::protocol::provider::ProviderKind;
use crate::store::accounts::{Account, ProfileNote};

pub(super) fn choice(error: &ChoiceError) -> Problem {
    match error {
        ChoiceError::NoApp => Problem::of(
            Code::AppNone,
            "No app is set up.",
            "Birdkey logs in through an app that is registered at X, or through the sandbox.",
            "Set one up in the window, or run: birdkey app add --help",
        ),
        ChoiceError::AppUnknown { given, known } => Problem::of(
            Code::AppUnknown,
            format!("There is no app “{given}”."),
            format!("The apps are: {}.", listed(known)),
            "Use one of these names or ids. To see them, run: birdkey app list",
        ),
        ChoiceError::AppAmbiguous { fitting } => Problem::of(
            Code::AppAmbiguous,
            "It is not clear which app is meant.",
            format!("These fit: {}.", listed(fitting)),
            "Name one with --app.",
        ),
        ChoiceError::NoAccount => Problem::of(
            Code::AccountNone,
            "Nobody is logged in.",
            "There is no account yet.",
            "Log in in the window, or run: birdkey login",
        ),
        ChoiceError::AccountUnknown { given, known } => Problem::of(
            Code::AccountUnknown,
            format!("There is no account “{given}”."),
            format!("The accounts are: {}.", listed(known)),
            "Use one of these. To see them, run: birdkey status",
        ),
        ChoiceError::AccountAmbiguous { fitting } => Problem::of(
            Code::AccountAmbiguous,
            "It is not clear which account is meant.",
            format!("These fit: {}.", listed(fitting)),
            "Name one with --account.",
        ),
    }
}

/// Somebody else is logged in to the provider in the browser than the account that was to be renewed.
pub(crate) fn other_user(wanted: &str, came: &str, about: &About) -> Problem {
    let server = about.server_inside();
    Problem::of(
        Code::OtherUser,
        format!("You logged in as {came}, not as {wanted}."),
        format!(
            "The browser is logged in to {server} as {came}, so that account was added or renewed. {wanted} is as it was."
        ),
        format!("Switch the account at {server} in the browser, then log in to {wanted} again."),
    )
}

fn listed(names: &[String]) -> String {
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
}

pub(super) fn app(error: &AppError) -> Problem {
    match error {
        AppError::ClientId(error) => client_id(*error),
        AppError::Endpoint(error) => Problem::of(
            Code::AddressInvalid,
            "An address can't be used.",
            format!("{error}."),
            "Use an https address. Plain http is allowed for 127.0.0.1, ::1 and localhost only.",
        ),
        AppError::RedirectUri { given } => Problem::of(
            Code::RedirectUriInvalid,
            "A redirect URI can't be used.",
            format!(
                "“{given}” is not http on 127.0.0.1, [::1] or localhost with a port and a path, nor app.birdkey:/callback."
            ),
            "Use an address like http://127.0.0.1:8731/callback, exactly as it is registered.",
        ),
        AppError::NotConfidential => Problem::of(
            Code::AppNotConfidential,
            "This app has no client secret.",
            "It is set up as public (Native App), and such an app never shows a secret.",
            "Remove the app and add it as confidential if it is a Web App, Automated App or Bot at X.",
        ),
        AppError::ClientSecret => Problem::of(
            Code::ClientSecretInvalid,
            "That is not a client secret.",
            "It is empty, or has more than one line.",
            "Copy the OAuth 2.0 Client Secret in the developer console and try again.",
        ),
        AppError::SecretNeeded => Problem::of(
            Code::ClientSecretMissing,
            "A confidential app needs its client secret.",
            "None was given, and without it X refuses every token request.",
            "Add --client-secret-file FILE, or --client-secret-file - to read it from standard input.",
        ),
    }
}

/// Words for what was pasted in place of a client id.
pub fn client_id(error: ClientIdError) -> Problem {
    let (code, what, why) = match error {
        ClientIdError::Empty => {
            (Code::ClientIdEmpty, "The client id is missing.", "The field is empty.")
        }
        ClientIdError::WhiteSpace => (
            Code::ClientIdWhiteSpace,
            "This is not a client id.",
            "It has spaces or line breaks in the middle.",
        ),
        ClientIdError::ApiKey => (
            Code::ClientIdIsApiKey,
            "This looks like an API key.",
            "An API key (consumer key) has 25 letters and digits and belongs to OAuth 1.0a.",
        ),
        ClientIdError::AppNumber => (
            Code::ClientIdIsAppNumber,
            "This is the number of the app.",
            "The client id is longer, with letters and digits.",
        ),
        ClientIdError::Token => (
            Code::ClientIdIsToken,
            "This looks like a token.",
            "It is too long for a client id. A token must not be stored here.",
        ),
    };
    Problem::of(
        code,
        what,
        why,
        "Copy the OAuth 2.0 Client ID: in X's console under Keys and tokens, in the section OAuth 2.0.",
    )
}

pub(super) fn redirect(error: &RedirectError, about: &About) -> Problem {
    match error {
        RedirectError::NoLoopback if is_redirect_uri(&about.redirect_uri) => {
            super::deep_link::needs_desktop_app(about)
        }
        RedirectError::NoLoopback => Problem::of(
            Code::NoLoopbackRedirect,
            format!("“{}” has no redirect URI on this machine.", about.app_name),
            "Birdkey waits for the browser at an address like http://127.0.0.1:8731/callback.",
            "Add such a redirect URI to the app here and in the developer console.",
        ),
        RedirectError::PortsTaken { tried } => Problem::of(
            Code::PortsTaken,
            "The browser has nowhere to come back to.",
            format!(
                "All registered ports are in use by other programs: {}.",
                tried.iter().map(u16::to_string).collect::<Vec<_>>().join(", ")
            ),
            "Close the program that uses one of them (perhaps another login), or register another redirect URI, then try again.",
        ),
        RedirectError::Refused(source) => Problem::of(
            Code::ListenRefused,
            "The browser has nowhere to come back to.",
            format!("The system refused to listen on this machine: {source}."),
            "Check whether a firewall or a sandbox keeps Birdkey from listening on 127.0.0.1.",
        ),
    }
}

pub(super) fn login(failure: &LoginFailure, about: &About) -> Problem {
    let server = about.server();
    match failure {
        LoginFailure::Cancelled => Problem::of(
            Code::LoginCancelled,
            "The login was cancelled.",
            "You stopped waiting for it.",
            about.log_in_again(),
        ),
        LoginFailure::Denied => Problem::of(
            Code::LoginDenied,
            "Access was not allowed, so nobody was logged in.",
            "Cancel was selected on the consent page.",
            about.log_in_again(),
        ),
        LoginFailure::TimedOut { waited_seconds } => timed_out(*waited_seconds, about),
        LoginFailure::Refused { error, description } => Problem::of(
            Code::LoginRefused,
            format!("{server} refused the login."),
            match description {
                Some(description) => format!("It answered {error}: {description}"),
                None => format!("It answered {error}."),
            },
            "Check the app's scopes and settings in the developer console, then log in again.",
        ),
        LoginFailure::Malformed(malformed) => bad_callback(*malformed, about),
        LoginFailure::IssuerMismatch { issuer } => Problem::of(
            Code::IssuerMismatch,
            "The answer came from another server than the one asked.",
            format!("It names the issuer {issuer}. Nothing was sent to it."),
            "Check the issuer in the configuration. If it is right, someone tried to mix up two logins.",
        ),
        LoginFailure::Running => Problem::of(
            Code::LoginRunning,
            "Another login is in progress.",
            "Birdkey does one login at a time.",
            "Finish or cancel it first.",
        ),
    }
}

/// Words for a redirect URI that two servers redirect to (RFC 9700 §4.4, mix-up).
pub(crate) fn shared_redirect(uri: &str, other: &str) -> Problem {
    Problem::of(
        Code::RedirectUriShared,
        "Two servers redirect to the same address.",
        format!(
            "{uri} is registered for {other} too. A server that is up to no good could hand its answer in as the other's."
        ),
        "Register another redirect URI at one of them, or enter the issuer of both.",
    )
}

fn timed_out(waited_seconds: u64, about: &About) -> Problem {
    let (number, unit) = match waited_seconds {
        seconds if seconds % 60 == 0 => (seconds / 60, "minute"),
        seconds => (seconds, "second"),
    };
    let plural = if number == 1 { "" } else { "s" };
    let why = format!(
        "The browser did not come back within {number} {unit}{plural}: its page was closed, or it showed an error."
    );
    let fix = match about.provider {
        Some(ProviderKind::X) => format!(
            "If X said “Something went wrong”, check that {} is registered as a callback URI of this app, byte for byte. {}",
            about.redirect_uri,
            about.log_in_again()
        ),
        Some(ProviderKind::Sandbox | ProviderKind::Custom) | None => about.log_in_again(),
    };
    Problem::of(
        Code::LoginTimedOut,
        format!("{} did not finish logging you in.", about.server()),
        why,
        fix,
    )
}

fn bad_callback(malformed: Malformed, about: &About) -> Problem {
    let (code, why) = match malformed {
        Malformed::Doubled => (Code::CallbackDoubled, "It names a value twice."),
        Malformed::NotText => (Code::CallbackNotText, "It holds bytes that are not text."),
        Malformed::NoCode => (Code::CallbackWithoutCode, "It holds neither a code nor an error."),
    };
    Problem::of(code, "The answer in the browser can't be used.", why, about.log_in_again())
}

/// Words for a browser that did not open; the login goes on waiting.
pub fn browser(error: &BrowserError) -> Problem {
    let (code, why) = match error {
        BrowserError::NotFound => (Code::BrowserNotFound, "No browser was found.".to_owned()),
        BrowserError::Failed { program } => {
            (Code::BrowserFailed, format!("{program} could not be started."))
        }
        BrowserError::NotWeb => {
            (Code::BrowserFailed, "The address is not one of a web page.".to_owned())
        }
    };
    Problem::of(
        code,
        "The browser did not open.",
        why,
        "Copy the link and open it in a browser on this machine, or name one in the variable BROWSER.",
    )
}

pub(super) fn no_randomness() -> Problem {
    Problem::of(
        Code::NoRandomness,
        "The login was not started.",
        "The system gave no random numbers, and without them a login is not safe.",
        "Restart the machine and try again.",
    )
}

/// Words for why an account's names are not known; the grant is not less valid for it.
pub fn profile(note: ProfileNote, about: &About) -> Problem {
    let server = about.server();
    let (code, why, fix) = match note {
        ProfileNote::Unauthorized => (
            Code::ProfileUnauthorized,
            format!("{server} answered 401 when asked who you are, perhaps an outage."),
            "The login itself is valid. If requests fail too, log in again.",
        ),
        ProfileNote::NoCredits => (
            Code::ProfileNoCredits,
            format!("{server} answered 402: the developer account has no credits."),
            "The login itself is valid. Add credits in the developer console.",
        ),
        ProfileNote::NotEnrolled => (
            Code::ProfileNotEnrolled,
            format!("{server} answered 403: the app is in no package."),
            "The login itself is valid. Move the app into a package (Pay-per-use, Production) in the developer console.",
        ),
        ProfileNote::Forbidden => (
            Code::ProfileForbidden,
            format!(
                "{server} answered 403: the scopes tweet.read and users.read are both needed for it."
            ),
            "The login itself is valid. Add the scopes to the app and log in again.",
        ),
        ProfileNote::RateLimited => (
            Code::ProfileRateLimited,
            format!("{server} answered 429: too many requests."),
            "The login itself is valid. The name is asked for at the next login.",
        ),
        ProfileNote::Slow => (
            Code::ProfileSlow,
            format!("{server} did not say who you are within 5 seconds."),
            "The login itself is valid. The name is asked for at the next login.",
        ),
        ProfileNote::Unavailable => (
            Code::ProfileUnavailable,
            format!("{server} did not say who you are."),
            "The login itself is valid. The name is asked for at the next login.",
        ),
        ProfileNote::NotOffered => (
            Code::ProfileNotOffered,
            "The app has no profile address.".to_owned(),
            "The login itself is valid. Add profile_url to the app to see names.",
        ),
    };
    Problem::of(code, "The name of this account is not known yet.", why, fix)
}

/// Words for an odd lifetime in the token answer, when there is something to say.
pub fn grant_note(account: &Account, about: &About) -> Option<Problem> {
    let server = about.server();
    match account.expires_in {
        Some(seconds) if seconds < 0 => Some(Problem::of(
            Code::LifetimeInvalid,
            "It is not known how long this token is valid.",
            format!("{server} sent the lifetime {seconds}."),
            "Birdkey hands the token out as it is. If requests fail with 401, log in again.",
        )),
        None => Some(Problem::of(
            Code::LifetimeMissing,
            "The server did not say how long this token is valid.",
            match account.expires_at_ms {
                Some(_) => "Birdkey assumes two hours, as X documents it.",
                None => "Birdkey hands the token out as it is.",
            },
            "If requests fail with 401, log in again.",
        )),
        Some(_) => None,
    }
}
