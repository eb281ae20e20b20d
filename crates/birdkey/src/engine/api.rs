//! Requests of users to the API, with the token of an account that never shows.

use birdkey_messages::words;

use super::Engine;
use crate::effects::http::{HttpError, Streamed};
use crate::failure::Failure;
use crate::hand_out::{self, Needs};
use crate::problem::{Problem, api_refused};
use crate::protocol::api::{ApiRefusal, Call, header, method, target};
use crate::refresh;
use crate::world::endpoints_of;

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

impl Engine {
    /// Sends a request with the token of an account; after a 401 once more with a new token. The
    /// answer is the server's, whatever its status.
    ///
    /// # Errors
    ///
    /// A [`Problem`]: not sent by the rules of [`crate::protocol::api`], no token, or no answer.
    pub async fn api(
        &self,
        account: Option<&str>,
        request: &ApiRequest,
    ) -> Result<Streamed, Problem> {
        let (account, app) = self.choose_account(account)?;
        let failed = |failure: Failure| self.problem(&failure, Some(&app));
        let endpoints = endpoints_of(&app).map_err(failed)?;
        let origin = endpoints.profile.map(|profile| profile.origin());
        let call = read(origin.as_deref(), request).map_err(|refusal| api_refused(&refusal))?;
        let needs = Needs { scopes: request.scopes.clone(), ..Needs::default() };
        let handed_out = hand_out::token(&self.world, &app, &account, &needs).await;
        let first = handed_out.map_err(failed)?;
        let reads = matches!(call.method.as_str(), "GET" | "HEAD");
        let unanswered = |error: HttpError| {
            let may_have_arrived = !error.was_not_sent();
            let mut problem = failed(error.into());
            if may_have_arrived && !reads {
                // What is not only read may be done twice when it is sent twice.
                problem.fix = words!("api_call_unanswered.fix");
            }
            problem
        };
        let http = &self.world.effects.http;
        let answer = http.call(call.clone(), first.access_token).await;
        let answer = answer.map_err(unanswered)?;
        self.count_hand_out(&account, None);
        if answer.status != 401 {
            return Ok(answer);
        }
        // The server's word on the token: a newer one may do, and if there is none, this stands.
        match refresh::unless_done(&self.world, &app, &account.id, &first.serial).await {
            Ok(grant) => {
                self.touch();
                let answer = http.call(call, grant.access_token).await;
                answer.map_err(unanswered)
            }
            Err(failure) => {
                tracing::info!(%failure, "no other token could be had after a 401");
                Ok(answer)
            }
        }
    }
}

fn read(origin: Option<&str>, request: &ApiRequest) -> Result<Call, ApiRefusal> {
    let mut url = target(origin.ok_or(ApiRefusal::NoApi)?, &request.target)?;
    if !request.query.is_empty() {
        url.query_pairs_mut().extend_pairs(&request.query);
    }
    let given = if request.method.is_empty() { "GET" } else { &request.method };
    let headers: Result<_, _> = request.headers.iter().map(|line| header(line)).collect();
    Ok(Call { method: method(given)?, url, headers: headers?, body: request.body.clone() })
}
