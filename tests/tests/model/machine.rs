//! A machine: folders in memory, a keychain, a clock, and a config file that a person edits.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use birdkey::effects::vault::MemoryVault;
use serde_json::Value;
use tempfile::TempDir;

use crate::clock::{MachineClock, Time};

pub struct Machine {
    pub number: usize,
    root: TempDir,
    pub vault: Arc<MemoryVault>,
    /// Whether the keychain is locked, or takes no changes.
    pub is_troubled: bool,
    pub clock: MachineClock,
    /// App and user id of every account that had a name.
    pub named: HashSet<(String, String)>,
    /// Those that a person let go of: a logout that was cut off is finished by a later command.
    pub let_go: HashSet<(String, String)>,
    /// What the accounts are shown from, as it was when they were last looked at.
    last_shown: (String, String, usize),
    /// Texts in the config file that have to stay, with the app in whose section they are.
    pub markers: Vec<(String, Option<String>)>,
    /// Mistyped parts of the config file: what stands there, and what belongs there.
    pub typos: Vec<(String, String)>,
}

/// One account as `accounts.json` lists it.
#[derive(Debug, Clone)]
pub struct Listed {
    pub id: String,
    pub app_id: String,
    pub user_id: Option<String>,
}

impl Machine {
    pub fn new(number: usize, time: &Time) -> Self {
        let memory = Path::new("/dev/shm");
        let root = if memory.is_dir() { TempDir::new_in(memory) } else { TempDir::new() };
        Self {
            number,
            root: root.unwrap(),
            vault: Arc::new(MemoryVault::new()),
            is_troubled: false,
            clock: MachineClock::new(time),
            named: HashSet::new(),
            let_go: HashSet::new(),
            last_shown: Default::default(),
            markers: Vec::new(),
            typos: Vec::new(),
        }
    }

    pub fn root(&self) -> &Path {
        self.root.path()
    }

    pub fn data(&self) -> PathBuf {
        self.root().join("data")
    }

    pub fn accounts(&self) -> Vec<Listed> {
        let text = std::fs::read_to_string(self.data().join("accounts.json"));
        let list: Value = serde_json::from_str(&text.unwrap_or_default()).unwrap_or_default();
        let text = |account: &Value, name: &str| account[name].as_str().map(str::to_owned);
        let accounts = list["accounts"].as_array().into_iter().flatten();
        let listed = accounts.map(|account| Listed {
            id: text(account, "id").unwrap(),
            app_id: text(account, "app_id").unwrap(),
            user_id: text(account, "user_id"),
        });
        listed.collect()
    }

    /// The apps whose client secret is needed: configured, with an account, or with a revocation that
    /// waits.
    pub fn apps_in_need(&self) -> HashSet<String> {
        let waiting = self.queue().into_iter().map(|(app_id, _)| app_id);
        let accounts = self.accounts().into_iter().map(|account| account.app_id);
        waiting.chain(accounts).chain(self.app()).collect()
    }

    /// Whether an item of the keychain is one that some part of Birdkey will look for: one that is to be
    /// revoked is, as long as the queue lists it.
    pub fn is_known(&self, item: &str) -> bool {
        !item.ends_with("/revoke") || self.queue().iter().any(|(_, listed)| listed == item)
    }

    /// What waits to be revoked: its app, and its item in the keychain.
    fn queue(&self) -> Vec<(String, String)> {
        let text = std::fs::read_to_string(self.data().join("revocations.json"));
        let queue: Value = serde_json::from_str(&text.unwrap_or_default()).unwrap_or_default();
        let waiting = queue["waiting"].as_array().into_iter().flatten().map(|entry| {
            let (app, id) = (entry["app_id"].as_str().unwrap(), entry["id"].as_str().unwrap());
            (app.to_owned(), format!("{app}/{id}/revoke"))
        });
        waiting.collect()
    }

    /// Whether accounts, configuration or keychain have changed since this was last asked.
    pub fn has_changed(&mut self) -> bool {
        let read = |path| std::fs::read_to_string(self.root().join(path)).unwrap_or_default();
        let now =
            (read("data/accounts.json"), read("config/config.toml"), self.vault.calls().writes);
        let before = std::mem::replace(&mut self.last_shown, now.clone());
        before != now
    }

    /// The account that is meant by a number, if there is any.
    pub fn account(&self, number: usize) -> Option<Listed> {
        let accounts = self.accounts();
        let at = number.checked_rem(accounts.len())?;
        accounts.into_iter().nth(at)
    }

    /// All texts in each item of the keychain, by the item's name.
    pub fn items(&self) -> HashMap<String, Vec<String>> {
        let items = self.vault.texts().into_iter().map(|(name, text)| {
            let mut texts = Vec::new();
            texts_in(&serde_json::from_str(&text).unwrap_or_default(), &mut texts);
            (name, texts)
        });
        items.collect()
    }

    /// All texts in the item of an account's grant.
    pub fn item(&self, account: &Listed) -> Vec<String> {
        let name = format!("{}/{}", account.app_id, account.id);
        self.items().remove(&name).unwrap_or_default()
    }
}

fn texts_in(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) => found.push(text.clone()),
        Value::Array(values) => values.iter().for_each(|value| texts_in(value, found)),
        Value::Object(fields) => fields.values().for_each(|value| texts_in(value, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
