//! What every part of the app works with; what one part alone needs is a state of its own.

use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, PoisonError};

use birdkey::Engine;
use birdkey::effects::deep_link::DeepLinks;
use birdkey::effects::files::FileLock;
use tauri::async_runtime::JoinHandle;
use tauri::{AppHandle, Manager as _};
use tauri_plugin_window_state::StateFlags;

use crate::clipboard::Clipboard;
use crate::embedded_sandbox::EmbeddedSandbox;

/// The label of the only window.
pub(crate) const MAIN: &str = "main";

/// What of the window is remembered.
pub(crate) const KEPT: StateFlags =
    StateFlags::SIZE.union(StateFlags::POSITION).union(StateFlags::MAXIMIZED);

/// What the commands of the window work with.
pub(crate) struct Shell {
    pub(crate) engine: Arc<Engine>,
    pub(crate) links: Arc<DeepLinks>,
    pub(crate) sandbox: EmbeddedSandbox,
    pub(crate) clipboard: Clipboard,
    /// The login that runs, which must not be cut off while it exchanges.
    pub(crate) login_task: Mutex<Option<JoinHandle<()>>>,
    pub(crate) subscription: Mutex<Option<JoinHandle<()>>>,
    /// What follows the activity for the window.
    activity: Mutex<Option<JoinHandle<()>>>,
    /// Whether a person can reach the app by a tray icon.
    pub(crate) has_tray: AtomicBool,
    pub(crate) quitting: AtomicBool,
    /// Held as long as this is the one app of its folder.
    pub(crate) running: Mutex<Option<FileLock>>,
    /// Held so that the files stay watched.
    _watchers: [Option<notify::RecommendedWatcher>; 2],
}

impl Shell {
    pub(crate) fn new(
        engine: Arc<Engine>,
        links: Arc<DeepLinks>,
        watchers: [Option<notify::RecommendedWatcher>; 2],
        running: Option<FileLock>,
    ) -> Self {
        Self {
            links,
            sandbox: EmbeddedSandbox::new(Arc::clone(&engine)),
            clipboard: Clipboard::default(),
            login_task: Mutex::default(),
            subscription: Mutex::default(),
            activity: Mutex::default(),
            has_tray: AtomicBool::new(false),
            quitting: AtomicBool::new(false),
            running: Mutex::new(running),
            _watchers: watchers,
            engine,
        }
    }

    /// Follows the activity in place of what followed it before.
    pub(crate) fn follow_activity(&self, following: Option<JoinHandle<()>>) {
        let mut activity = self.activity.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(earlier) = std::mem::replace(&mut *activity, following) {
            earlier.abort();
        }
    }

    /// Pushes the View to nobody any more.
    pub(crate) fn unsubscribe(&self) {
        self.follow_activity(None);
        let mut subscription = self.subscription.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(pushing) = subscription.take() {
            pushing.abort();
        }
    }
}

/// Whether a person looks at the window now.
pub(crate) fn is_looked_at(app: &AppHandle) -> bool {
    let window = app.get_webview_window(MAIN);
    window.is_some_and(|window| window.is_focused().unwrap_or(false))
}
