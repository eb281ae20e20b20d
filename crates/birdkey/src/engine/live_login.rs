//! A login as the window shows it: what the observer is told becomes part of the View.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::watch;

use super::Engine;
use crate::effects::browser::BrowserError;
use crate::failure::{Failure, LoginFailure};
use crate::login::{LoginObserver, LoginRequest, Progress, Waiting};
use crate::problem::Problem;
use crate::problem::browser as browser_problem;
use crate::protocol::secret::Secret;
use crate::view::{LoginStage, LoginView};

/// One login at a time, shown in the View, with what the buttons of the waiting screen need.
#[derive(Debug, Clone)]
pub struct LiveLogin {
    cancel: watch::Sender<bool>,
    address: Arc<Mutex<Option<Secret>>>,
}

impl Default for LiveLogin {
    fn default() -> Self {
        Self { cancel: watch::Sender::new(false), address: Arc::default() }
    }
}

impl LiveLogin {
    /// Ends the login while it waits; one that is exchanging goes on.
    pub fn cancel(&self) {
        self.cancel.send_replace(true);
    }

    /// The address of the consent page, once it waits.
    pub fn address(&self) -> Option<Secret> {
        self.address.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Engine {
    /// Runs a login that the View shows; returns the id of the account.
    ///
    /// # Errors
    ///
    /// A [`Problem`]; the View shows the same one until the login is dismissed.
    pub async fn login_in_view(
        &self,
        request: &LoginRequest,
        login: &LiveLogin,
    ) -> Result<String, Problem> {
        if !self.claim(request) {
            return Err(self.problem(&Failure::Login(LoginFailure::Running), Some(&request.app)));
        }
        let observer = Shown { engine: self, login };
        let done = self.login(request, &observer, login.cancel.subscribe()).await;
        login.address.lock().unwrap_or_else(PoisonError::into_inner).take();
        self.change_live(|live| match &done {
            Ok(account_id) => {
                if let Some(view) = &mut live.login {
                    view.stage = LoginStage::Done;
                    view.account_id = Some(account_id.clone());
                }
            }
            Err(problem) if problem.code == crate::problem::Code::LoginCancelled => {
                live.login = None;
            }
            Err(problem) => {
                if let Some(view) = &mut live.login {
                    view.stage = LoginStage::Failed;
                    view.problem = Some(problem.clone());
                }
            }
        });
        done
    }

    /// Whether a login waits or exchanges now.
    pub fn login_in_progress(&self) -> bool {
        self.with_live(|live| live.login.as_ref().is_some_and(in_progress))
    }

    /// Opens the consent page once more.
    ///
    /// # Errors
    ///
    /// A [`Problem`] when no browser opens.
    pub async fn open_again(&self, login: &LiveLogin) -> Result<(), Problem> {
        let Some(address) = login.address() else { return Ok(()) };
        match self.world.effects.browser.open(address.expose()).await {
            Ok(()) => Ok(()),
            Err(error) => Err(browser_problem(&error)),
        }
    }

    /// Takes an ended login out of the View; one in progress stays.
    pub fn dismiss_login(&self) {
        self.change_live(|live| {
            if !live.login.as_ref().is_some_and(in_progress) {
                live.login = None;
            }
        });
    }

    /// Puts the login into the View unless another is in progress.
    pub(super) fn claim(&self, request: &LoginRequest) -> bool {
        let claimed = self.with_live(|live| {
            let busy = live.login.as_ref().is_some_and(in_progress);
            if !busy {
                live.login = Some(beginning(request));
            }
            !busy
        });
        self.touch();
        claimed
    }
}

fn in_progress(login: &LoginView) -> bool {
    match login.stage {
        LoginStage::Waiting | LoginStage::Exchanging => true,
        LoginStage::Done | LoginStage::Failed => false,
    }
}

/// What is shown before the listener is open.
fn beginning(request: &LoginRequest) -> LoginView {
    LoginView {
        app_id: request.app.id.clone(),
        app_name: request.app.name.clone(),
        stage: LoginStage::Waiting,
        redirect_uri: request.app.redirect_uris.first().cloned().unwrap_or_default(),
        client_id: request.app.client_id.clone(),
        deadline_ms: 0,
        nothing_came_back: false,
        browser_problem: None,
        problem: None,
        account_id: None,
        wanted_account_id: request.account.clone(),
        other_user: None,
    }
}

/// Shows each step in the View.
struct Shown<'a> {
    engine: &'a Engine,
    login: &'a LiveLogin,
}

impl Shown<'_> {
    fn waiting(&self, waiting: &Waiting) {
        let mut address = self.login.address.lock().unwrap_or_else(PoisonError::into_inner);
        *address = Some(waiting.address.clone());
        drop(address);
        self.change(|view| {
            view.redirect_uri.clone_from(&waiting.redirect_uri);
            view.deadline_ms = waiting.deadline_ms;
        });
    }

    fn browser_failed(&self, error: &BrowserError) {
        self.change(|view| view.browser_problem = Some(browser_problem(error)));
    }

    fn change(&self, change: impl FnOnce(&mut LoginView)) {
        self.engine.change_live(|live| {
            if let Some(view) = &mut live.login {
                change(view);
            }
        });
    }
}

impl LoginObserver for Shown<'_> {
    fn progress(&self, progress: Progress<'_>) {
        match progress {
            Progress::Waiting(waiting) => self.waiting(waiting),
            Progress::BrowserFailed(error) => self.browser_failed(error),
            Progress::NothingCameBack => self.change(|view| view.nothing_came_back = true),
            Progress::Exchanging => self.change(|view| view.stage = LoginStage::Exchanging),
            Progress::OtherUser(problem) => self.change(|view| view.other_user = Some(problem)),
            Progress::Stored(account_id) => self.change(|view| {
                view.stage = LoginStage::Done;
                view.account_id = Some(account_id.to_owned());
            }),
        }
    }
}
