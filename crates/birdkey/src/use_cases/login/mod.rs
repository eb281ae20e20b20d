//! The login: listen, open the browser, wait, exchange, store.

mod exchange;

pub use crate::store::login_notes::Target;

use birdkey_foreign::Foreign;

use std::time::Duration;

use tokio::sync::watch;

use crate::effects::browser::BrowserError;
use crate::effects::files;
use crate::effects::loopback::{Outcome, Redirects, Verdict};
use crate::effects::vault::VaultError;
use crate::failure::{Failure, LoginFailure};
use crate::model::app::App;
use crate::problem::{About, Problem};
use crate::protocol::authorize::{AuthorizationRequest, LoginRandom, PendingLogin, begin};
use crate::protocol::callback::{AuthorizationCode, Reading};
use crate::protocol::client::ClientAuthentication;
use crate::protocol::failure::TokenFailure;
use crate::protocol::pkce::RANDOM_BYTES;
use crate::protocol::provider::Endpoints;
use crate::protocol::scope::Scopes;
use crate::protocol::secret::Secret;
use crate::protocol::token::{probe_request, read_token_answer};
use crate::store::accounts;
use crate::use_cases::context::{Context, cancelled as cancelled_by, endpoints_of};
use crate::use_cases::{locks, revocation};

/// After this long without a redirect the likely causes are shown.
pub const NOTHING_CAME_BACK_AFTER: Duration = Duration::from_secs(20);

/// What is asked for.
#[derive(Debug, Clone)]
pub struct LoginRequest {
    /// The app to log in through.
    pub app: App,
    /// The scopes to ask for.
    pub scopes: Scopes,
    /// Which account it is for.
    pub target: Target,
    /// How long to wait for the user.
    pub timeout: Duration,
    /// Who opens the page.
    pub page: Page,
}

/// Who opens the consent page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Page {
    /// Birdkey, in the system browser.
    Open,
    /// The user, with the address handed to the observer.
    HandOver,
}

/// What a login waits for, for whoever shows it.
#[derive(Debug, Clone)]
pub struct Waiting {
    /// The address of the consent page.
    pub address: Secret,
    /// The redirect URI sent.
    pub redirect_uri: String,
    /// The client id sent.
    pub client_id: String,
    /// When the login is given up, Unix milliseconds.
    pub deadline_ms: i64,
}

