//! One test's world: folders, clock, vault, browser, listener, sandbox, engine.

use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use birdkey::effects::BoxFuture;
use birdkey::effects::clock::Clock as _;
use birdkey::effects::folders::Folders;
use birdkey::effects::host::Host;
use birdkey::effects::http::{
    Http, HttpError, ProxySource, ReqwestHttp, Settings as HttpSettings, Streamed,
};
use birdkey::effects::loopback::{Loopback, RedirectSource};
use birdkey::effects::manual_clock::ManualClock;
use birdkey::effects::process::Caller;
use birdkey::effects::random::SystemRandom;
use birdkey::effects::vault::MemoryVault;
use birdkey::engine::{LiveLogin, NewApp, NewProvider};
use birdkey::login::Page;
use birdkey::problem::Problem;
use birdkey::protocol::api::Call;
use birdkey::protocol::client::ClientType;
use birdkey::protocol::message::{Answer, Request};
use birdkey::protocol::secret::Secret;
use birdkey::view::{AccountView, View};
use birdkey::{Effects, Engine};
use birdkey_sandbox::{Approve, Ledger, Registration, Sandbox, Settings as SandboxSettings, serve};
use tempfile::TempDir;
use tokio::sync::oneshot;

use crate::browser::{FakeBrowser, Watched};

/// 2026-11-24, so that wall-clock arithmetic looks as it does in life.
pub const START_UNIX_MS: i64 = 1_795_500_000_000;
/// The client id of the public app.
pub const PUBLIC: &str = "cHVibGljLWFwcC1vZi10ZXN0czE6MTpuYQ";
/// The client id of the confidential app.
pub const CONFIDENTIAL: &str = "Y29uZmlkZW50aWFsLWFwcC10c3Q6MTpjaQ";
/// The secret of the confidential app.
pub const CLIENT_SECRET: &str = "the-secret-of-the-confidential-app";

pub struct Stage {
    pub root: TempDir,
    pub clock: ManualClock,
    pub vault: Arc<MemoryVault>,
    pub browser: Arc<FakeBrowser>,
    pub watched: Watched,
    pub sandbox: Arc<Sandbox>,
    pub ledger: Arc<Ledger>,
    pub address: String,
    pub redirect_uri: String,
    pub engine: Arc<Engine>,
    /// Whether this machine has a way to any other.
    pub network: Arc<AtomicBool>,
    effects: Effects,
    stop: Option<oneshot::Sender<()>>,
}

/// The sandbox reads the time of the stage.
struct StageClock(ManualClock);

impl birdkey_sandbox::Clock for StageClock {
    fn now(&self) -> SystemTime {
        UNIX_EPOCH + Duration::from_millis(u64::try_from(self.0.now_unix_ms()).unwrap())
    }
}

/// The real one, and whether there is any network.
struct Network {
    http: ReqwestHttp,
    there: Arc<AtomicBool>,
}

impl Http for Network {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Answer, HttpError>> {
        self.http.send(request)
    }

    fn call(&self, call: Call, token: Secret) -> BoxFuture<'_, Result<Streamed, HttpError>> {
        self.http.call(call, token)
    }

    fn has_network(&self) -> bool {
        self.there.load(Ordering::SeqCst)
    }
}

impl Stage {
    /// Everything in place, no app yet.
    pub async fn new() -> Self {
        Self::reaching_the_world_by(HttpSettings {
            proxy: ProxySource::None,
            ..HttpSettings::default()
        })
        .await
    }

    /// The same, with a proxy or certificates of its own.
    pub async fn reaching_the_world_by(settings: HttpSettings) -> Self {
        let root = tempfile::tempdir().unwrap();
        let network = Arc::new(AtomicBool::new(true));
        let clock = ManualClock::at(START_UNIX_MS);
        let vault = Arc::new(MemoryVault::new());
        let (browser, watched) = FakeBrowser::new();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let redirect_uri = format!("http://{}/callback/test", listener.local_addr().unwrap());
        let effects = Effects {
            clock: Arc::new(clock.clone()),
            random: Arc::new(SystemRandom),
            http: Arc::new(Network {
                http: ReqwestHttp::with(Arc::new(clock.clone()), settings),
                there: Arc::clone(&network),
            }),
            vault: Arc::clone(&vault) as _,
            browser: Arc::clone(&browser) as _,
            redirects: Arc::new(Loopback::handed(Arc::new(clock.clone()), vec![listener])),
            caller: Caller { name: "script".into(), pid: Some(77) },
            host: Host { machine: "this".into(), boot: "now".into() },
        };
        let engine = Arc::new(Engine::new(effects.clone(), Folders::below(root.path())));
        let ledger = Arc::new(Ledger::default());
        let sandbox = Sandbox::open(SandboxSettings {
            approve: Approve::Auto,
            clock: Arc::new(StageClock(clock.clone())),
            ledger: Some(Arc::clone(&ledger)),
            ..SandboxSettings::default()
        })
        .unwrap();
        register(&sandbox, &redirect_uri);
        let (address, stop) = run(Arc::clone(&sandbox)).await;
        Self {
            root,
            clock,
            vault,
            browser,
            watched,
            sandbox,
            ledger,
            address,
            redirect_uri,
            engine,
            network,
            effects,
            stop: Some(stop),
        }
    }

    /// Another program of the same user: the same folders, vault and clock.
    pub fn second_engine(&self) -> Arc<Engine> {
        Arc::new(Engine::new(self.effects.clone(), Folders::below(self.root.path())))
    }

