//! Recording what a server does: one login, refresh and logout with all that X's documents leave open
//! tried on the way, told without a secret.
//!
//! It is how users with an X account say where the sandbox is wrong. Its tokens are kept in memory, for
//! the recording alone, and revoked at the end; nothing is stored in the vault or listed.

mod codes;
mod grants;
mod pages;
mod questions;
mod redact;
mod server;
mod steps;

use serde_json::{Value, json};
use tokio::sync::watch;

pub use questions::QUESTIONS;
pub use steps::{Page, Step};

use crate::effects::BoxFuture;
use crate::effects::loopback::Outcome;
use crate::failure::Failure;
use crate::model::app::App;
use crate::protocol::client::{ClientAuthentication, ClientType};
use crate::protocol::message::{Answer, Method, Request};
use crate::protocol::provider::{Endpoints, ProviderKind};
use crate::protocol::scope::{OFFLINE_ACCESS, Scopes};
use crate::protocol::secret::Secret;
use crate::use_cases::context::{Context, cancelled, endpoints_of};

use questions::Answers;
use redact::Seen;

/// The version of the record's form.
const VERSION: u32 = 1;

/// Whoever is asked before each step.
pub trait Interviewer: Send + Sync {
    /// Whether to do a step; waits for the person.
    fn may(&self, step: Step) -> BoxFuture<'_, Choice>;

    /// What the person sees in the browser; never ends when they say nothing.
    fn looks(&self, step: Step) -> BoxFuture<'_, Looks>;

    /// Takes the record as it stands after a step, safe to show; `false` ends the recording.
    fn recorded(&self, record: &Value) -> bool;
}

/// What a person wants done with a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// Do it.
    Go,
    /// Leave it out.
    Skip,
    /// End the recording here.
    Stop,
}

/// What a browser shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Looks {
    /// The page that asks for consent.
    Consent,
    /// A page of the server that says something went wrong.
    Error,
    /// Anything else, or nothing.
    Other,
}

/// The person ended it.
struct Stopped;

/// What comes of a step that may be cut short.
type Done = Result<(), Stopped>;

/// The tokens of the recording's own login.
struct Pair {
    access: Secret,
    refresh: Option<Secret>,
}

/// One recording on its way.
struct Recording<'a> {
    context: &'a Context,
    app: &'a App,
    endpoints: Endpoints,
    authentication: ClientAuthentication,
    interviewer: &'a dyn Interviewer,
    stop: watch::Receiver<bool>,
    step: Step,
    /// Where the browser comes back to.
    redirect_uri: String,
    /// What was sent and came back.
    events: Vec<Value>,
    answers: Answers,
    seen: Seen,
    requests: usize,
    limited: usize,
    /// The name of the step, or of what comes after the last.
    part: &'static str,
    /// The live login, and what it was made of.
    live: Option<Pair>,
    /// Every token that came and is not known to be revoked, with its kind.
    issued: Vec<(Secret, &'static str)>,
    /// Of the login: sent again by a later step.
    code: Option<codes::Code>,
    /// Replaced by a refresh.
    retired: Option<Secret>,
}

/// Goes through all steps; what was found out is handed to the interviewer after each.
pub(crate) async fn record(
    context: &Context,
    app: &App,
    interviewer: &dyn Interviewer,
    stop: watch::Receiver<bool>,
) -> Result<(), Failure> {
    let endpoints = endpoints_of(app)?;
    let authentication = context.authentication(app, &endpoints).await?;
    // Found out before anything is asked: without a port there is no login.
    let listener = context.effects.redirects.listen(&app.redirect_uris).await?;
    let redirect_uri = listener.redirect_uri().to_owned();
    listener.finish(Outcome::Recorded).await;
    let mut recording = Recording {
        context,
        app,
        endpoints,
        authentication,
        interviewer,
        stop,
        step: Step::Metadata,
        redirect_uri,
        events: Vec::new(),
        answers: Answers::default(),
        seen: Seen::default(),
        requests: 0,
        limited: 0,
        part: "",
        live: None,
        issued: Vec::new(),
        code: None,
        retired: None,
    };
    recording.seen.note(&Secret::new(app.client_id.clone()));
    if let ClientAuthentication::Confidential(secret) = &recording.authentication {
        recording.seen.note(secret);
    }
    // Stopped or not: what lives at the server is revoked, and what was found out is told.
    let _ = recording.all_steps().await;
    recording.revoke_the_rest().await;
    recording.answer_limits();
    interviewer.recorded(&recording.told());
    Ok(())
}

