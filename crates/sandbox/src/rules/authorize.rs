//! The authorize request: what is checked before a person sees a consent page.
//!
//! X renders all faults but one as a page and redirects nothing.

use super::consent::Consent;
use super::pkce::Challenge;
use super::redirect_uri::{self, Ports};
use super::{Circumstances, World, scope};

/// Longest `state` that X takes.
const MAX_STATE_CHARS: usize = 500;

const PARAMETERS: [&str; 7] = [
    "response_type",
    "client_id",
    "redirect_uri",
    "scope",
    "state",
    "code_challenge",
    "code_challenge_method",
];

/// The query of an authorize request (RFC 6749 §4.1.1, RFC 7636 §4.3).
#[derive(Default)]
pub(crate) struct AuthorizeRequest {
    values: [Option<String>; PARAMETERS.len()],
    repeated: Option<&'static str>,
}

impl AuthorizeRequest {
    /// Takes the parameters that matter; an empty one counts as absent (RFC 6749 §3.1).
    pub(crate) fn read(pairs: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut request = Self::default();
        for (name, value) in pairs {
            let Some(at) = PARAMETERS.iter().position(|known| *known == name) else {
                continue;
            };
            if request.values[at].is_some() {
                request.repeated = Some(PARAMETERS[at]);
            }
            request.values[at] = Some(value).filter(|value| !value.is_empty());
        }
        request
    }

    pub(crate) fn value(&self, parameter: &str) -> Option<&str> {
        let at = PARAMETERS.iter().position(|known| *known == parameter)?;
        self.values[at].as_deref()
    }

    fn required(&self, parameter: &'static str) -> Result<&str, Fault> {
        self.value(parameter).ok_or(Fault::Missing(parameter))
    }
}

/// Why an authorize request gets no consent page; the app hears nothing of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fault {
    Missing(&'static str),
    Repeated(&'static str),
    UnknownClientId(String),
    RedirectUriNotRegistered {
        sent: String,
        registered: Vec<String>,
    },
    RedirectUriDenied {
        sent: String,
    },
    ResponseType(String),
    UnknownScope(String),
    ChallengeMethod(String),
    WeakChallenge,
    /// The consent page was answered already, or waited too long.
    ConsentGone,
    UnknownUser,
    UnknownDecision,
}

/// An authorize request that passed.
pub(crate) enum Authorized {
    Ask(Consent),
    /// `state` was too long, the one fault that X redirects with.
    StateTooLong {
        redirect: String,
    },
}

impl World {
    /// Checks an authorize request.
    pub(crate) fn authorize(
        &self,
        request: &AuthorizeRequest,
        circumstances: &Circumstances<'_>,
    ) -> Result<Authorized, Fault> {
        if let Some(parameter) = request.repeated {
            return Err(Fault::Repeated(parameter));
        }
        let redirect_uri = self.redirect_uri(request, circumstances)?;
        let state = request.value("state");
        if state.is_some_and(|state| state.chars().count() > MAX_STATE_CHARS) {
            let query = "error=invalid_request&error_description=Redirect%20is%20requested.";
            let redirect = redirect_uri::with_query(&redirect_uri, query);
            return Ok(Authorized::StateTooLong { redirect });
        }
        let response_type = request.required("response_type")?;
        if response_type != "code" {
            return Err(Fault::ResponseType(response_type.to_owned()));
        }
        Ok(Authorized::Ask(Consent::new(
            request.required("client_id")?.to_owned(),
            redirect_uri,
            scopes(request)?,
            state.map(str::to_owned),
            challenge(request, circumstances)?,
            circumstances.now,
        )))
    }

    fn redirect_uri(
        &self,
        request: &AuthorizeRequest,
        circumstances: &Circumstances<'_>,
    ) -> Result<String, Fault> {
        let client_id = request.required("client_id")?;
        let unknown = || Fault::UnknownClientId(client_id.to_owned());
        let app = self.app(client_id).ok_or_else(unknown)?;
        let sent = request.required("redirect_uri")?.to_owned();
        let any_port = circumstances.knobs.rfc8252_ports;
        let ports = if any_port { Ports::AnyLoopback } else { Ports::Exact };
        if !redirect_uri::is_registered(app, &sent, ports) {
            let registered = app.redirect_uris.clone();
            return Err(Fault::RedirectUriNotRegistered { sent, registered });
        }
        if !redirect_uri::is_allowed(&sent) {
            return Err(Fault::RedirectUriDenied { sent });
        }
        Ok(sent)
    }
}

fn scopes(request: &AuthorizeRequest) -> Result<Vec<String>, Fault> {
    let scopes = scope::parse(request.required("scope")?);
    if let Some(unknown) = scopes.iter().find(|name| scope::in_words(name).is_none()) {
        return Err(Fault::UnknownScope(unknown.clone()));
    }
    if scopes.is_empty() { Err(Fault::Missing("scope")) } else { Ok(scopes) }
}

fn challenge(
    request: &AuthorizeRequest,
    circumstances: &Circumstances<'_>,
) -> Result<Challenge, Fault> {
    let value = request.required("code_challenge")?;
    let method = request.required("code_challenge_method")?;
    let unknown = || Fault::ChallengeMethod(method.to_owned());
    let challenge = Challenge::parse(method, value).ok_or_else(unknown)?;
    if circumstances.knobs.strict_pkce && !challenge.is_strict() {
        return Err(Fault::WeakChallenge);
    }
    Ok(challenge)
}