/// How a login goes on.
#[derive(Debug)]
pub enum Progress<'a> {
    /// The listener is open and the page about to be.
    Waiting(&'a Waiting),
    /// No browser was opened; the login goes on waiting.
    BrowserFailed {
        /// Why.
        error: &'a BrowserError,
        /// The address of the consent page, for the user to open.
        address: &'a Secret,
    },
    /// 20 s passed and nothing came back.
    NothingCameBack,
    /// The redirect came.
    Exchanging,
    /// The grant is in the vault, under this account.
    Stored(&'a str),
    /// Something else that the user should know about the login, which is done.
    Remark(Problem),
    /// The account that was asked for is still without a login: somebody else came back, or it could not
    /// be confirmed who did. Nothing was overwritten.
    NotRenewed(Problem),
}

/// Whoever shows a login.
pub trait LoginObserver: Send + Sync {
    /// Called at each step, in order.
    fn progress(&self, progress: Progress<'_>);
}

/// What a login through an app needs, once vault and files can take its grant.
pub(crate) struct Ready {
    endpoints: Endpoints,
    authentication: ClientAuthentication,
}

/// Makes sure that the grant to come can be kept.
pub(crate) async fn get_ready(context: &Context, app: &App) -> Result<Ready, Failure> {
    let endpoints = endpoints_of(app)?;
    ready_vault(context).await?;
    ready_files(context).await?;
    let authentication = context.authentication(app, &endpoints).await?;
    Ok(Ready { endpoints, authentication })
}

/// Runs one login to its end; returns the id of the account.
pub(crate) async fn login(
    context: &Context,
    request: &LoginRequest,
    ready: Ready,
    observer: &dyn LoginObserver,
    cancelled: watch::Receiver<bool>,
) -> Result<String, Failure> {
    let Ready { endpoints, authentication } = ready;
    revocation::before_login(context, &request.app).await;
    let mut redirects = context.effects.redirects.listen(&request.app.redirect_uris).await?;
    let (address, pending) = begin_with(context, request, &endpoints, redirects.redirect_uri())?;
    let attempt = Attempt { context, request, observer, endpoints, authentication };
    attempt.show(&address, redirects.redirect_uri());
    match attempt.wait(&pending, &address, redirects.as_mut(), cancelled).await {
        Ok((code, issuer)) => attempt.complete(pending, code, issuer, redirects).await,
        Err(failure) => Err(attempt.give_up(failure, redirects).await),
    }
}

/// Makes sure before the browser opens that a grant can be stored; this is an act of the user, so
/// a locked keychain may ask for its password here.
async fn ready_vault(context: &Context) -> Result<(), VaultError> {
    match context.effects.vault.ready().await {
        Err(VaultError::Locked) => context.effects.vault.unlock().await,
        ready => ready,
    }
}

/// Makes sure before the browser opens that the account can be listed: a login ends the grant that
/// the same user had before, and must not fail after that.
async fn ready_files(context: &Context) -> Result<(), Failure> {
    let data = &context.folders.data;
    accounts::read(data)?;
    files::try_writing(data)?;
    drop(locks::hold(context, locks::VAULT).await?);
    Ok(())
}

fn begin_with(
    context: &Context,
    request: &LoginRequest,
    endpoints: &Endpoints,
    redirect_uri: &str,
) -> Result<(Secret, PendingLogin), Failure> {
    let mut random = LoginRandom { verifier: [0; RANDOM_BYTES], state: [0; RANDOM_BYTES] };
    context.effects.random.fill(&mut random.verifier)?;
    context.effects.random.fill(&mut random.state)?;
    let authorization = AuthorizationRequest {
        authorize: &endpoints.authorize,
        issuer: endpoints.issuer.as_deref(),
        client_id: &request.app.client_id,
        redirect_uri,
        scopes: &request.scopes,
    };
    Ok(begin(&authorization, random))
}

/// One login on its way.
struct Attempt<'a> {
    context: &'a Context,
    request: &'a LoginRequest,
    observer: &'a dyn LoginObserver,
    endpoints: Endpoints,
    authentication: ClientAuthentication,
}

impl Attempt<'_> {
    fn show(&self, address: &Secret, redirect_uri: &str) {
        let timeout_ms = i64::try_from(self.request.timeout.as_millis()).unwrap_or(i64::MAX);
        let waiting = Waiting {
            address: address.clone(),
            redirect_uri: redirect_uri.to_owned(),
            client_id: self.request.app.client_id.clone(),
            deadline_ms: self.context.effects.clock.now_unix_ms().saturating_add(timeout_ms),
        };
        self.observer.progress(Progress::Waiting(&waiting));
    }

    /// Opens the page, and says why it did not open; a browser command is watched for a while, so this
    /// runs beside the waiting.
    async fn open(&self, address: &Secret) -> Option<BrowserError> {
        if self.request.page == Page::HandOver {
            return None;
        }
        let error = self.context.effects.browser.open(address.expose()).await.err()?;
        self.observer.progress(Progress::BrowserFailed { error: &error, address });
        Some(error)
    }

    /// Waits for the redirect; strays are turned away and change nothing.
    async fn wait(
        &self,
        pending: &PendingLogin,
        address: &Secret,
        redirects: &mut dyn Redirects,
        mut cancelled: watch::Receiver<bool>,
    ) -> Result<(AuthorizationCode, Option<Foreign>), Failure> {
        let clock = &self.context.effects.clock;
        let mut hint = clock.sleep(NOTHING_CAME_BACK_AFTER);
        let mut hinted = false;
        let mut opening = std::pin::pin!(self.open(address));
        let (mut opened, mut unopened) = (false, None);
        let mut deadline = clock.sleep(self.request.timeout);
        loop {
            tokio::select! {
                arrival = redirects.next() => {
                    let reading = pending.read(arrival.query.expose());
                    let verdict = if matches!(reading, Reading::Stray) { Verdict::Stray } else { Verdict::Accepted };
                    // The browser may be gone already; the reading counts all the same.
                    arrival.verdict.send(verdict).ok();
                    if verdict == Verdict::Accepted {
                        return Ok(code_of(reading)?);
                    }
                }
                failed = &mut opening, if !opened => (opened, unopened) = (true, failed),
                () = &mut hint, if !hinted => {
                    hinted = true;
                    self.observer.progress(Progress::NothingCameBack);
                }
                () = &mut deadline => return Err(self.timed_out(unopened).await),
                () = cancelled_by(&mut cancelled) => return Err(LoginFailure::Cancelled.into()),
            }
        }
    }

    /// Nothing came back: a junk refresh tells whether id or secret are to blame.
    async fn timed_out(&self, unopened: Option<BrowserError>) -> Failure {
        let waited_seconds = self.request.timeout.as_secs();
        let timed_out = LoginFailure::TimedOut { waited_seconds, unopened };
        let client_id = &self.request.app.client_id;
        let probe = probe_request(&self.endpoints.token, &self.authentication, client_id);
        let answer = match self.context.effects.http.send(probe).await {
            Ok(answer) => answer,
            Err(error) => {
                tracing::debug!(%error, "the credential probe was not answered");
                return timed_out.into();
            }
        };
        match read_token_answer(&answer) {
            Err(
                refused @ (TokenFailure::ClientIdInvalid
                | TokenFailure::ClientIdMissing
                | TokenFailure::ClientAuthentication),
            ) => refused.into(),
            Ok(_) | Err(_) => timed_out.into(),
        }
    }

    /// Tells the browser, if it is there, and closes the port.
    async fn give_up(&self, failure: Failure, redirects: Box<dyn Redirects>) -> Failure {
        let problem = self.problem(&failure, redirects.redirect_uri());
        let outcome = if matches!(failure, Failure::Login(LoginFailure::Denied)) {
            Outcome::Denied(problem.explanation())
        } else {
            Outcome::Failed(problem.explanation())
        };
        redirects.finish(outcome).await;
        failure
    }

    fn problem(&self, failure: &Failure, redirect_uri: &str) -> Problem {
        let mut about = About::app(&self.request.app);
        redirect_uri.clone_into(&mut about.redirect_uri);
        Problem::new(failure, &about)
    }
}

/// The code, or why there is none.
fn code_of(reading: Reading) -> Result<(AuthorizationCode, Option<Foreign>), LoginFailure> {
    match reading {
        Reading::Code { code, issuer } => Ok((code, issuer)),
        Reading::Denied => Err(LoginFailure::Denied),
        Reading::Refused { error, description } => {
            Err(LoginFailure::Refused { error, description })
        }
        Reading::Malformed(malformed) => Err(LoginFailure::Malformed(malformed)),
        Reading::IssuerMismatch { issuer } => Err(LoginFailure::IssuerMismatch { issuer }),
        Reading::Stray => {
            Err(LoginFailure::Malformed(crate::protocol::callback::Malformed::NoCode))
        }
    }
}
