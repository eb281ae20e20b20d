//! Recording what an app's server does.

use tokio::sync::watch;

use super::Engine;
use crate::problem::Problem;
use crate::use_cases::record::{Interviewer, record};

impl Engine {
    /// Goes through one login, refresh and logout of the recording's own at an app's server, asking the
    /// interviewer before each step. Stores nothing; its tokens are revoked at the end.
    ///
    /// A provider that keeps one grant for each app and user ends the one stored for that user.
    ///
    /// # Errors
    ///
    /// A [`Problem`] when it can't begin: no such app, no port, no client secret. What goes wrong at the
    /// server is what is recorded.
    pub async fn record(
        &self,
        app: Option<&str>,
        interviewer: &dyn Interviewer,
        stop: watch::Receiver<bool>,
    ) -> Result<(), Problem> {
        let app = self.app(app)?;
        let recorded = record(&self.context, &app, interviewer, stop).await;
        recorded.map_err(|failure| self.problem(&failure, Some(&app)))
    }
}
