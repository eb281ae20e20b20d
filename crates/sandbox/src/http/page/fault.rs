//! "Something went wrong", and what: where X stays silent, the sandbox names the cause.

use super::{document, escaped};
use crate::rules::Fault;

/// The page for an authorize request that failed; nothing is redirected.
pub(in crate::http) fn went_wrong(fault: &Fault) -> String {
    let Told { what, fix, compare } = told(fault);
    let rows: String = compare.iter().map(|(label, value)| row(label, value)).collect();
    let table = if rows.is_empty() { rows } else { format!("<dl>{rows}</dl>") };
    let body = format!(
        "<h1>Something went wrong</h1>\
         <p>You weren’t able to give access to the app.</p>\
         <section class=\"cause\"><h2>The cause</h2><p>{}</p>{table}<p>{}</p></section>\
         <p class=\"aside\">X shows only the two lines at the top for this, \
         and tells the app nothing. The sandbox tells you the cause.</p>",
        escaped(&what),
        escaped(fix)
    );
    document("Something went wrong", &body)
}

struct Told<'a> {
    what: String,
    fix: &'static str,
    compare: Vec<(&'static str, &'a str)>,
}

fn told(fault: &Fault) -> Told<'_> {
    let plain = |what: String, fix: &'static str| Told { what, fix, compare: Vec::new() };
    match fault {
        Fault::Missing(parameter) => plain(
            format!("The parameter {parameter} is missing or empty."),
            "The app has to send it with the authorize request.",
        ),
        Fault::Repeated(parameter) => plain(
            format!("The parameter {parameter} was sent more than once."),
            "The app has to send each parameter once.",
        ),
        Fault::UnknownClientId(sent) => Told {
            what: "No app with this client id is registered here.".to_owned(),
            fix: "Register the app with the sandbox, or correct the client id in the app.",
            compare: vec![("Client id sent", sent)],
        },
        Fault::RedirectUriNotRegistered { sent, registered } => not_registered(sent, registered),
        Fault::RedirectUriDenied { sent } => Told {
            what: "A browser must not be sent to this redirect URI.".to_owned(),
            fix: "Use an http, https or private scheme, and no spaces.",
            compare: vec![("Redirect URI sent", sent)],
        },
        Fault::ResponseType(sent) => Told {
            what: "The response_type has to be code.".to_owned(),
            fix: "Correct it in the app.",
            compare: vec![("Sent", sent)],
        },
        Fault::UnknownScope(sent) => Told {
            what: "X has no such scope.".to_owned(),
            fix: "Correct the list of scopes in the app.",
            compare: vec![("Scope sent", sent)],
        },
        Fault::ChallengeMethod(sent) => Told {
            what: "The code_challenge_method has to be S256 or plain.".to_owned(),
            fix: "Use S256.",
            compare: vec![("Sent", sent)],
        },
        Fault::WeakChallenge => plain(
            "The code_challenge is not an S256 challenge of 43 characters.".to_owned(),
            "The sandbox is set to follow RFC 7636 strictly. Use S256.",
        ),
        Fault::ConsentGone => plain(
            "This page was answered before, or waited longer than 15 minutes.".to_owned(),
            "Go back to the app and start the login again.",
        ),
        Fault::UnknownUser => plain(
            "No demo account was chosen.".to_owned(),
            "Go back to the app, start the login again and choose one of the accounts.",
        ),
        Fault::UnknownDecision => plain(
            "The answer was neither Authorize nor Cancel.".to_owned(),
            "Go back to the app and start the login again.",
        ),
    }
}

fn not_registered<'a>(sent: &'a str, registered: &'a [String]) -> Told<'a> {
    let mut compare = vec![("Redirect URI sent", sent)];
    compare.extend(registered.iter().map(|uri| ("Registered", uri.as_str())));
    if registered.is_empty() {
        compare.push(("Registered", "none"));
    }
    Told {
        what: "The redirect URI is not registered for this app. \
               It has to match in every character, down to a slash at the end."
            .to_owned(),
        fix: "Register the redirect URI that was sent, or correct it in the app.",
        compare,
    }
}

fn row(label: &str, value: &str) -> String {
    format!("<dt>{}</dt><dd><code>{}</code></dd>", escaped(label), escaped(value))
}
