//! The entries of the menu, set in place.

use birdkey_foreign::sink::menu;
use birdkey_messages::{Language, Words, words};
use tauri::menu::{CheckMenuItem, Menu, MenuItem, PredefinedMenuItem, Submenu};
use tauri::{AppHandle, Wry};

use super::state::{AccountEntry, AppEntry, TrayState};

/// The headline and what stands below it comes first.
const FIRST_ACCOUNT: usize = 2;

/// The menu and everything in it that changes.
pub(super) struct Entries {
    language: Language,
    menu: Menu<Wry>,
    headline: MenuItem<Wry>,
    accounts: Vec<(String, Account)>,
    apps: Vec<(String, MenuItem<Wry>)>,
    cancel: MenuItem<Wry>,
    pause: CheckMenuItem<Wry>,
    open: MenuItem<Wry>,
    /// In the menu only while there is a newer version.
    restart: Option<MenuItem<Wry>>,
}

/// What one account takes: its submenu, and below it the state.
const EACH: usize = 2;

struct Account {
    who: String,
    submenu: Submenu<Wry>,
    /// A line of its own: the text of a submenu can't be set in place on Linux.
    state: MenuItem<Wry>,
    copy: MenuItem<Wry>,
    refresh: MenuItem<Wry>,
    again: MenuItem<Wry>,
}

impl Entries {
    pub(super) fn new(app: &AppHandle, language: Language) -> tauri::Result<Self> {
        let item = |id: &str, words: Words| {
            MenuItem::with_id(app, id, words.in_language(language), true, None::<&str>)
        };
        let line = || PredefinedMenuItem::separator(app);
        let headline = MenuItem::with_id(app, "headline", "Birdkey", false, None::<&str>)?;
        let cancel = item("cancel", words!("tray.cancel"))?;
        cancel.set_enabled(false)?;
        let pause = words!("tray.pause").in_language(language);
        let pause = CheckMenuItem::with_id(app, "pause", pause, true, false, None::<&str>)?;
        let open = item("open", words!("tray.open"))?;
        let menu = Menu::with_items(
            app,
            &[
                &headline,
                &line()?,
                &line()?,
                &cancel,
                &pause,
                &line()?,
                &open,
                &item("quit", words!("tray.quit"))?,
            ],
        )?;
        let (accounts, apps) = (Vec::new(), Vec::new());
        Ok(Self { language, menu, headline, accounts, apps, cancel, pause, open, restart: None })
    }

    /// What the entries are in.
    pub(super) fn language(&self) -> Language {
        self.language
    }

    pub(super) fn menu(&self) -> &Menu<Wry> {
        &self.menu
    }

    pub(super) fn tell(&mut self, app: &AppHandle, state: &TrayState) -> tauri::Result<()> {
        self.headline.set_text(menu(&state.headline))?;
        self.tell_accounts(app, &state.accounts)?;
        self.tell_apps(app, &state.apps, state.logging_in)?;
        self.cancel.set_enabled(state.logging_in)?;
        self.pause.set_checked(state.paused)?;
        self.tell_newer(app, state.newer)
    }

    /// Above *Open Birdkey*.
    fn tell_newer(&mut self, app: &AppHandle, newer: bool) -> tauri::Result<()> {
        match (newer, self.restart.take()) {
            (true, None) => {
                let text = words!("tray.restart").in_language(self.language);
                let item = MenuItem::with_id(app, "restart", text, true, None::<&str>)?;
                let items = self.menu.items()?;
                let open = items.iter().position(|it| it.id() == self.open.id());
                self.menu.insert(&item, open.unwrap_or(items.len()))?;
                self.restart = Some(item);
            }
            (false, Some(item)) => self.menu.remove(&item)?,
            (_, as_it_is) => self.restart = as_it_is,
        }
        Ok(())
    }

    fn tell_accounts(&mut self, app: &AppHandle, told: &[AccountEntry]) -> tauri::Result<()> {
        let (stays, gone): (Vec<_>, Vec<_>) = std::mem::take(&mut self.accounts)
            .into_iter()
            .partition(|(id, it)| told.iter().any(|entry| entry.id == *id && entry.who == it.who));
        self.accounts = stays;
        for (_, account) in gone {
            self.menu.remove(&account.submenu)?;
            self.menu.remove(&account.state)?;
        }
        for (position, entry) in told.iter().enumerate() {
            if !self.accounts.iter().any(|(id, _)| *id == entry.id) {
                let account = Account::new(app, entry, self.language)?;
                let at = FIRST_ACCOUNT + EACH * position;
                self.menu.insert_items(&[&account.submenu, &account.state], at)?;
                self.accounts
                    .insert(position.min(self.accounts.len()), (entry.id.clone(), account));
            }
            if let Some((_, account)) = self.accounts.iter().find(|(id, _)| *id == entry.id) {
                account.tell(entry)?;
            }
        }
        Ok(())
    }

    fn tell_apps(&mut self, app: &AppHandle, told: &[AppEntry], busy: bool) -> tauri::Result<()> {
        let (stays, gone): (Vec<_>, Vec<_>) = std::mem::take(&mut self.apps)
            .into_iter()
            .partition(|(id, _)| told.iter().any(|entry| entry.id == *id));
        self.apps = stays;
        for (_, item) in gone {
            self.menu.remove(&item)?;
        }
        // Behind the accounts and the line below them.
        let first = FIRST_ACCOUNT + EACH * self.accounts.len() + 1;
        for (position, entry) in told.iter().enumerate() {
            if !self.apps.iter().any(|(id, _)| *id == entry.id) {
                let id = format!("login:{}", entry.id);
                let item = MenuItem::with_id(app, id, menu(&entry.title), true, None::<&str>)?;
                self.menu.insert(&item, first + position)?;
                self.apps.insert(position.min(self.apps.len()), (entry.id.clone(), item));
            }
            if let Some((_, item)) = self.apps.iter().find(|(id, _)| *id == entry.id) {
                item.set_text(menu(&entry.title))?;
                item.set_enabled(!busy)?;
            }
        }
        Ok(())
    }
}

impl Account {
    fn new(app: &AppHandle, entry: &AccountEntry, language: Language) -> tauri::Result<Self> {
        let item = |act: &str, words: Words| {
            let (id, text) = (format!("{act}:{}", entry.id), words.in_language(language));
            MenuItem::with_id(app, id, text, true, None::<&str>)
        };
        let copy = item("copy", words!("tray.copy"))?;
        let refresh = item("refresh", words!("tray.refresh"))?;
        let again = item("again", words!("tray.again"))?;
        // One more step: a slip of the pointer must not end a login.
        let out = item("out", words!("tray.revoke"))?;
        let log_out = words!("tray.log_out").in_language(language);
        let log_out = Submenu::with_items(app, log_out, true, &[&out])?;
        let id = format!("account:{}", entry.id);
        let submenu = Submenu::with_id_and_items(
            app,
            id,
            menu(&entry.who),
            true,
            &[&copy, &refresh, &again, &log_out],
        )?;
        let id = format!("state:{}", entry.id);
        let state = MenuItem::with_id(app, id, menu(&entry.state), false, None::<&str>)?;
        Ok(Self { who: entry.who.clone(), submenu, state, copy, refresh, again })
    }

    fn tell(&self, entry: &AccountEntry) -> tauri::Result<()> {
        self.state.set_text(menu(&format!("    {}", entry.state)))?;
        self.copy.set_enabled(entry.usable)?;
        self.refresh.set_enabled(entry.refreshable)?;
        self.again.set_enabled(entry.needs_login)
    }
}
