//! The clipboard, held by Rust so that no token passes through the webview.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use birdkey::problem::{Code, Problem};
use birdkey::protocol::secret::Secret;
use birdkey_messages::words;
use tauri::async_runtime::spawn;

/// One clipboard for the life of the app: on X11 what was copied is gone with its owner.
#[derive(Default, Clone)]
pub(crate) struct Clipboard {
    held: Arc<Mutex<Option<arboard::Clipboard>>>,
    /// The token that was copied last, as long as it has to be taken out again.
    token: Arc<Mutex<Option<Secret>>>,
    /// How many tokens were copied, so that the timer of an earlier one leaves a later one alone.
    copied: Arc<AtomicU64>,
}

impl Clipboard {
    /// Copies a text that is no secret.
    pub(crate) fn copy(&self, text: &str) -> Result<(), Problem> {
        self.with(|clipboard| clipboard.set_text(text))
    }

    /// Copies a secret and keeps it out of clipboard histories where the platform allows that.
    pub(crate) fn copy_secret(&self, secret: &Secret) -> Result<(), Problem> {
        self.with(|clipboard| out_of_history(clipboard.set()).text(secret.expose()))
    }

    /// Copies an access token, which is taken out again after a while unless something else was
    /// copied meanwhile.
    pub(crate) fn copy_token(&self, token: &Secret, stays: Duration) -> Result<(), Problem> {
        self.copy_secret(token)?;
        *self.token() = Some(token.clone());
        let turn = self.copied.fetch_add(1, Ordering::SeqCst) + 1;
        let clipboard = self.clone();
        spawn(async move {
            tokio::time::sleep(stays).await;
            if clipboard.copied.load(Ordering::SeqCst) == turn {
                clipboard.clear_ours();
            }
        });
        Ok(())
    }

    /// Takes a copied token out, if it is still what the clipboard holds.
    pub(crate) fn clear_ours(&self) {
        let Some(token) = self.token().take() else { return };
        let still_there = self.with(|clipboard| Ok(token.matches(&clipboard.get_text()?)));
        if still_there.unwrap_or(false)
            && let Err(problem) = self.clear()
        {
            tracing::warn!(why = ?problem.why, "a copied token stays in the clipboard");
        }
    }

    fn token(&self) -> MutexGuard<'_, Option<Secret>> {
        self.token.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads a secret and leaves it there: a provider may show it only once.
    pub(crate) fn read_secret(&self) -> Result<Secret, Problem> {
        self.with(|clipboard| Ok(Secret::new(clipboard.get_text()?)))
    }

    /// Empties the clipboard.
    pub(crate) fn clear(&self) -> Result<(), Problem> {
        self.with(arboard::Clipboard::clear)
    }

    fn with<T>(
        &self,
        use_it: impl FnOnce(&mut arboard::Clipboard) -> Result<T, arboard::Error>,
    ) -> Result<T, Problem> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let mut clipboard = match held.take() {
            Some(clipboard) => clipboard,
            None => arboard::Clipboard::new().map_err(|error| unusable(&error))?,
        };
        let used = use_it(&mut clipboard).map_err(|error| unusable(&error));
        *held = Some(clipboard);
        used
    }
}

#[cfg(target_os = "linux")]
fn out_of_history(set: arboard::Set<'_>) -> arboard::Set<'_> {
    arboard::SetExtLinux::exclude_from_history(set)
}

#[cfg(target_os = "macos")]
fn out_of_history(set: arboard::Set<'_>) -> arboard::Set<'_> {
    arboard::SetExtApple::exclude_from_history(set)
}

#[cfg(target_os = "windows")]
fn out_of_history(set: arboard::Set<'_>) -> arboard::Set<'_> {
    let set = arboard::SetExtWindows::exclude_from_history(set);
    arboard::SetExtWindows::exclude_from_cloud(set)
}

fn unusable(error: &arboard::Error) -> Problem {
    let why = if matches!(error, arboard::Error::ContentNotAvailable) {
        words!("clipboard.no_text")
    } else {
        words!("clipboard.no_access")
    };
    Problem::of(Code::ClipboardUnusable, words!("clipboard.what"), why, words!("clipboard.hint"))
}
