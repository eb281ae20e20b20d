//! A vault in memory, for tests: keeps items, fails on demand, counts its calls.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{ItemName, Vault, VaultError};
use crate::effects::BoxFuture;
use crate::protocol::secret::Secret;

/// What a [`MemoryVault`] fails with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// [`VaultError::Locked`]; a successful unlock ends it.
    Locked,
    /// [`VaultError::Missing`].
    Missing,
    /// [`VaultError::NoDefaultCollection`].
    NoDefaultCollection,
    /// [`VaultError::TimedOut`], at once.
    TimedOut,
    /// [`VaultError::Failed`].
    Failed,
}

/// How often each method was called, failures included.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Calls {
    /// Calls of [`Vault::read`].
    pub reads: usize,
    /// Calls of [`Vault::write`].
    pub writes: usize,
    /// Calls of [`Vault::remove`].
    pub removes: usize,
    /// Calls of [`Vault::unlock`].
    pub unlocks: usize,
}

/// A vault for tests; it forgets everything when dropped.
#[derive(Debug, Default)]
pub struct MemoryVault {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    items: HashMap<ItemName, (String, Secret)>,
    trouble: Option<Trouble>,
    write_trouble: Option<Trouble>,
    dismisses_prompts: bool,
    /// How many changes still succeed, when they are counted.
    changes_left: Option<usize>,
    on_next_write: Hook,
    calls: Calls,
}

/// Something that happens once.
#[derive(Default)]
struct Hook(Option<Box<dyn FnOnce() + Send>>);

impl std::fmt::Debug for Hook {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(if self.0.is_some() { "Hook(set)" } else { "Hook" })
    }
}

#[derive(Debug, thiserror::Error)]
#[error("the test asked for a failure")]
struct AskedFor;

impl MemoryVault {
    /// An empty vault in which everything works.
    pub fn new() -> Self {
        Self::default()
    }

    /// Makes every call fail, until [`MemoryVault::heal`].
    pub fn fail_with(&self, trouble: Trouble) {
        self.state().trouble = Some(trouble);
    }

    /// Makes writes and removals fail, while reads go on working.
    pub fn fail_changes_with(&self, trouble: Trouble) {
        self.state().write_trouble = Some(trouble);
    }

    /// Lets `changes` writes and removals succeed and those after them fail.
    pub fn fail_after(&self, changes: usize) {
        self.state().changes_left = Some(changes);
    }

    /// Lets something happen just before the next write.
    pub fn on_next_write(&self, happens: impl FnOnce() + Send + 'static) {
        self.state().on_next_write = Hook(Some(Box::new(happens)));
    }

    /// Makes the user dismiss every unlock prompt.
    pub fn dismiss_prompts(&self) {
        self.state().dismisses_prompts = true;
    }

    /// Ends all trouble.
    pub fn heal(&self) {
        let mut state = self.state();
        state.trouble = None;
        state.write_trouble = None;
        state.changes_left = None;
        state.dismisses_prompts = false;
    }

    /// Loses all items, as a keychain that was reset.
    pub fn remove_all(&self) {
        self.state().items.clear();
    }

    /// The calls so far.
    pub fn calls(&self) -> Calls {
        self.state().calls
    }

    /// The label of an item, also while the vault fails.
    pub fn label(&self, name: &ItemName) -> Option<String> {
        self.state().items.get(name).map(|(label, _)| label.clone())
    }

    /// The names of all items, sorted, also while the vault fails.
    pub fn names(&self) -> Vec<String> {
        let mut names: Vec<_> =
            self.state().items.keys().map(|name| name.as_str().to_owned()).collect();
        names.sort();
        names
    }

    /// All items with their texts, sorted, to compare a vault before and after.
    pub fn texts(&self) -> Vec<(String, String)> {
        let state = self.state();
        let text = |value: &Secret| value.expose().to_owned();
        let items = state.items.iter();
        let mut texts: Vec<_> =
            items.map(|(name, (_, value))| (name.as_str().to_owned(), text(value))).collect();
        texts.sort();
        texts
    }

