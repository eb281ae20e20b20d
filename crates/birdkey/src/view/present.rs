//! Turns what is stored and what is going on into the one View.

use std::collections::HashMap;

use birdkey_foreign::{Foreign, Part};
use birdkey_messages::words;

use crate::failure::{ChoiceError, Failure, StoredError};
use crate::model::app::{App, DEFAULT_SCOPES, default_redirect_uris};
use crate::model::grant;
use crate::problem::{
    About, Problem, ended_words, grant_note, login_elsewhere, profile, scopes_lost,
    shared_redirect, twin,
};
use crate::protocol::client::ClientType;
use crate::protocol::provider::ProviderKind;
use crate::protocol::scope::Scopes;
use crate::store::accounts::{Account, granted};
use crate::store::settings::Theme;
use crate::use_cases::refresh;
use crate::view::{
    AccountState, AccountView, AppView, ClientTypeView, DesktopView, LoginView, ProviderView,
    SandboxView, TokenView, View, XurlView,
};

/// What was wrong with the grant of an account.
#[derive(Debug, Clone)]
pub(crate) struct GrantNote {
    pub(crate) problem: Problem,
    pub(crate) state: Option<AccountState>,
}

impl GrantNote {
    /// Only an unreadable grant takes a new login; a keychain that is away passes, and what this machine
    /// is at fault for says nothing about the login.
    pub(crate) fn new(failure: &Failure, problem: Problem) -> Self {
        let state = if let Failure::Stored(error) = failure {
            let unreadable =
                matches!(error, StoredError::GrantMissing | StoredError::GrantUnreadable);
            Some(if unreadable { AccountState::LogInAgain } else { AccountState::Blocked })
        } else if matches!(failure, Failure::Vault(_)) {
            Some(AccountState::VaultUnavailable)
        } else {
            None
        };
        Self { problem, state }
    }
}

/// Everything a View is made of.
pub(crate) struct Sources<'a> {
    pub(crate) revision: u64,
    pub(crate) now_ms: i64,
    pub(crate) vault: String,
    pub(crate) apps: &'a [App],
    pub(crate) default_account: Option<&'a str>,
    pub(crate) accounts: &'a [Account],
    pub(crate) waiting_logouts: Vec<Foreign>,
    pub(crate) notices: Vec<Problem>,
    pub(crate) keeps_fresh: bool,
    pub(crate) notifies: bool,
    pub(crate) theme: Theme,
    pub(crate) clipboard_seconds: u64,
    pub(crate) offline: bool,
    /// When an account was last handed out, Unix milliseconds.
    pub(crate) last_used: &'a dyn Fn(&str) -> Option<i64>,
    /// That the last refresh of an account brought no answer, when it did not.
    pub(crate) doubt: &'a dyn Fn(&Account) -> Option<Problem>,
    pub(crate) problem: Option<Problem>,
    /// The login in progress or just ended.
    pub(crate) login: Option<LoginView>,
    /// The sandbox.
    pub(crate) sandbox: SandboxView,
    /// What xurl holds, when last looked.
    pub(crate) xurl: Option<XurlView>,
    /// The desktop app, in it.
    pub(crate) desktop: Option<DesktopView>,
    /// What was wrong with the grant of an account when the vault was last asked.
    pub(crate) vault_notes: HashMap<String, GrantNote>,
}

