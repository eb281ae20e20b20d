//! A login as the window shows it: what the observer is told becomes part of the View.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::watch;

use super::Engine;
use super::hand_over_files::Told;
use crate::effects::browser::BrowserError;
use crate::failure::{Failure, LoginFailure};
use crate::model::app::App;
use crate::problem::Problem;
use crate::problem::browser as browser_problem;
use crate::protocol::secret::Secret;
use crate::use_cases::login::{LoginObserver, LoginRequest, Progress, Waiting};
use crate::view::{LoginStage, LoginView};

/// One login at a time, shown in the View, with what the buttons of the waiting screen need.
#[derive(Debug, Clone)]
pub struct LiveLogin {
    cancel: watch::Sender<bool>,
    address: Arc<Mutex<Option<Secret>>>,
    /// Kept here too: the View may be dismissed as soon as the login ended.
    told: Arc<Mutex<Told>>,
}

impl Default for LiveLogin {
    fn default() -> Self {
        Self { cancel: watch::Sender::new(false), address: Arc::default(), told: Arc::default() }
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

    /// What it has to say beside its account.
    pub fn told(&self) -> Told {
        self.told.lock().unwrap_or_else(PoisonError::into_inner).clone()
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
        self.claim_login(request, login)?;
        self.run_claimed(request, login).await
    }

    /// Makes a login the one that the View shows and that can be cancelled, before it runs.
    ///
    /// # Errors
    ///
    /// A [`Problem`] when another is in progress.
    pub fn claim_login(&self, request: &LoginRequest, login: &LiveLogin) -> Result<(), Problem> {
        if self.claim(request, login) {
            return Ok(());
        }
        Err(self.problem(&Failure::Login(LoginFailure::Running), Some(&request.app)))
    }

    /// The login that the buttons of the waiting screen are about: the one claimed last.
    pub fn current_login(&self) -> LiveLogin {
        self.with_live(|live| live.login_handle.clone()).unwrap_or_default()
    }

    /// Runs a login that was claimed; returns the id of the account.
    ///
    /// # Errors
    ///
    /// A [`Problem`]; the View shows the same one until the login is dismissed.
    pub async fn run_claimed(
        &self,
        request: &LoginRequest,
        login: &LiveLogin,
    ) -> Result<String, Problem> {
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
        self.opened(self.context.effects.browser.open(address.expose()).await)
    }

    /// Opens the consent page in the browser with this id.
    ///
    /// # Errors
    ///
    /// A [`Problem`] when it is gone or does not start.
    pub async fn open_in(&self, login: &LiveLogin, browser: &str) -> Result<(), Problem> {
        let Some(address) = login.address() else { return Ok(()) };
        let opened = self.context.effects.browser.open_in(browser, address.expose()).await;
        self.opened(opened)
    }

    /// Once the page has opened, the View no longer says that it did not.
    fn opened(&self, opened: Result<(), BrowserError>) -> Result<(), Problem> {
        opened.map_err(|error| browser_problem(&error))?;
        self.change_live(|live| {
            if let Some(view) = &mut live.login {
                view.browser_problem = None;
            }
        });
        Ok(())
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
    fn claim(&self, request: &LoginRequest, login: &LiveLogin) -> bool {
        let claimed = self.with_live(|live| {
            let busy = live.login.as_ref().is_some_and(in_progress);
            if !busy {
                live.login =
                    Some(beginning(&request.app, request.target.account().map(str::to_owned)));
                live.login_handle = Some(login.clone());
            }
            !busy
        });
        self.touch();
        claimed
    }
}

pub(super) fn in_progress(login: &LoginView) -> bool {
    match login.stage {
        LoginStage::Waiting | LoginStage::Exchanging => true,
        LoginStage::Done | LoginStage::Failed => false,
    }
}

/// What is shown before the listener is open.
pub(super) fn beginning(app: &App, account: Option<String>) -> LoginView {
    LoginView {
        app_id: app.id.clone(),
        app_name: app.name.clone(),
        stage: LoginStage::Waiting,
        redirect_uri: app.redirect_uris.first().cloned().unwrap_or_default(),
        client_id: app.client_id.clone(),
        deadline_ms: 0,
        nothing_came_back: false,
        browser_problem: None,
        problem: None,
        account_id: None,
        wanted_account_id: account,
        not_renewed: None,
        remarks: Vec::new(),
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

    fn told(&self, tell: impl FnOnce(&mut Told)) {
        tell(&mut self.login.told.lock().unwrap_or_else(PoisonError::into_inner));
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
            Progress::BrowserFailed { error, .. } => self.browser_failed(error),
            Progress::NothingCameBack => self.change(|view| view.nothing_came_back = true),
            Progress::Exchanging => self.change(|view| view.stage = LoginStage::Exchanging),
            Progress::Remark(problem) => {
                self.told(|told| told.remarks.push(problem.clone()));
                self.change(|view| view.remarks.push(problem));
            }
            Progress::NotRenewed(problem) => {
                self.told(|told| told.not_renewed = Some(problem.clone()));
                self.change(|view| view.not_renewed = Some(problem));
            }
            // Under which account it ends is known only when the names are.
            Progress::Stored(_) => {}
        }
    }
}