    /// The same program with another place for the browser to come back to.
    pub fn engine_receiving(&self, redirects: Arc<dyn RedirectSource>) -> Arc<Engine> {
        let effects = Effects { redirects, ..self.effects.clone() };
        Arc::new(Engine::new(effects, Folders::below(self.root.path())))
    }

    /// The same program on another machine with the same folders, or after a restart of this one.
    pub fn engine_on(&self, machine: &str, boot: &str) -> Arc<Engine> {
        let host = Host { machine: machine.into(), boot: boot.into() };
        let effects = Effects { host, ..self.effects.clone() };
        Arc::new(Engine::new(effects, Folders::below(self.root.path())))
    }

    /// With the public app set up.
    pub async fn with_app() -> Self {
        let stage = Self::new().await;
        stage.add_public().await;
        stage
    }

    pub async fn add_public(&self) -> String {
        self.engine.add_app(self.public()).await.unwrap().id
    }

    pub fn public(&self) -> NewApp {
        self.app(PUBLIC, ClientType::Public, None)
    }

    pub fn app(&self, client_id: &str, client_type: ClientType, secret: Option<&str>) -> NewApp {
        NewApp {
            name: "Test".into(),
            provider: NewProvider::Sandbox { address: self.address.clone() },
            client_id: client_id.into(),
            client_type,
            redirect_uris: vec![self.redirect_uri.clone()],
            scopes: Vec::new(),
            client_secret: secret.map(|secret| Secret::new(secret.into())),
        }
    }

    /// The sandbox as any other server, which keeps several grants of a user.
    pub fn custom(&self, profile: Option<String>, revoke: Option<String>) -> NewApp {
        let at = |path: &str| format!("{}{path}", self.address);
        let (authorize, token) = (at("/i/oauth2/authorize"), at("/2/oauth2/token"));
        let scopes = ["tweet.read", "users.read", "offline.access"];
        NewApp {
            provider: NewProvider::Custom { authorize, token, revoke, profile, issuer: None },
            scopes: scopes.map(str::to_owned).into(),
            ..self.public()
        }
    }

    /// Runs a login through the only app to its end.
    pub async fn log_in(&self) -> Result<String, Problem> {
        let request = self.engine.login_request(None, Page::Open)?;
        self.engine.login_in_view(&request, &LiveLogin::default()).await
    }

    /// The same through one of several.
    pub async fn log_in_through(&self, app: &str) -> Result<String, Problem> {
        let request = self.engine.login_request(Some(app), Page::Open)?;
        self.engine.login_in_view(&request, &LiveLogin::default()).await
    }

    /// Starts a login through the only app in a task of its own.
    pub fn begin(&self) -> Begun {
        let login = LiveLogin::default();
        let (engine, live) = (Arc::clone(&self.engine), login.clone());
        let request = engine.login_request(None, Page::Open).unwrap();
        let task = tokio::spawn(async move { engine.login_in_view(&request, &live).await });
        Begun { login, task }
    }

    pub fn view(&self) -> View {
        self.engine.view()
    }

    /// The only account.
    pub fn account(&self) -> AccountView {
        let mut accounts = self.view().accounts;
        assert_eq!(accounts.len(), 1, "{accounts:#?}");
        accounts.remove(0)
    }

    /// Lets time pass while somebody waits: whoever waits for another program's lock does so by the
    /// clock.
    pub fn ticking(&self) -> tokio::task::JoinHandle<()> {
        let clock = self.clock.clone();
        tokio::spawn(async move {
            loop {
                clock.sleepers(1).await;
                clock.advance(Duration::from_millis(1));
                tokio::task::yield_now().await;
            }
        })
    }

    /// The sandbox stops listening.
    pub async fn stop_sandbox(&mut self) {
        drop(self.stop.take());
        let url = format!("{}/", self.address);
        while reqwest::get(&url).await.is_ok() {
            tokio::task::yield_now().await;
        }
    }
}

/// What comes at once in life or never: a deadline turns a hang into a failure.
pub async fn soon<T>(what: &str, coming: impl Future<Output = T>) -> T {
    let patience = Duration::from_secs(20);
    let came = tokio::time::timeout(patience, coming).await;
    came.unwrap_or_else(|_| panic!("waited in vain for {what}"))
}

/// A login in a task of its own.
pub struct Begun {
    pub login: LiveLogin,
    pub task: tokio::task::JoinHandle<Result<String, Problem>>,
}

impl Begun {
    pub async fn ended(self) -> Result<String, Problem> {
        self.task.await.unwrap()
    }
}

fn register(sandbox: &Sandbox, redirect_uri: &str) {
    let app = |client_id: &str, client_type, client_secret: Option<&str>| Registration {
        name: "Test app".into(),
        client_id: client_id.into(),
        client_type,
        client_secret: client_secret.map(str::to_owned),
        redirect_uris: vec![redirect_uri.to_owned()],
    };
    sandbox.register(app(PUBLIC, birdkey_sandbox::ClientType::Public, None));
    let confidential = birdkey_sandbox::ClientType::Confidential;
    sandbox.register(app(CONFIDENTIAL, confidential, Some(CLIENT_SECRET)));
}

async fn run(sandbox: Arc<Sandbox>) -> (String, oneshot::Sender<()>) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let (stop, stopped) = oneshot::channel::<()>();
    tokio::spawn(serve(sandbox, listener, async {
        stopped.await.ok();
    }));
    (address, stop)
}
