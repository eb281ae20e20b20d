//! The clipboard, held by Rust so that no token passes through the webview.

use std::sync::{Mutex, PoisonError};

use birdkey::problem::{Code, Problem};
use birdkey::protocol::secret::Secret;

/// One clipboard for the life of the app: on X11 what was copied is gone with its owner.
#[derive(Default)]
pub(crate) struct Clipboard(Mutex<Option<arboard::Clipboard>>);

impl Clipboard {
    /// Copies a text that is no secret.
    pub(crate) fn copy(&self, text: &str) -> Result<(), Problem> {
        self.with(|clipboard| clipboard.set_text(text))
    }

    /// Copies a secret and keeps it out of clipboard histories where the platform allows that.
    pub(crate) fn copy_secret(&self, secret: &Secret) -> Result<(), Problem> {
        self.with(|clipboard| out_of_history(clipboard.set()).text(secret.expose()))
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
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
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
        "It is empty, or holds something that is not text."
    } else {
        "The system did not give access to it."
    };
    Problem {
        code: Code::ClipboardUnusable,
        what: "The clipboard could not be used.".into(),
        why: why.into(),
        fix: "Copy the text once more and try again.".into(),
    }
}
