//! Puts the app together.

use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};

use birdkey::Engine;
use birdkey::effects::folders::Folders;
use birdkey::effects::resume;
use birdkey::engine::LiveLogin;
use birdkey::problem::{About, Problem};
use tauri::async_runtime::{JoinHandle, spawn};
use tauri::{App, Manager as _};

use crate::clipboard::Clipboard;
use crate::embedded_sandbox::EmbeddedSandbox;
use crate::{commands, log, start, watch, window};

/// What the commands of the window work with.
pub(crate) struct Shell {
    pub(crate) engine: Arc<Engine>,
    pub(crate) sandbox: EmbeddedSandbox,
    pub(crate) clipboard: Clipboard,
    pub(crate) login: Mutex<LiveLogin>,
    pub(crate) subscription: Mutex<Option<JoinHandle<()>>>,
    /// Held so that the files stay watched.
    _watcher: Option<notify::RecommendedWatcher>,
}

impl Shell {
    fn new(folders: Folders) -> Self {
        let engine = Arc::new(Engine::of_this_program(folders, "birdkey-desktop"));
        Self {
            sandbox: EmbeddedSandbox::new(Arc::clone(&engine)),
            clipboard: Clipboard::default(),
            login: Mutex::default(),
            subscription: Mutex::default(),
            _watcher: watch::start(&engine),
            engine,
        }
    }

    /// The login that the buttons of the waiting screen are about.
    pub(crate) fn current_login(&self) -> LiveLogin {
        self.login.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Runs the app until its window is closed.
pub(crate) fn run() -> ExitCode {
    let folders = match Folders::of_this_user() {
        Ok(folders) => folders,
        Err(error) => {
            let problem = Problem::new(&error.into(), &About::default());
            start::tell(&problem);
            return ExitCode::from(problem.code.exit_code());
        }
    };
    log::start(&folders.data);
    let ended = tauri::Builder::default()
        .plugin(tauri_plugin_deep_link::init())
        .invoke_handler(commands::all())
        .setup(move |app| Ok(set_up(app, folders)?))
        .run(tauri::generate_context!());
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!(%error, "the window could not be opened");
            ExitCode::from(1)
        }
    }
}

fn set_up(app: &App, folders: Folders) -> tauri::Result<()> {
    app.manage(Shell::new(folders));
    window::open(app.handle())?;
    let handle = app.handle().clone();
    spawn(look_after_each_suspend(Arc::clone(&app.state::<Shell>().engine)));
    spawn(async move {
        let shell = handle.state::<Shell>();
        shell.sandbox.resume().await;
        shell.engine.look_again().await;
        shell.engine.keep_fresh().await;
    });
    Ok(())
}

/// Timers stood still meanwhile; what is shown and what is due has to be computed anew.
async fn look_after_each_suspend(engine: Arc<Engine>) {
    resume::after_each(move || engine.touch()).await;
}
