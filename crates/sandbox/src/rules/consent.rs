//! The consent page's answer and the code that it leads to.

use std::time::Duration;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::authorize::Fault;
use super::pkce::Challenge;
use super::shape::{self, Kind};
use super::user::{self, User};
use super::{Circumstances, World, redirect_uri};
use crate::clock::UnixMs;
use crate::hash::Hashed;

/// How long a consent page can be answered.
const CONSENT_LIFETIME: Duration = Duration::from_mins(15);
/// How long the same answer to the same page is the second click of a double click.
const DOUBLE_CLICK: Duration = Duration::from_secs(5);
/// Pages that wait at the same time; the oldest gives way.
const MAX_CONSENTS: usize = 256;
/// Everything but RFC 3986's unreserved characters.
const QUERY_VALUE: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A checked authorize request that waits for a person.
///
/// It holds `state` in plain, since the redirect has to repeat it.
pub(crate) struct Consent {
    pub(crate) client_id: String,
    pub(crate) scopes: Vec<String>,
    redirect_uri: String,
    state: Option<String>,
    challenge: Challenge,
    asked_at: UnixMs,
}

/// What a person chose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    Authorize,
    Cancel,
}

/// The answer of a consent page, as its form sends it.
#[derive(Default)]
pub(crate) struct Decision {
    pub(crate) consent_id: Option<String>,
    pub(crate) username: Option<String>,
    pub(crate) answer: Option<Answer>,
}

/// A page that was answered, and where that led.
pub(super) struct Answered {
    consent_id: Hashed,
    answer: Answer,
    target: String,
    at: UnixMs,
}

/// What a code stands for.
#[derive(Debug, Clone)]
pub(super) struct Allowed {
    pub(super) client_id: String,
    pub(super) user: &'static User,
    pub(super) scopes: Vec<String>,
    pub(super) redirect_uri: String,
    pub(super) challenge: Challenge,
    /// The first moment at which the code no longer works.
    pub(super) expires_at: UnixMs,
}

impl Allowed {
    pub(super) fn lives_at(&self, now: UnixMs) -> bool {
        now < self.expires_at
    }
}

impl Consent {
    pub(super) fn new(
        client_id: String,
        redirect_uri: String,
        scopes: Vec<String>,
        state: Option<String>,
        challenge: Challenge,
        asked_at: UnixMs,
    ) -> Self {
        Self { client_id, scopes, redirect_uri, state, challenge, asked_at }
    }

    pub(super) fn lives_at(&self, now: UnixMs) -> bool {
        now < self.asked_at.plus(CONSENT_LIFETIME)
    }

    /// The redirect URI with `state` first, as X orders it.
    fn redirect(&self, name: &str, value: &str, circumstances: &Circumstances<'_>) -> String {
        let state = self.state.as_deref().map(|state| ("state", state));
        let issuer = circumstances.knobs.send_issuer.as_deref().map(|issuer| ("iss", issuer));
        let answer = Some((name, value));
        let pairs = match name {
            "error" => [answer, state, issuer],
            _ => [state, answer, issuer],
        };
        let query: Vec<String> = pairs.into_iter().flatten().map(encoded).collect();
        redirect_uri::with_query(&self.redirect_uri, &query.join("&"))
    }
}

impl std::fmt::Debug for Consent {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Consent")
            .field("client_id", &self.client_id)
            .finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Answered {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Answered").field("answer", &self.answer).finish_non_exhaustive()
    }
}

impl World {
    /// Keeps `consent` until its page is answered and returns the page's one-use id.
    pub(crate) fn ask(&mut self, consent: Consent, circumstances: &Circumstances<'_>) -> String {
        self.forget_expired(circumstances.now);
        if self.consents.len() >= MAX_CONSENTS {
            let oldest = self.consents.iter().min_by_key(|(_, consent)| consent.asked_at);
            if let Some(id) = oldest.map(|(id, _)| *id) {
                self.consents.remove(&id);
            }
        }
        let id = shape::unique(circumstances.random);
        self.consents.insert(Hashed::of(&id), consent);
        id
    }

    /// Takes the answer of a consent page and returns where to redirect. A browser that sends it twice,
    /// because its button was clicked twice, goes where the first click led: it shows the second answer.
    pub(crate) fn decide(
        &mut self,
        decision: &Decision,
        circumstances: &Circumstances<'_>,
    ) -> Result<String, Fault> {
        self.forget_expired(circumstances.now);
        let consent_id = decision.consent_id.as_deref().ok_or(Fault::ConsentGone)?;
        let consent_id = Hashed::of(consent_id);
        if let Some(target) = self.second_click(&consent_id, decision.answer, circumstances.now) {
            return Ok(target);
        }
        let consent = self.consents.remove(&consent_id).ok_or(Fault::ConsentGone)?;
        let answer = decision.answer.ok_or(Fault::UnknownDecision)?;
        let target = match answer {
            Answer::Cancel => consent.redirect("error", "access_denied", circumstances),
            Answer::Authorize => {
                let username = decision.username.as_deref().ok_or(Fault::UnknownUser)?;
                self.approve(&consent, username, circumstances)?
            }
        };
        let at = circumstances.now;
        self.answered = Some(Answered { consent_id, answer, target: target.clone(), at });
        Ok(target)
    }

    fn second_click(&self, id: &Hashed, answer: Option<Answer>, now: UnixMs) -> Option<String> {
        let first = self.answered.as_ref()?;
        let same = first.consent_id == *id && Some(first.answer) == answer;
        (same && now < first.at.plus(DOUBLE_CLICK)).then(|| first.target.clone())
    }

    /// Approves `consent` for a user and returns where to redirect.
    pub(crate) fn approve(
        &mut self,
        consent: &Consent,
        username: &str,
        circumstances: &Circumstances<'_>,
    ) -> Result<String, Fault> {
        let user = user::by_username(username).ok_or(Fault::UnknownUser)?;
        let code = circumstances.secret(Kind::AuthorizationCode);
        let allowed = Allowed {
            client_id: consent.client_id.clone(),
            user,
            scopes: consent.scopes.clone(),
            redirect_uri: consent.redirect_uri.clone(),
            challenge: consent.challenge.clone(),
            expires_at: circumstances.now.plus(circumstances.knobs.code_lifetime),
        };
        self.codes.insert(Hashed::of(&code), allowed);
        Ok(consent.redirect("code", &code, circumstances))
    }
}

fn encoded((name, value): (&str, &str)) -> String {
    format!("{name}={}", utf8_percent_encode(value, QUERY_VALUE))
}