    /// Changes the text of an item, as another program would.
    pub fn edit(&self, name: &str, change: impl FnOnce(&str) -> String) {
        let mut state = self.state();
        for (known, (_, value)) in &mut state.items {
            if known.as_str() == name {
                *value = Secret::new(change(value.expose()));
                return;
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn check(&self) -> Result<(), VaultError> {
        self.trouble.map_or(Ok(()), |trouble| Err(trouble.into()))
    }

    fn check_change(&mut self) -> Result<(), VaultError> {
        self.check()?;
        if let Some(left) = &mut self.changes_left {
            *left = left.checked_sub(1).ok_or(Trouble::Failed)?;
        }
        self.write_trouble.map_or(Ok(()), |trouble| Err(trouble.into()))
    }

    fn unlock(&mut self) -> Result<(), VaultError> {
        if self.trouble != Some(Trouble::Locked) && self.write_trouble != Some(Trouble::Locked) {
            return self.check();
        }
        if self.dismisses_prompts {
            return Err(VaultError::PromptDismissed);
        }
        self.trouble = self.trouble.filter(|trouble| *trouble != Trouble::Locked);
        self.write_trouble = self.write_trouble.filter(|trouble| *trouble != Trouble::Locked);
        Ok(())
    }
}

impl From<Trouble> for VaultError {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Locked => Self::Locked,
            Trouble::Missing => Self::Missing,
            Trouble::NoDefaultCollection => Self::NoDefaultCollection,
            Trouble::TimedOut => Self::TimedOut,
            Trouble::Failed => Self::Failed(Box::new(AskedFor)),
        }
    }
}

impl Vault for MemoryVault {
    fn read(&self, name: &ItemName) -> BoxFuture<'_, Result<Option<Secret>, VaultError>> {
        let name = name.clone();
        Box::pin(async move {
            let mut state = self.state();
            state.calls.reads += 1;
            state.check()?;
            Ok(state.items.get(&name).map(|(_, value)| value.clone()))
        })
    }

    fn write(
        &self,
        name: &ItemName,
        label: &str,
        value: &Secret,
    ) -> BoxFuture<'_, Result<(), VaultError>> {
        let (name, item) = (name.clone(), (label.to_owned(), value.clone()));
        Box::pin(async move {
            let mut state = self.state();
            state.calls.writes += 1;
            if let Some(happens) = state.on_next_write.0.take() {
                happens();
            }
            state.check_change()?;
            state.items.insert(name, item);
            Ok(())
        })
    }

    fn remove(&self, name: &ItemName) -> BoxFuture<'_, Result<(), VaultError>> {
        let name = name.clone();
        Box::pin(async move {
            let mut state = self.state();
            state.calls.removes += 1;
            state.check_change()?;
            state.items.remove(&name);
            Ok(())
        })
    }

    fn list(&self) -> BoxFuture<'_, Result<Vec<ItemName>, VaultError>> {
        let state = self.state();
        let listed = state.check().map(|()| state.items.keys().cloned().collect());
        Box::pin(async move { listed })
    }

    fn ready(&self) -> BoxFuture<'_, Result<(), VaultError>> {
        Box::pin(async move {
            let state = self.state();
            // A lock shows beforehand, other trouble with writing only when it happens.
            if state.write_trouble == Some(Trouble::Locked) {
                return Err(VaultError::Locked);
            }
            state.check()
        })
    }

    fn unlock(&self) -> BoxFuture<'_, Result<(), VaultError>> {
        Box::pin(async move {
            let mut state = self.state();
            state.calls.unlocks += 1;
            state.unlock()
        })
    }

    fn description(&self) -> String {
        "Memory of this test".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::{Calls, MemoryVault, Trouble};
    use crate::effects::vault::{ItemName, Vault, VaultError};
    use crate::protocol::secret::Secret;

    #[tokio::test]
    async fn a_failing_vault_keeps_what_it_had_and_counts_the_calls() {
        let vault = MemoryVault::new();
        let name = ItemName::grant("a", "b");
        vault.write(&name, "Old", &Secret::new("old".into())).await.unwrap();

        vault.fail_changes_with(Trouble::TimedOut);
        let written = vault.write(&name, "New", &Secret::new("new".into())).await;
        let read = vault.read(&name).await.unwrap().unwrap();
        vault.fail_with(Trouble::Missing);
        let missing = vault.read(&name).await;

        assert!(matches!(written, Err(VaultError::TimedOut)), "{written:?}");
        assert!(matches!(missing, Err(VaultError::Missing)), "{missing:?}");
        assert_eq!((read.expose(), vault.label(&name).as_deref()), ("old", Some("Old")));
        assert_eq!(vault.calls(), Calls { reads: 2, writes: 2, ..Calls::default() });
    }

    #[tokio::test]
    async fn unlocking_ends_the_lock_unless_the_prompt_is_dismissed() {
        let vault = MemoryVault::new();
        let name = ItemName::client_secret("a");
        vault.fail_with(Trouble::Locked);
        vault.dismiss_prompts();

        let dismissed = vault.unlock().await;
        let still_locked = vault.remove(&name).await;
        vault.heal();
        vault.fail_with(Trouble::Locked);
        vault.unlock().await.unwrap();

        assert!(matches!(dismissed, Err(VaultError::PromptDismissed)), "{dismissed:?}");
        assert!(matches!(still_locked, Err(VaultError::Locked)), "{still_locked:?}");
        vault.remove(&name).await.unwrap();
    }
}
