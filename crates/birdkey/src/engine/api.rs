//! Requests of users to the API, with the token of an account that never shows.

use birdkey_messages::words;

use super::Engine;
use crate::effects::http::Streamed;
use crate::failure::Failure;
use crate::model::app::App;
use crate::model::grant::Grant;
use crate::problem::{About, Problem, Unauthorized, api_answer, api_refused};
use crate::protocol::api::{ApiRefusal, Call, header, method, target};
use crate::protocol::endpoint::Endpoint;
use crate::protocol::provider::Endpoints;
use crate::protocol::secret::Secret;
use crate::store::accounts::Account;
use crate::use_cases::context::endpoints_of;
use crate::use_cases::refresh;
use crate::use_cases::token::{self, FreshToken, NOT_AGAIN_WITHIN_MS, Needs};
use crate::view::RateLimitView;

/// A request as it was typed.
#[derive(Debug, Clone, Default)]
pub struct ApiRequest {
    /// The method; empty takes `GET`.
    pub method: String,
    /// A path of the API, or a full address of it.
    pub target: String,
    /// Added to the address as a query.
    pub query: Vec<(String, String)>,
    /// Lines like `Name: value`.
    pub headers: Vec<String>,
    /// What is sent along.
    pub body: Option<Vec<u8>>,
    /// The scopes that the token has to have.
    pub scopes: Vec<String>,
}

/// The API's answer, whatever its status.
pub struct ApiAnswer {
    /// The answer; its body is still on its way.
    pub answer: Streamed,
    /// What was done about a 401.
    pub unauthorized: Option<Unauthorized>,
    /// Why the token it was sent with was in doubt.
    pub warning: Option<Problem>,
    about: About,
}

impl ApiAnswer {
    /// What an answer of 400 or more means, at `now_ms` (Unix milliseconds).
    pub fn problem(&self, body: &[u8], now_ms: i64) -> Problem {
        let limit = self.answer.header("x-rate-limit-limit");
        let left_ms = self.resets_at_ms().map(|at| at - now_ms);
        let seconds = left_ms.and_then(|left| u64::try_from(left / 1_000).ok());
        let problem = api_answer(self.answer.status, body, limit, seconds, &self.about);
        match &self.unauthorized {
            Some(unauthorized) => unauthorized.problem(&problem.why),
            None => problem,
        }
    }

    /// What the server says of its limit, when it does.
    pub(super) fn rate_limit(&self) -> Option<RateLimitView> {
        Some(RateLimitView {
            limit: self.number("x-rate-limit-limit")?,
            remaining: self.number("x-rate-limit-remaining")?,
            resets_at_ms: self.resets_at_ms(),
        })
    }

    /// When a limit ends, Unix milliseconds.
    fn resets_at_ms(&self) -> Option<i64> {
        i64::try_from(self.number("x-rate-limit-reset")?).ok()?.checked_mul(1_000)
    }

    fn number(&self, header: &str) -> Option<u64> {
        self.answer.header(header)?.trim().parse().ok()
    }
}

/// What a 401 leads to.
enum After {
    /// The request is sent again with this pair.
    Again(Box<Grant>),
    /// The answer stands.
    Stands(Unauthorized),
}

