//! The engine: what window, tray and command call. It keeps no secret between calls.

mod activity;
mod api;
mod apps;
mod browsers;
mod change_app;
mod check;
mod chosen;
mod deep_link;
mod doctor;
mod hand_over;
mod hand_over_files;
mod import;
mod keep_fresh;
mod live;
mod live_login;
mod login_request;
mod logout;
mod notices;
mod record;
mod sandbox;
mod settings;
mod this_machine;
mod tokens;
mod try_request;
mod vault;

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::watch;

use crate::effects::folders::Folders;
use crate::failure::{Failure, RefreshError};
use crate::model::app::App;
use crate::problem::{About, Problem};
use crate::store::accounts::{self, Account, AccountList};
use crate::store::config::{self, Config};
use crate::use_cases::context::{Context, Effects};
use crate::use_cases::grants;
use crate::use_cases::login::{self, LoginObserver, LoginRequest};
use crate::use_cases::refresh;
use crate::use_cases::unfinished;
use crate::view::View;
use crate::view::present::{GrantNote, Sources};
use live::Live;

pub use api::{ApiAnswer, ApiRequest};
pub use apps::{NewApp, NewProvider, RemovedApp};
pub use change_app::AppChange;
pub use check::Checked;
pub use doctor::Servers;
pub use hand_over::{HandedOver, TakenOver};
pub use hand_over_files::Told;
pub use import::Imported;
pub use live_login::LiveLogin;
pub use try_request::Tried;
pub use vault::{MovedVault, VaultKey};

/// One engine for one user's folders.
///
/// Its methods take `&self` and may run at the same time: what must not is kept apart by the file
/// locks, which also hold against other processes, so there is no actor in between.
pub struct Engine {
    context: Context,
    live: Mutex<Live>,
    revision: watch::Sender<u64>,
}

impl Engine {
    /// Puts an engine together; touches neither files nor vault.
    pub fn new(effects: Effects, folders: Folders) -> Self {
        Self {
            context: Context::new(effects, folders),
            live: Mutex::default(),
            revision: watch::Sender::new(1),
        }
    }

    /// The folders it works in.
    pub fn folders(&self) -> &Folders {
        &self.context.folders
    }

    /// Everything that is shown, from the files and what is going on; does not ask the vault.
    pub fn view(&self) -> View {
        let revision = *self.revision.borrow();
        let (config, list, problem) = self.stored();
        let live = self.with_live(|live| live.clone());
        Sources {
            revision,
            now_ms: self.context.effects.clock.now_unix_ms(),
            vault: self.context.effects.vault.description(),
            apps: &config.apps,
            default_account: config.account_meant(None, &list.accounts),
            accounts: &list.accounts,
            waiting_logouts: self.waiting_logouts(),
            notices: self.notices(),
            keeps_fresh: config.keep_fresh,
            notifies: config.notify,
            theme: config.theme,
            clipboard_seconds: config.clipboard_time.as_secs(),
            offline: !self.context.effects.http.has_network(),
            last_used: &|account| refresh::last_used(&self.context.folders.data, account),
            doubt: &|account| self.doubt(account, &config.apps),
            problem,
            login: live.login,
            sandbox: live.sandbox,
            xurl: live.xurl,
            desktop: live.desktop,
            vault_notes: live.vault_notes,
        }
        .view()
    }

