//! What the tray tells: the same View as the window, as texts of a menu. Pure.

use birdkey::view::{AccountState, AccountView, LoginStage, LoginView, View};
use birdkey_messages::{Language, Words, words};
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// What the icon shows, by its shape too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Somebody is logged in.
    Ready,
    /// An account needs the user.
    Attention,
    /// This machine has no network.
    Offline,
    /// Nobody is logged in.
    Nobody,
}

/// The whole menu.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct TrayState {
    /// What all of it is said in.
    pub(crate) language: Language,
    pub(crate) shape: Shape,
    /// The first line, which can't be selected.
    pub(crate) headline: String,
    pub(crate) accounts: Vec<AccountEntry>,
    pub(crate) apps: Vec<AppEntry>,
    /// Whether a login waits for the browser.
    pub(crate) logging_in: bool,
    pub(crate) paused: bool,
    /// Whether a newer version was installed over this one.
    pub(crate) newer: bool,
}

/// An account's submenu.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct AccountEntry {
    pub(crate) id: String,
    /// Who.
    pub(crate) who: String,
    /// The state in words.
    pub(crate) state: String,
    pub(crate) usable: bool,
    pub(crate) refreshable: bool,
    pub(crate) needs_login: bool,
}

/// A login that can be begun.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct AppEntry {
    pub(crate) id: String,
    pub(crate) title: String,
}

impl TrayState {
    /// What a View tells; times by the clock on the wall in `zone`.
    pub(crate) fn of(view: &View, zone: &TimeZone, language: Language) -> Self {
        let said = |words: &Words| words.in_language(language);
        let entry = |account| entry(account, zone, language);
        let logging_in = view.login.as_ref().is_some_and(in_progress);
        Self {
            language,
            shape: shape(view),
            headline: said(&headline(view, logging_in)),
            accounts: view.accounts.iter().map(entry).collect(),
            apps: view
                .apps
                .iter()
                .map(|app| AppEntry {
                    id: app.id.clone(),
                    title: said(&words!("tray.log_in", app = &app.name)),
                })
                .collect(),
            logging_in,
            paused: !view.keeps_fresh,
            newer: view.desktop.as_ref().is_some_and(|desktop| desktop.newer_installed),
        }
    }
}

fn in_progress(login: &LoginView) -> bool {
    match login.stage {
        LoginStage::Waiting | LoginStage::Exchanging => true,
        LoginStage::Done | LoginStage::Failed => false,
    }
}

fn shape(view: &View) -> Shape {
    if view.problem.is_some() || view.accounts.iter().any(|account| account.state.needs_the_user())
    {
        Shape::Attention
    } else if view.accounts.is_empty() {
        Shape::Nobody
    } else if view.offline
        && view.accounts.iter().any(|one| one.state != AccountState::SandboxOff)
        && !only_sandbox(view)
    {
        Shape::Offline
    } else {
        Shape::Ready
    }
}

/// The sandbox needs no network.
fn only_sandbox(view: &View) -> bool {
    view.apps.iter().all(|app| app.provider == birdkey::view::ProviderView::Sandbox)
}

fn headline(view: &View, logging_in: bool) -> Words {
    let waiting = view.accounts.iter().filter(|account| account.state.needs_the_user()).count();
    if logging_in {
        words!("tray.waiting")
    } else if let Some(problem) = &view.problem {
        problem.what.clone()
    } else {
        match (view.accounts.len(), waiting) {
            (0, _) => words!("tray.nobody"),
            (accounts, 0) => words!("tray.logged_in", count = accounts),
            (_, waiting) => words!("tray.need_you", count = waiting),
        }
    }
}

fn entry(account: &AccountView, zone: &TimeZone, language: Language) -> AccountEntry {
    let usable = !account.state.needs_the_user() && account.state != AccountState::SandboxOff;
    AccountEntry {
        id: account.id.clone(),
        who: account.called().in_language(language),
        state: state(account, zone).in_language(language),
        usable: usable || account.state == AccountState::SandboxOff,
        refreshable: usable && account.token.refresh_token.is_some(),
        needs_login: matches!(account.state, AccountState::Expired | AccountState::LogInAgain),
    }
}

/// The state in words, a valid token with its end.
fn state(account: &AccountView, zone: &TimeZone) -> Words {
    let until = account.token.expires_at_ms.filter(|_| account.state == AccountState::Ready);
    let until = until.and_then(|at| Timestamp::from_millisecond(at).ok());
    match until {
        Some(at) => {
            let time = at.to_zoned(zone.clone()).strftime("%H:%M").to_string();
            words!("tray.valid_until", time = time)
        }
        None => account.state.words(),
    }
}

#[cfg(test)]
mod tests;
