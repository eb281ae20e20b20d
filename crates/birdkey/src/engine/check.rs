//! Whether an app's registration works, found out without a login and without side effects.

use super::Engine;
use crate::failure::Failure;
use crate::model::app::App;
use crate::problem::Problem;
use crate::protocol::failure::TokenFailure;
use crate::protocol::token::{probe_request, read_token_answer};
use crate::use_cases::context::endpoints_of;

/// What is known of an app that passed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// The redirect URI where a login would listen now, the first whose port is free; `None` for an
    /// app that takes links.
    pub listens_at: Option<String>,
}

/// What a server says of an app.
pub(super) struct Probed {
    /// Why it refuses the app, when it does.
    pub(super) refusal: Option<TokenFailure>,
    /// Our clock ahead of its.
    pub(super) clock_ahead_seconds: Option<i64>,
}

impl Engine {
    /// Sends a refresh with a junk token, which tells a wrong client id, a wrong or missing secret and
    /// the wrong type apart, then opens and closes the port of a login.
    ///
    /// # Errors
    ///
    /// The [`Problem`] that a login would end with.
    pub async fn check_app(&self, app: &str) -> Result<Checked, Problem> {
        let app = self.app(Some(app))?;
        let checked = self.check(&app).await;
        checked.map_err(|failure| self.problem(&failure, Some(&app)))
    }

    /// Sends the junk refresh.
    pub(super) async fn probe(&self, app: &App) -> Result<Probed, Failure> {
        let endpoints = endpoints_of(app)?;
        let authentication = self.context.authentication(app, &endpoints).await?;
        let probe = probe_request(&endpoints.token, &authentication, &app.client_id);
        let answer = self.context.effects.http.send(probe).await?;
        let refusal = read_token_answer(&answer).err();
        Ok(Probed {
            refusal: refusal.filter(|failure| !is_about_the_junk(failure)),
            clock_ahead_seconds: answer.clock_ahead_seconds,
        })
    }

    async fn check(&self, app: &App) -> Result<Checked, Failure> {
        if let Some(refusal) = self.probe(app).await?.refusal {
            return Err(refusal.into());
        }
        if app.takes_links() {
            return Ok(Checked { listens_at: None });
        }
        let listener = self.context.effects.redirects.listen(&app.redirect_uris).await?;
        Ok(Checked { listens_at: Some(listener.redirect_uri().to_owned()) })
    }
}

/// Whether the server got as far as the token, so that it knows the app.
fn is_about_the_junk(failure: &TokenFailure) -> bool {
    match failure {
        TokenFailure::RefreshTokenInvalid
        | TokenFailure::InvalidGrant
        | TokenFailure::Refused { .. } => true,
        TokenFailure::CodeInvalid
        | TokenFailure::RedirectMismatch
        | TokenFailure::VerifierMismatch
        | TokenFailure::ClientIdInvalid
        | TokenFailure::ClientIdMissing
        | TokenFailure::ClientAuthentication
        | TokenFailure::RateLimited { .. }
        | TokenFailure::Unavailable { .. }
        | TokenFailure::NotJson { .. }
        | TokenFailure::Truncated
        | TokenFailure::NoAccessToken
        | TokenFailure::TokenUnusable
        | TokenFailure::TokenType { .. }
        | TokenFailure::Redirected { .. } => false,
    }
}