    /// Changes whenever the View may have changed.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.revision.subscribe()
    }

    /// Says that the View may have changed: a file was written, or time passed.
    pub fn touch(&self) {
        self.revision.send_modify(|revision| *revision += 1);
    }

    /// Asks the vault about every account, and repairs the index by what it says.
    pub async fn look_again(&self) {
        let xurl = self.xurl();
        self.with_live(|live| live.xurl = xurl);
        self.finish_logins().await;
        self.look_elsewhere().await;
        let Ok(config) = config::read(&self.context.folders.config) else { return self.touch() };
        let Ok(list) = accounts::read(&self.context.folders.data) else { return self.touch() };
        let mut notes = std::collections::HashMap::new();
        for account in &list.accounts {
            let Some(app) = config.apps.iter().find(|app| app.id == account.app_id) else {
                continue;
            };
            if let Err(failure) = self.look_at(app, account).await {
                let problem = Problem::new(&failure, &About::app(app));
                notes.insert(account.id.clone(), GrantNote::new(&failure, problem));
            }
        }
        self.change_live(|live| live.vault_notes = notes);
    }

    async fn look_at(&self, app: &App, account: &Account) -> Result<(), Failure> {
        let grant = grants::read_grant(&self.context, app, &account.id).await?;
        accounts::change(&self.context.folders.data, |all| {
            if let Some(account) = all.iter_mut().find(|one| one.id == account.id) {
                account.sync_from(&grant);
            }
        })?;
        Ok(())
    }

    /// Runs one login; `cancelled` ends it while it waits. Returns the id of the account.
    ///
    /// # Errors
    ///
    /// A [`Problem`] for every way a login can fail; nothing that was stored is lost.
    pub async fn login(
        &self,
        request: &LoginRequest,
        observer: &dyn LoginObserver,
        cancelled: watch::Receiver<bool>,
    ) -> Result<String, Problem> {
        if let Some(failure) = self.held_up_by_elsewhere(&request.app).await {
            let problem = self.problem(&failure, Some(&request.app));
            self.note_login(&Err(problem.clone()));
            return Err(problem);
        }
        let done = self.run(request, observer, cancelled).await;
        if done.is_ok() {
            self.sandbox_answered(&request.app);
        }
        self.forget_notes();
        self.touch();
        let done = done.map_err(|failure| self.problem(&failure, Some(&request.app)));
        self.note_login(&done);
        done
    }

    async fn run(
        &self,
        request: &LoginRequest,
        observer: &dyn LoginObserver,
        cancelled: watch::Receiver<bool>,
    ) -> Result<String, Failure> {
        let ready = login::get_ready(&self.context, &request.app).await?;
        // What an earlier one left open is settled before this one changes what there is.
        Box::pin(unfinished::finish(&self.context)).await;
        login::login(&self.context, request, ready, observer, cancelled).await
    }

    /// Asks the user to unlock the keychain, then looks again.
    ///
    /// # Errors
    ///
    /// A [`Problem`] of the vault.
    pub async fn unlock_vault(&self) -> Result<(), Problem> {
        let unlocked = self.context.effects.vault.unlock().await;
        self.look_again().await;
        unlocked.map_err(|error| self.problem(&error.into(), None))
    }

    /// Ends when the keychain asks the user for its password, with how long the answer is waited for: for a
    /// surface that says so. Never where no keychain asks.
    pub async fn asked_to_unlock(&self) -> Duration {
        self.context.effects.vault.asked().await
    }

    fn config(&self) -> Result<Config, Problem> {
        let read = config::read(&self.context.folders.config);
        read.map_err(|error| self.problem(&error.into(), None))
    }

    fn accounts(&self) -> Result<AccountList, Problem> {
        let read = accounts::read(&self.context.folders.data);
        read.map_err(|error| self.problem(&error.into(), None))
    }

    /// What the files say; with a problem in place of what can't be read.
    fn stored(&self) -> (Config, AccountList, Option<Problem>) {
        let (config, config_problem) = match self.config() {
            Ok(config) => (config, None),
            Err(problem) => (Config::default(), Some(problem)),
        };
        let (list, list_problem) = match self.accounts() {
            Ok(list) => (list, None),
            Err(problem) => (AccountList::default(), Some(problem)),
        };
        (config, list, config_problem.or(list_problem))
    }

    fn problem(&self, failure: &Failure, app: Option<&App>) -> Problem {
        let mut about = app.map(About::app).unwrap_or_default();
        if matches!(failure, Failure::Refresh(RefreshError::Dead(_))) {
            about.elsewhere = app.and_then(|app| self.elsewhere(app));
        }
        about.vault = self.context.effects.vault.description();
        Problem::new(failure, &about)
    }

    /// What was wrong with a grant says nothing about a new one.
    fn forget_notes(&self) {
        self.with_live(|live| live.vault_notes.clear());
    }

    fn with_live<T>(&self, use_it: impl FnOnce(&mut Live) -> T) -> T {
        // Live holds plain values that are whole at any time, so a panicked holder harms nothing.
        use_it(&mut self.live.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn change_live(&self, change: impl FnOnce(&mut Live)) {
        self.with_live(change);
        self.touch();
    }
}
