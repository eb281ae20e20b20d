//! The sandbox inside the app: started when it is needed, stopped with the app.

use std::io;
use std::sync::Arc;

use birdkey::Engine;
use birdkey::app::{Provider, default_redirect_uris};
use birdkey::engine::{NewApp, NewProvider};
use birdkey::problem::{Problem, sandbox};
use birdkey::protocol::client::ClientType;
use birdkey::protocol::provider::ProviderKind;
use birdkey::view::{LogoutView, SandboxView};
use birdkey_messages::words;
use birdkey_sandbox::{
    DEFAULT_PORT, DEMO_CLIENT_ID, Sandbox, Settings, Store, StoreError, demo_registration, serve,
};
use tauri::async_runtime::spawn;
use tokio::net::TcpListener;
use tokio::sync::{Mutex, oneshot};

/// The sandbox of this app, running or not.
pub(crate) struct EmbeddedSandbox {
    engine: Arc<Engine>,
    running: Mutex<Option<Running>>,
}

struct Running {
    sandbox: Arc<Sandbox>,
    address: String,
    /// Stops it when dropped.
    _stop: oneshot::Sender<()>,
}

impl EmbeddedSandbox {
    pub(crate) fn new(engine: Arc<Engine>) -> Self {
        Self { engine, running: Mutex::default() }
    }

    /// Starts it if an app of it is set up; what goes wrong is shown in the View.
    pub(crate) async fn resume(&self) {
        if let Ok(Some(_)) = self.engine.sandbox_app()
            && let Err(problem) = self.start().await
        {
            tracing::warn!(code = problem.code.as_str(), "the sandbox was not started");
        }
    }

    /// Starts it and makes sure that its app is set up; returns the app's id.
    pub(crate) async fn set_up(&self) -> Result<String, Problem> {
        let address = self.start().await?;
        match self.engine.sandbox_app()? {
            Some(app) => {
                let moved = match &app.provider {
                    Provider::Sandbox(known) => known.origin() != address,
                    Provider::X | Provider::Custom(_) => false,
                };
                let id = app.id.clone();
                if moved {
                    self.engine.move_sandbox_app(app, &address)?;
                }
                Ok(id)
            }
            None => Ok(self.engine.add_app(demo_app(address)).await?.id),
        }
    }

    /// Starts it unless it runs, here or in another program; returns its address.
    pub(crate) async fn start(&self) -> Result<String, Problem> {
        let mut running = self.running.lock().await;
        if let Some(running) = &*running {
            return Ok(running.address.clone());
        }
        let started = self.begin().await;
        let view = match &started {
            Ok(started) => {
                SandboxView { address: Some(started.address()), ..SandboxView::default() }
            }
            Err(problem) => {
                SandboxView { problem: Some(problem.clone()), ..SandboxView::default() }
            }
        };
        self.engine.set_sandbox(view);
        let started = started?;
        let address = started.address();
        if let Started::Here(here) = started {
            *running = Some(here);
        }
        Ok(address)
    }

    async fn begin(&self) -> Result<Started, Problem> {
        let store = match Store::open(&self.engine.folders().data) {
            Ok(store) => store,
            Err(StoreError::InUse { address: Some(address) }) => {
                return Ok(Started::Elsewhere(address));
            }
            Err(error) => return Err(unusable(&error)),
        };
        let listener = self.bind(store.preferred_port()).await?;
        let local = listener.local_addr().map_err(|error| sandbox::cannot_listen(&error))?;
        let address = format!("http://{local}");
        let settings = Settings { store: Some(store), ..Settings::default() };
        let pretend = Sandbox::open(settings).map_err(|error| unusable(&error))?;
        pretend.register(demo_registration(default_redirect_uris(ProviderKind::Sandbox, "")));
        pretend.announce(&address).map_err(|error| unusable(&error))?;
        let (stop, stopped) = oneshot::channel::<()>();
        let served = serve(Arc::clone(&pretend), listener, async {
            // Ends when the sender is dropped.
            stopped.await.ok();
        });
        spawn(async move {
            if let Err(error) = served.await {
                tracing::warn!(%error, "the sandbox ended");
            }
        });
        Ok(Started::Here(Running { sandbox: pretend, address, _stop: stop }))
    }

    /// The port its app is set up for; a new sandbox may take any when the preferred one is taken.
    async fn bind(&self, preferred: Option<u16>) -> Result<TcpListener, Problem> {
        let port = preferred.unwrap_or(DEFAULT_PORT);
        match TcpListener::bind(("127.0.0.1", port)).await {
            Ok(listener) => Ok(listener),
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => {
                if self.engine.sandbox_app()?.is_some() {
                    return Err(sandbox::port_taken(port));
                }
                let any = TcpListener::bind(("127.0.0.1", 0)).await;
                any.map_err(|error| sandbox::cannot_listen(&error))
            }
            Err(error) => Err(sandbox::cannot_listen(&error)),
        }
    }

    /// Looks whether the sandbox of another program still answers, or has begun to.
    pub(crate) async fn look(&self) {
        if self.running.lock().await.is_none() {
            self.engine.look_for_sandbox().await;
        }
    }

    /// Logs its accounts out, removes its app, stops it and erases its file; says how each logout ended.
    pub(crate) async fn remove(&self) -> Result<Vec<LogoutView>, Problem> {
        let mut logouts = Vec::new();
        while let Some(app) = self.engine.sandbox_app()? {
            logouts.extend(self.engine.remove_app(&app.id).await?.logouts);
        }
        if let Some(running) = self.running.lock().await.take() {
            running.sandbox.forget_everything().map_err(|error| unusable(&error))?;
        }
        self.engine.set_sandbox(SandboxView::default());
        Ok(logouts)
    }
}

enum Started {
    Here(Running),
    /// In another program, at this address.
    Elsewhere(String),
}

impl Started {
    fn address(&self) -> String {
        match self {
            Self::Here(running) => running.address.clone(),
            Self::Elsewhere(address) => address.clone(),
        }
    }
}

fn demo_app(address: String) -> NewApp {
    NewApp {
        name: "Sandbox".into(),
        provider: NewProvider::Sandbox { address },
        client_id: DEMO_CLIENT_ID.into(),
        client_type: ClientType::Public,
        redirect_uris: Vec::new(),
        scopes: Vec::new(),
        client_secret: None,
    }
}

fn unusable(error: &StoreError) -> Problem {
    match error {
        StoreError::InUse { address } => sandbox::in_use(address.as_deref()),
        StoreError::Broken { path, line, column } => sandbox::file_unusable(words!(
            "sandbox_file.broken",
            path = path.display(),
            line = *line,
            column = *column
        )),
        StoreError::Io { path, .. } => {
            sandbox::file_unusable(words!("sandbox_file.unusable", path = path.display()))
        }
        StoreError::Version { .. } => sandbox::file_unusable(error.to_string()),
    }
}
