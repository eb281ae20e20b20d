//! "Something went wrong", and what: where X stays silent, the sandbox names the cause.

use birdkey_messages::{Language, Words, words};

use super::{document, said};
use crate::rules::{Fault, scope};

/// The page for an authorize request that failed; nothing is redirected.
pub(in crate::http) fn went_wrong(language: Language, fault: &Fault) -> String {
    let say = |words: Words| said(language, &words);
    let Told { what, hint, compare } = told(fault);
    let rows: String = compare.iter().map(|one| row(language, one)).collect();
    let table = if rows.is_empty() { rows } else { format!("<dl>{rows}</dl>") };
    let body = format!(
        "<h1>{}</h1><p>{}</p>\
         <section class=\"cause\"><h2>{}</h2><p>{}</p>{table}<p>{}</p></section>\
         <p class=\"aside\">{}</p>",
        say(words!("sandbox.fault.title")),
        say(words!("sandbox.fault.not_given")),
        say(words!("sandbox.fault.cause")),
        say(what),
        say(hint),
        say(words!("sandbox.fault.aside")),
    );
    document(language, &words!("sandbox.fault.title"), &body)
}

struct Told {
    what: Words,
    hint: Words,
    /// What to compare, each with its label.
    compare: Vec<(Words, Words)>,
}

impl Told {
    fn new(what: Words, hint: Words) -> Self {
        Self { what, hint, compare: Vec::new() }
    }

    fn showing(mut self, label: Words, value: &str) -> Self {
        self.compare.push((label, value.into()));
        self
    }
}

fn told(fault: &Fault) -> Told {
    match fault {
        Fault::Missing(parameter) => Told::new(
            words!("sandbox.fault.missing", parameter = *parameter),
            words!("sandbox.fault.missing.hint"),
        ),
        Fault::Repeated(parameter) => Told::new(
            words!("sandbox.fault.repeated", parameter = *parameter),
            words!("sandbox.fault.repeated.hint"),
        ),
        Fault::UnknownClientId(sent) => {
            Told::new(words!("sandbox.fault.client_id"), words!("sandbox.fault.client_id.hint"))
                .showing(words!("sandbox.fault.client_id.sent"), sent)
        }
        Fault::RedirectUriNotRegistered { sent, registered } => not_registered(sent, registered),
        Fault::RedirectUriDenied { sent } => {
            Told::new(words!("sandbox.fault.denied"), words!("sandbox.fault.denied.hint"))
                .showing(words!("sandbox.fault.redirect.sent"), sent)
        }
        Fault::ResponseType(sent) => Told::new(
            words!("sandbox.fault.response_type"),
            words!("sandbox.fault.response_type.hint"),
        )
        .showing(words!("sandbox.fault.sent"), sent),
        Fault::UnknownScope(sent) => {
            let hint = match scope::right_name(sent) {
                Some(right) => words!("sandbox.fault.scope.hint_named", right = right),
                None => words!("sandbox.fault.scope.hint"),
            };
            Told::new(words!("sandbox.fault.scope"), hint)
                .showing(words!("sandbox.fault.scope.sent"), sent)
        }
        Fault::ChallengeMethod(sent) => {
            Told::new(words!("sandbox.fault.method"), words!("sandbox.fault.method.hint"))
                .showing(words!("sandbox.fault.sent"), sent)
        }
        Fault::WeakChallenge => {
            Told::new(words!("sandbox.fault.challenge"), words!("sandbox.fault.challenge.hint"))
        }
        Fault::ConsentGone => {
            Told::new(words!("sandbox.fault.consent"), words!("sandbox.fault.again"))
        }
        Fault::UnknownUser => {
            Told::new(words!("sandbox.fault.user"), words!("sandbox.fault.user.hint"))
        }
        Fault::UnknownDecision => {
            Told::new(words!("sandbox.fault.decision"), words!("sandbox.fault.again"))
        }
    }
}

fn not_registered(sent: &str, registered: &[String]) -> Told {
    let told = Told::new(words!("sandbox.fault.redirect"), words!("sandbox.fault.redirect.hint"))
        .showing(words!("sandbox.fault.redirect.sent"), sent);
    let label = || words!("sandbox.fault.redirect.registered");
    let mut told = registered.iter().fold(told, |told, uri| told.showing(label(), uri));
    if registered.is_empty() {
        told.compare.push((label(), words!("sandbox.fault.redirect.none")));
    }
    told
}

fn row(language: Language, (label, value): &(Words, Words)) -> String {
    format!("<dt>{}</dt><dd><code>{}</code></dd>", said(language, label), said(language, value))
}
