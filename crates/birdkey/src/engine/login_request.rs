//! What a login asks for, by the configuration.

use super::Engine;
use crate::model::app::App;
use crate::problem::Problem;
use crate::use_cases::login::{LoginRequest, Page, Target};

impl Engine {
    /// What a login through an app asks for.
    ///
    /// # Errors
    ///
    /// A [`Problem`] when no app or several fit.
    pub fn login_request(&self, app: Option<&str>, page: Page) -> Result<LoginRequest, Problem> {
        let app = self.app(app)?;
        self.request_for(app, Target::Unsaid, page)
    }

    /// What a login asks for that is to renew an account; whoever else comes back is told apart.
    ///
    /// # Errors
    ///
    /// A [`Problem`] when no account or several fit, or its app is gone.
    pub fn login_again_request(&self, account: &str, page: Page) -> Result<LoginRequest, Problem> {
        let (account, app) = self.choose_account(Some(account))?;
        self.request_for(app, Target::Account(account.id), page)
    }

    fn request_for(&self, app: App, target: Target, page: Page) -> Result<LoginRequest, Problem> {
        let timeout = self.config()?.login_timeout;
        Ok(LoginRequest { scopes: app.scopes.clone(), timeout, app, target, page })
    }
}