impl Sources<'_> {
    pub(crate) fn view(self) -> View {
        let mut sandbox = self.sandbox.clone();
        sandbox.set_up = self.apps.iter().any(|app| app.provider.kind() == ProviderKind::Sandbox);
        View {
            revision: self.revision,
            apps: self.apps.iter().map(|app| self.app_view(app)).collect(),
            accounts: self.accounts.iter().map(|account| self.account_view(account)).collect(),
            waiting_logouts: self.waiting_logouts,
            notices: self.notices,
            login: self.login.clone(),
            sandbox,
            xurl: self.xurl.clone(),
            desktop: self.desktop.clone(),
            keeps_fresh: self.keeps_fresh,
            notifies: self.notifies,
            theme: self.theme,
            clipboard_seconds: self.clipboard_seconds,
            offline: self.offline,
            problem: self.problem,
            vault: self.vault,
            x_redirect_uris: default_redirect_uris(ProviderKind::X, ""),
            default_scopes: Scopes::parse(DEFAULT_SCOPES).names().to_vec(),
        }
    }

    fn app_view(&self, app: &App) -> AppView {
        let mut view = app_view(app, self.apps);
        let elsewhere = self.xurl.as_ref().filter(|xurl| xurl.client_ids.contains(&app.client_id));
        if let Some(xurl) = elsewhere
            && view.problem.is_none()
        {
            view.problem = login_elsewhere(&xurl.path, &xurl.users, &About::app(app));
        }
        view
    }

    fn account_view(&self, account: &Account) -> AccountView {
        let app = self.apps.iter().find(|app| app.id == account.app_id);
        let (state, problem) = self.state(account, app);
        AccountView {
            id: account.id.clone(),
            is_default: self.default_account == Some(account.id.as_str()),
            app_id: account.app_id.clone(),
            app_name: app.map_or_else(|| Foreign::new(&account.app_id), |app| app.name.clone()),
            user_id: account.user_id.clone(),
            name: account.name.clone(),
            username: account.username.clone(),
            state,
            problem,
            token: TokenView {
                next_refresh_at_ms: self.next_refresh(account),
                ..token_view(account)
            },
            scopes_requested: Scopes::parse(&account.scopes_requested).names().to_vec(),
            scopes_granted: granted(account).unwrap_or_default().names().to_vec(),
        }
    }

    /// Only while the app runs does anything refresh by itself.
    fn next_refresh(&self, account: &Account) -> Option<i64> {
        let runs = self.keeps_fresh && self.desktop.is_some();
        let due =
            runs.then(|| refresh::due_at(account, (self.last_used)(&account.id), self.now_ms));
        due.flatten()
    }

    /// The state, and what there is to say about it: the most pressing thing first.
    fn state(&self, account: &Account, app: Option<&App>) -> (AccountState, Option<Problem>) {
        let Some(app) = app else {
            let unknown = ChoiceError::AppUnknown {
                given: Foreign::new(&account.app_id),
                known: self.apps.iter().map(|app| app.name.clone()).collect(),
            };
            let problem = Problem::new(&unknown.into(), &About::default());
            // The configuration is at fault, and says nothing about the login.
            return (AccountState::Blocked, Some(problem));
        };
        let note = self.vault_notes.get(&account.id);
        if let Some(GrantNote { problem, state: Some(state) }) = note {
            return (*state, Some(problem.clone()));
        }
        let note = note.map(|note| note.problem.clone());
        let mut about = About::app(app);
        let xurl = self.xurl.as_ref().filter(|xurl| xurl.client_ids.contains(&app.client_id));
        about.elsewhere = xurl.map(of_xurl);
        if let Some(ended) = account.ended {
            return (AccountState::LogInAgain, Some(ended_words(ended, &about)));
        }
        let remark = note
            .or_else(|| (self.doubt)(account))
            .or_else(|| account.scopes_lost.as_deref().map(|lost| scopes_lost(lost, &about)));
        let remark = remark
            .or_else(|| account.profile_note.map(|note| profile(note, &about)))
            .or_else(|| grant_note(account, &about));
        let is_sandbox = app.provider.kind() == ProviderKind::Sandbox;
        let set_back = grant::clock_was_set_back(account.obtained_at_ms, self.now_ms);
        let expired = account.expires_at_ms.is_some_and(|at| at <= self.now_ms || set_back);
        let state = if expired && account.refresh_token_chars.is_none() {
            AccountState::Expired
        } else if is_sandbox && self.sandbox.address.is_none() {
            AccountState::SandboxOff
        } else if expired {
            AccountState::Refreshable
        } else {
            AccountState::Ready
        };
        (state, remark)
    }
}

fn token_view(account: &Account) -> TokenView {
    TokenView {
        token_type: account.token_type.clone(),
        expires_in_seconds: account.expires_in,
        obtained_at_ms: account.obtained_at_ms,
        expires_at_ms: account.expires_at_ms,
        scope: account.scope.as_deref().map(Foreign::new),
        fingerprint: account.fingerprint.clone(),
        next_refresh_at_ms: None,
        access_token: masked(account.access_token_chars),
        refresh_token: account.refresh_token_chars.map(masked),
    }
}

/// A mask that tells nothing but the length, which is no secret.
fn masked(chars: usize) -> String {
    words!("token.masked", mask = "\u{2022}".repeat(8), length = chars).to_string()
}

/// An app as the outside sees it.
pub(crate) fn app_view(app: &App, all: &[App]) -> AppView {
    let about = About::app(app);
    AppView {
        id: app.id.clone(),
        name: app.name.clone(),
        provider: match app.provider.kind() {
            ProviderKind::X => ProviderView::X,
            ProviderKind::Sandbox => ProviderView::Sandbox,
            ProviderKind::Custom => ProviderView::Custom,
        },
        client_id: app.client_id.clone(),
        client_type: match app.client_type {
            ClientType::Public => ClientTypeView::Public,
            ClientType::Confidential => ClientTypeView::Confidential,
        },
        redirect_uris: app.redirect_uris.clone(),
        takes_links: app.takes_links(),
        scopes: app.scopes.names().to_vec(),
        host: about.host.clone(),
        problem: all
            .iter()
            .find_map(|other| {
                let uri = app.shared_redirect(other)?;
                let both = [app, other].into_iter();
                let lacking: Vec<_> =
                    both.filter(|it| it.lacks_issuer()).map(|it| &it.name).collect();
                Some(shared_redirect(uri, &about, &About::app(other), &lacking))
            })
            .or_else(|| {
                let twin_of = all.iter().find(|other| app.is_twin_of(other));
                twin_of.map(|other| twin(&other.name, &about))
            }),
    }
}

/// Where xurl keeps its logins.
pub(crate) fn of_xurl(xurl: &XurlView) -> Foreign {
    Foreign::joined([Part::Own("xurl ("), Part::Foreign(&xurl.path), Part::Own(")")])
}
