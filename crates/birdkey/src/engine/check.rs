//! Whether an app's registration works, found out without a login and without side effects.

use super::Engine;
use crate::app::App;
use crate::failure::Failure;
use crate::problem::Problem;
use crate::protocol::failure::TokenFailure;
use crate::protocol::token::{probe_request, read_token_answer};
use crate::world::endpoints_of;

/// What is known of an app that passed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// The redirect URI where a login would listen now, the first whose port is free; `None` for an
    /// app that takes links.
    pub listens_at: Option<String>,
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

    async fn check(&self, app: &App) -> Result<Checked, Failure> {
        let endpoints = endpoints_of(app)?;
        let authentication = self.world.authentication(app, &endpoints).await?;
        let probe = probe_request(&endpoints.token, &authentication, &app.client_id);
        let answer = self.world.effects.http.send(probe).await?;
        if let Err(failure) = read_token_answer(&answer)
            && !is_about_the_junk(&failure)
        {
            return Err(failure.into());
        }
        if app.takes_links() {
            return Ok(Checked { listens_at: None });
        }
        let listener = self.world.effects.redirects.listen(&app.redirect_uris).await?;
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
        | TokenFailure::TokenType { .. }
        | TokenFailure::Redirected { .. } => false,
    }
}