impl Recording<'_> {
    async fn all_steps(&mut self) -> Done {
        for step in Step::ALL {
            self.step = step;
            self.part = step.name();
            if !self.applies() {
                continue;
            }
            match self.or_stopped(self.interviewer.may(step)).await? {
                Choice::Go => self.take(step).await?,
                Choice::Skip => {
                    self.events.push(json!({ "step": step.name(), "skipped": true }));
                }
                Choice::Stop => return Err(Stopped),
            }
            if !self.interviewer.recorded(&self.told()) {
                return Err(Stopped);
            }
        }
        Ok(())
    }

    /// Whether a step has what it needs from the steps before.
    fn applies(&self) -> bool {
        let refresh = self.live.as_ref().is_some_and(|pair| pair.refresh.is_some());
        let (profile, revoke) = (self.endpoints.profile.is_some(), self.endpoints.revoke.is_some());
        match self.step {
            Step::BasicHeader => self.app.client_type == ClientType::Public,
            Step::CodeReplay => self.code.is_some(),
            Step::Profile => self.live.is_some() && profile,
            Step::Refresh => refresh,
            Step::Reuse => refresh && self.retired.is_some(),
            Step::RevokeUnknown => revoke,
            Step::RevokeAccess => revoke && self.live.is_some(),
            Step::RevokeRefresh => revoke && refresh,
            Step::Metadata | Step::Look(_) | Step::BurnedCode | Step::LateCode | Step::Login => {
                true
            }
        }
    }

    async fn take(&mut self, step: Step) -> Done {
        match step {
            Step::Metadata => self.metadata().await,
            Step::BasicHeader => self.basic_header().await,
            Step::Look(page) => return self.look_at(page).await,
            Step::BurnedCode => return self.burned_code().await,
            Step::LateCode => return self.late_code().await,
            Step::Login => return self.login().await,
            Step::CodeReplay => self.code_replay().await,
            Step::Profile => self.profile().await,
            Step::Refresh => self.refresh().await,
            Step::Reuse => self.reuse().await,
            Step::RevokeUnknown => self.revoke_unknown().await,
            Step::RevokeAccess => self.revoke_access().await,
            Step::RevokeRefresh => self.revoke_refresh().await,
        }
        Ok(())
    }

    /// Waits for a person, or for the end of the recording. Requests are never cut off: an answer that
    /// nobody reads may hold a token that nobody revokes.
    async fn or_stopped<T>(&self, waiting: impl Future<Output = T>) -> Result<T, Stopped> {
        let mut stop = self.stop.clone();
        tokio::select! {
            value = waiting => Ok(value),
            () = cancelled(&mut stop) => Err(Stopped),
        }
    }

    /// Sends a request, and notes what may be told of both sides.
    async fn send(&mut self, request: Request) -> Option<Answer> {
        self.requests += 1;
        let mut event = json!({
            "step": self.part,
            "to": format!("{}{}", request.url.origin().ascii_serialization(), request.url.path()),
            "authorization": authorization(&request),
            "sent": fields_of(&request),
        });
        let answered = match self.context.effects.http.send(request).await {
            Ok(answer) => {
                self.learn(&answer);
                event["status"] = answer.status.into();
                event["headers"] = answer.header_names.clone().into();
                event["contentType"] = answer.content_type.clone().into();
                event["retryAfterSeconds"] = answer.retry_after_seconds.into();
                event["body"] = self.seen.body(&answer.body);
                Some(answer)
            }
            Err(error) => {
                event["notAnswered"] = error.to_string().into();
                None
            }
        };
        self.events.push(event);
        answered
    }

    /// Keeps what must not be told, and counts what was refused for being too much.
    fn learn(&mut self, answer: &Answer) {
        self.limited += usize::from(answer.status == 429);
        let Ok(body) = serde_json::from_str::<Value>(answer.body.expose()) else { return };
        for at in ["/access_token", "/refresh_token", "/data/id", "/data/username", "/data/name"] {
            if let Some(text) = body.pointer(at).and_then(Value::as_str) {
                self.seen.note(&Secret::new(text.to_owned()));
            }
        }
    }

    /// Status and error of an answer in a few words.
    fn outcome(&self, answer: Option<&Answer>) -> String {
        let Some(answer) = answer else { return "no answer".to_owned() };
        let body = serde_json::from_str::<Value>(answer.body.expose()).unwrap_or_default();
        let words = ["error", "title", "error_description", "detail"].into_iter();
        let words = words.filter_map(|name| body.get(name).and_then(Value::as_str));
        let words: Vec<_> = words.map(|text| self.seen.masked(text)).collect();
        if words.is_empty() {
            return answer.status.to_string();
        }
        format!("{} {}", answer.status, words.join(": "))
    }

    /// The scopes of the login: those of the app, and the one that brings a refresh token at X.
    fn scopes(&self) -> Scopes {
        let kind = self.app.provider.kind();
        let offline = (kind != ProviderKind::Custom).then_some(OFFLINE_ACCESS);
        let own = self.app.scopes.names().iter().map(String::as_str);
        Scopes::from_names(own.chain(offline))
    }

    fn answer_limits(&mut self) {
        let (limited, requests) = (self.limited, self.requests);
        let words = match limited {
            0 => format!("not met in {requests} requests"),
            _ => format!("{limited} of {requests} requests: see the steps with status 429"),
        };
        self.answers.add(6, "429", words);
    }

    /// The whole record as it stands.
    fn told(&self) -> Value {
        json!({
            "version": VERSION,
            "birdkey": env!("CARGO_PKG_VERSION"),
            "host": self.endpoints.token.host(),
            "clientType": match self.app.client_type {
                ClientType::Public => "public",
                ClientType::Confidential => "confidential",
            },
            "scopes": self.scopes().names(),
            "questions": self.answers.told(),
            "steps": self.events,
        })
    }
}

/// Their names alone.
fn fields_of(request: &Request) -> Vec<String> {
    let Method::PostForm(form) = &request.method else { return Vec::new() };
    let fields = form_urlencoded::parse(form.expose().as_bytes());
    fields.map(|(name, _)| name.into_owned()).collect()
}

/// The scheme alone.
fn authorization(request: &Request) -> &str {
    let header = request.authorization.as_ref();
    header.map_or("none", |it| it.expose().split(' ').next().unwrap_or_default())
}

fn is_ok(answer: Option<&Answer>) -> bool {
    answer.is_some_and(|answer| answer.status == 200)
}