impl Engine {
    /// Sends a request with the token of an account; after a 401 that a new token may help against,
    /// once more with a new token. The answer is the server's, whatever its status.
    ///
    /// # Errors
    ///
    /// A [`Problem`]: not sent by the rules of [`crate::protocol::api`], no token, or no answer.
    pub async fn api(
        &self,
        account: Option<&str>,
        request: &ApiRequest,
    ) -> Result<ApiAnswer, Problem> {
        let (account, app) = self.chosen_account(account).await?;
        let failed = |failure: Failure| self.problem(&failure, Some(&app));
        let endpoints = endpoints_of(&app).map_err(failed)?;
        let call = read(&endpoints, request).map_err(|refusal| api_refused(&refusal))?;
        let needs = Needs { scopes: request.scopes.clone(), ..Needs::default() };
        let handed_out = token::token(&self.context, &app, &account, &needs).await;
        let (first, doubt) = handed_out.map_err(failed)?;
        let warning = doubt.map(failed).or_else(|| Self::overtaken(&account, &app, &first.serial));
        let answer = self.sent(&app, &call, &first.access_token).await?;
        self.count_hand_out(&account, None);
        let stands = |answer, unauthorized, warning| {
            Ok(ApiAnswer { answer, unauthorized, warning, about: About::app(&app) })
        };
        if answer.status != 401 {
            return stands(answer, None, warning);
        }
        if names_another_reason(&answer) {
            return stands(answer, Some(Unauthorized::OtherReason), warning);
        }
        match self.after_401(&account, &app, &first).await {
            After::Stands(unauthorized) => stands(answer, Some(unauthorized), warning),
            After::Again(grant) => {
                self.touch();
                let answer = self.sent(&app, &call, &grant.access_token).await?;
                let refused = answer.status == 401;
                if refused {
                    refresh::note_refused(&self.context.folders.data, &account.id, &grant.serial);
                }
                stands(answer, refused.then_some(Unauthorized::NewTokenRefused), None)
            }
        }
    }

    /// Sends the request once.
    async fn sent(&self, app: &App, call: &Call, token: &Secret) -> Result<Streamed, Problem> {
        let answer = self.context.effects.http.call(call.clone(), token.clone()).await;
        answer.map_err(|error| {
            let may_have_arrived = !error.was_not_sent();
            let mut problem = self.problem(&error.into(), Some(app));
            if may_have_arrived && !matches!(call.method.as_str(), "GET" | "HEAD") {
                // What is not only read may be done twice when it is sent twice.
                problem.hint = words!("api_call_unanswered.hint");
            }
            problem
        })
    }

    /// Each refresh is a rotation that can go wrong, so one is made only where it may help.
    async fn after_401(&self, account: &Account, app: &App, sent: &FreshToken) -> After {
        let now_ms = self.now_unix_ms();
        let data = &self.context.folders.data;
        if refresh::was_refused(data, &account.id, &sent.serial) {
            return After::Stands(Unauthorized::NewTokenRefused);
        }
        if (0..NOT_AGAIN_WITHIN_MS).contains(&now_ms.saturating_sub(sent.obtained_at_ms)) {
            return After::Stands(Unauthorized::TokenIsNew);
        }
        match refresh::unless_newer(&self.context, app, &account.id, &sent.serial).await {
            Ok(grant) => After::Again(Box::new(grant)),
            Err(failure) => {
                let problem = self.problem(&failure, Some(app));
                After::Stands(Unauthorized::NoNewToken(Box::new(problem)))
            }
        }
    }
}

/// Whether `WWW-Authenticate` names an error other than that of the token (RFC 6750 §3.1
/// <https://www.rfc-editor.org/rfc/rfc6750#section-3.1>).
fn names_another_reason(answer: &Streamed) -> bool {
    let challenges = answer.headers.iter().filter(|(name, _)| name == "www-authenticate");
    let errors = challenges.filter_map(|(_, value)| {
        let (_, rest) = value.split_once("error=")?;
        Some(rest.trim_start_matches('"').split(['"', ',', ' ']).next().unwrap_or_default())
    });
    let mut errors = errors.peekable();
    errors.peek().is_some() && errors.all(|error| error != "invalid_token")
}

fn read(endpoints: &Endpoints, request: &ApiRequest) -> Result<Call, ApiRefusal> {
    let origin = endpoints.profile.as_ref().map(Endpoint::origin).ok_or(ApiRefusal::NoApi)?;
    let own = [Some(&endpoints.token), endpoints.revoke.as_ref()];
    let own: Vec<_> = own.into_iter().flatten().map(Endpoint::url).collect();
    let url = target(&origin, &own, &request.target, &request.query)?;
    let given = if request.method.is_empty() { "GET" } else { &request.method };
    let headers: Result<_, _> = request.headers.iter().map(|line| header(line)).collect();
    Ok(Call { method: method(given)?, url, headers: headers?, body: request.body.clone() })
}
