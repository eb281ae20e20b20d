//! The engine: what window, tray and command call. It keeps no secret between calls.

mod activity;
mod api;
mod apps;
mod browsers;
mod change_app;
mod check;
mod deep_link;
mod doctor;
mod hand_over;
mod import;
mod keep_fresh;
mod live_login;
mod login_request;
mod record;
mod sandbox;
mod settings;
mod this_machine;
mod try_request;
mod vault;

use std::sync::{Mutex, PoisonError};

use tokio::sync::watch;

use crate::activity::What;
use crate::app::App;
use crate::choose;
use crate::effects::folders::Folders;
use crate::failure::{ChoiceError, Failure, RefreshError};
use crate::hand_out::{self, HandedOut, Needs};
use crate::login::{self, LoginObserver, LoginRequest};
use crate::logout::{self, Unsent};
use crate::present::{Live, Sources, who};
use crate::problem::{About, Problem};
use crate::refresh;
use crate::store::accounts::{self, Account, AccountList};
use crate::store::config::{self, Config};
use crate::store::settings::{DefaultOf, set_default};
use crate::view::{LogoutView, View};
use crate::world::{Effects, World};

pub use api::ApiRequest;
pub use apps::{NewApp, NewProvider};
pub use change_app::AppChange;
pub use check::Checked;
pub use doctor::Servers;
pub use hand_over::{HandedOver, TakenOver};
pub use import::Imported;
pub use live_login::LiveLogin;
pub use try_request::Tried;
pub use vault::{MovedVault, VaultKey};

/// One engine for one user's folders.
///
/// Its methods take `&self` and may run at the same time: what must not is kept apart by the file
/// locks, which also hold against other processes, so there is no actor in between.
pub struct Engine {
    world: World,
    live: Mutex<Live>,
    revision: watch::Sender<u64>,
}

impl Engine {
    /// Puts an engine together; touches neither files nor vault.
    pub fn new(effects: Effects, folders: Folders) -> Self {
        Self {
            world: World::new(effects, folders),
            live: Mutex::default(),
            revision: watch::Sender::new(1),
        }
    }

    /// The folders it works in.
    pub fn folders(&self) -> &Folders {
        &self.world.folders
    }

    /// Everything that is shown, from the files and what is going on; does not ask the vault.
    pub fn view(&self) -> View {
        let revision = *self.revision.borrow();
        let (config, list, problem) = self.stored();
        Sources {
            revision,
            now_ms: self.world.effects.clock.now_unix_ms(),
            vault: self.world.effects.vault.description(),
            apps: &config.apps,
            default_account: config.account_meant(None, &list.accounts),
            accounts: &list.accounts,
            waiting_logouts: logout::waiting_revocations(&self.world.folders.data)
                .into_iter()
                .map(|waiting| waiting.called)
                .collect(),
            keeps_fresh: config.keep_fresh,
            notifies: config.notify,
            theme: config.theme,
            clipboard_seconds: config.clipboard_time.as_secs(),
            offline: !self.world.effects.http.has_network(),
            last_used: &|account| refresh::last_used(&self.world.folders.data, account),
            problem,
            live: self.with_live(|live| live.clone()),
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
        let Ok(config) = config::read(&self.world.folders.config) else { return self.touch() };
        let Ok(list) = accounts::read(&self.world.folders.data) else { return self.touch() };
        let mut notes = std::collections::HashMap::new();
        for account in &list.accounts {
            let Some(app) = config.apps.iter().find(|app| app.id == account.app_id) else {
                continue;
            };
            if let Err(failure) = self.look_at(app, account).await {
                notes.insert(account.id.clone(), Problem::new(&failure, &About::app(app)));
            }
        }
        self.change_live(|live| live.vault_notes = notes);
    }

    async fn look_at(&self, app: &App, account: &Account) -> Result<(), Failure> {
        let grant = hand_out::read_grant(&self.world, app, &account.id).await?;
        accounts::change(&self.world.folders.data, |all| {
            if let Some(account) = all.iter_mut().find(|one| one.id == account.id) {
                account.follow(&grant);
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
        let done = login::login(&self.world, request, observer, cancelled).await;
        if done.is_ok() {
            self.sandbox_answered(&request.app);
        }
        self.forget_notes();
        self.touch();
        let done = done.map_err(|failure| self.problem(&failure, Some(&request.app)));
        self.note_login(&done);
        done
    }

    /// Hands out the access token of an account, refreshed first when it is too short for `needs`.
    ///
    /// A refresh that was begun goes on when this future is dropped: its reply must not be lost.
    ///
    /// # Errors
    ///
    /// A [`Problem`]: no such account, vault unavailable, grant missing, settings changed, dead, or
    /// whatever network and server say to a refresh.
    pub async fn token(&self, account: Option<&str>, needs: &Needs) -> Result<HandedOut, Problem> {
        let (account, app) = self.choose_account(account)?;
        let before = account.serial.clone();
        let handed_out = hand_out::token(&self.world, &app, &account, needs).await;
        if handed_out.as_ref().map_or(true, |handed_out| handed_out.serial != before) {
            self.touch();
        }
        let handed_out = handed_out.map_err(|failure| self.problem(&failure, Some(&app)));
        self.count_hand_out(&account, handed_out.as_ref().err());
        handed_out
    }

    /// Refreshes the grant of an account now, and its names; returns the account's id.
    ///
    /// # Errors
    ///
    /// A [`Problem`], as for [`Engine::token`]; the grant is kept.
    pub async fn refresh(&self, account: Option<&str>) -> Result<String, Problem> {
        let (account, app) = self.choose_account(account)?;
        let refreshed = refresh::now(&self.world, &app, &account.id).await;
        if refreshed.is_ok() {
            self.sandbox_answered(&app);
            self.with_live(|live| live.vault_notes.remove(&account.id));
        }
        self.touch();
        let refreshed = refreshed.map_err(|failure| self.problem(&failure, Some(&app)));
        if let Err(problem) = &refreshed {
            self.note_unless_noted(&account, problem.code);
        }
        refreshed
    }

    /// Revokes both tokens of an account, then erases it, whatever the server said. What a server
    /// could not be told is told later, by [`Engine::keep_fresh`] or [`Engine::finish_logouts`].
    ///
    /// # Errors
    ///
    /// A [`Problem`] when the vault can't be read or written; the account then stays.
    pub async fn log_out(&self, account: Option<&str>) -> Result<LogoutView, Problem> {
        self.log_out_and(account, Unsent::Wait).await
    }

    /// Tells servers of logouts that they could not be told of before.
    pub async fn finish_logouts(&self) {
        if logout::waiting_revocations(&self.world.folders.data).is_empty() {
            return;
        }
        if let Err(failure) =
            logout::finish_revocations(&self.world, |it| self.may_be_reached(it)).await
        {
            tracing::info!(%failure, "a logout goes on waiting");
        }
        self.touch();
    }

    async fn log_out_and(
        &self,
        account: Option<&str>,
        unsent: Unsent,
    ) -> Result<LogoutView, Problem> {
        let config = self.config()?;
        let list = self.accounts()?;
        let account = config.account_meant(account, &list.accounts);
        let account = choose::account(&list.accounts, &config.apps, account)
            .map_err(|error| self.problem(&error.into(), None))?;
        let app = config.apps.iter().find(|app| app.id == account.app_id);
        let revoked = logout::log_out(&self.world, app, account, unsent).await;
        let revoked = revoked.map_err(|failure| self.problem(&failure, app));
        if let Err(problem) = &revoked {
            self.note_unless_noted(account, problem.code);
        }
        let revoked = revoked?;
        self.forget_notes();
        self.touch();
        self.note(What::Logout, account, revoked.failure());
        Ok(LogoutView {
            account: who(account),
            refresh_token: revoked.refresh,
            access_token: revoked.access,
        })
    }

    /// Asks the user to unlock the keychain, then looks again.
    ///
    /// # Errors
    ///
    /// A [`Problem`] of the vault.
    pub async fn unlock_vault(&self) -> Result<(), Problem> {
        let unlocked = self.world.effects.vault.unlock().await;
        self.look_again().await;
        unlocked.map_err(|error| self.problem(&error.into(), None))
    }

    /// Makes an account the one meant when none is named; returns its id.
    ///
    /// # Errors
    ///
    /// A [`Problem`]: no such account, or the configuration can't be changed.
    pub fn make_default_account(&self, account: &str) -> Result<String, Problem> {
        let (account, app) = self.choose_account(Some(account))?;
        self.make_default(DefaultOf::Account, &account.id, &app)?;
        Ok(account.id)
    }

    /// Makes an app the one that a login means when none is named; returns its id.
    ///
    /// # Errors
    ///
    /// A [`Problem`]: no such app, or the configuration can't be changed.
    pub fn make_default_app(&self, app: &str) -> Result<String, Problem> {
        let app = self.app(Some(app))?;
        self.make_default(DefaultOf::App, &app.id, &app)?;
        Ok(app.id)
    }

    fn make_default(&self, which: DefaultOf, id: &str, app: &App) -> Result<(), Problem> {
        let set = set_default(&self.world.folders.config, which, id);
        self.touch();
        set.map_err(|error| self.problem(&error.into(), Some(app)))
    }

    /// The id of the account meant among those of one app.
    ///
    /// # Errors
    ///
    /// A [`Problem`]: no such app, or none or several of its accounts fit.
    pub fn account_of(&self, app: &str, given: Option<&str>) -> Result<String, Problem> {
        let app = self.app(Some(app))?;
        let config = self.config()?;
        let mut list = self.accounts()?.accounts;
        list.retain(|account| account.app_id == app.id);
        let given = config.account_meant(given, &list);
        let chosen = choose::account(&list, &config.apps, given);
        let chosen = chosen.map(|account| account.id.clone());
        chosen.map_err(|error| self.problem(&error.into(), Some(&app)))
    }

    /// The account meant, and its app.
    fn choose_account(&self, given: Option<&str>) -> Result<(Account, App), Problem> {
        let config = self.config()?;
        let app_of = |account: &Account| choose::app(&config.apps, Some(&account.app_id)).cloned();
        let id = given.or(config.default_account.as_deref());
        if let Some(account) = id.and_then(|id| accounts::find(&self.world.folders.data, id)) {
            let app = app_of(&account).map_err(|error| self.problem(&error.into(), None))?;
            return Ok((account, app));
        }
        let list = self.accounts()?;
        let given = config.account_meant(given, &list.accounts);
        let chosen = choose::account(&list.accounts, &config.apps, given)
            .and_then(|account| Ok((account.clone(), app_of(account)?)));
        chosen.map_err(|error: ChoiceError| self.problem(&error.into(), None))
    }

    fn config(&self) -> Result<Config, Problem> {
        let read = config::read(&self.world.folders.config);
        read.map_err(|error| self.problem(&error.into(), None))
    }

    fn accounts(&self) -> Result<AccountList, Problem> {
        let read = accounts::read(&self.world.folders.data);
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
        about.vault = self.world.effects.vault.description();
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
