//! The figures of the documents, each beside something known, in one run.
#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a program for a terminal that ends at the first surprise"
)]

use std::process::Stdio;
use std::sync::Arc;
use std::time::{Duration, Instant};

use birdkey::effects::BoxFuture;
use birdkey::effects::browser::{Browser, BrowserError};
use birdkey::effects::clock::{Clock, SystemClock};
use birdkey::effects::folders::Folders;
use birdkey::effects::http::ReqwestHttp;
use birdkey::effects::loopback::Loopback;
use birdkey::effects::random::SystemRandom;
use birdkey::effects::vault::KeyringVault;
use birdkey::engine::{LiveLogin, NewApp, NewProvider};
use birdkey::login::Page;
use birdkey::protocol::client::ClientType;
use birdkey::{Effects, Engine};
use birdkey_sandbox::{
    Approve, DEMO_CLIENT_ID, Knobs, Ledger, Sandbox, Settings, demo_registration, serve,
};
use birdkey_tests::desktop::{PrivateDesktop, items_of};
use tokio::sync::mpsc;

/// Logins measured.
const LOGINS: usize = 100;
/// Runs of the command measured beside them.
const LOOKUPS: usize = 50;
/// What the documents promise for the median.
const PROMISED: Duration = Duration::from_millis(50);
/// The keychain service of the bench.
const SERVICE: &str = "Birdkey (bench)";

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
pub(super) async fn main() {
    let desktop = PrivateDesktop::start().await;
    let (logins, lookup) = (logins(&desktop).await, lookups(&desktop));
    let (median, slowest) = (middle(&logins), logins.iter().max().copied().unwrap());
    println!("redirect received → grant in gnome-keyring, the sandbox's own time deducted");
    println!(
        "  {LOGINS} logins: median {median:.1?}, slowest {slowest:.1?} (promised: median under {PROMISED:?})"
    );
    println!("  secret-tool lookup in the same run: median {lookup:.1?}");
    println!("  ratio: {:.2}", median.as_secs_f64() / lookup.as_secs_f64());
    assert!(median < PROMISED, "the promise does not hold");
}

/// The time of each login, from the redirect to the answer that follows the vault's confirmation.
async fn logins(desktop: &PrivateDesktop) -> Vec<Duration> {
    let ledger = Arc::new(Ledger::default());
    let knobs = Knobs { users_me_limit: u32::MAX, ..Knobs::default() };
    let settings = Settings {
        approve: Approve::Auto,
        ledger: Some(Arc::clone(&ledger)),
        knobs,
        ..Settings::default()
    };
    let sandbox = Sandbox::open(settings).unwrap();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let redirect_uri = format!("http://127.0.0.1:{port}/callback");
    sandbox.register(demo_registration(vec![redirect_uri.clone()]));
    tokio::spawn(serve(sandbox, listener, std::future::pending()));

    let (opened, mut pages) = mpsc::unbounded_channel();
    let engine = Arc::new(engine(desktop, opened));
    engine.add_app(demo_app(address, redirect_uri)).await.unwrap();
    let http = reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap();
    let mut times = Vec::new();
    for _ in 0..LOGINS {
        let request = engine.login_request(None, Page::Open).unwrap();
        let login = Arc::clone(&engine);
        let login =
            tokio::spawn(async move { login.login_in_view(&request, &LiveLogin::default()).await });
        let consent = http.get(pages.recv().await.unwrap()).send().await.unwrap();
        let back = consent.headers()["location"].to_str().unwrap().to_owned();
        let began = Instant::now();
        let answer = http.get(back).send().await.unwrap();
        let took = began.elapsed();
        assert_eq!(answer.status(), 303);
        let done = http.get(format!("http://127.0.0.1:{port}/done")).send().await.unwrap();
        assert!(done.text().await.unwrap().contains("You are logged in"));
        login.await.unwrap().unwrap();
        times.push(took.saturating_sub(exchange(&ledger)));
    }
    assert_eq!(items_of(desktop, SERVICE).len(), 1, "the grant is in the real keychain, once");
    times
}

/// What the sandbox itself took for the last exchange.
fn exchange(ledger: &Ledger) -> Duration {
    let requests = ledger.requests();
    requests.iter().rev().find(|one| one.path == "/2/oauth2/token").unwrap().took
}

fn engine(desktop: &PrivateDesktop, opened: mpsc::UnboundedSender<String>) -> Engine {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock::new());
    let bus = desktop.bus_address();
    let effects = Effects {
        random: Arc::new(SystemRandom),
        http: Arc::new(ReqwestHttp::new(Arc::clone(&clock))),
        vault: Arc::new(KeyringVault::on_bus(SERVICE.into(), Arc::clone(&clock), bus)),
        browser: Arc::new(HandsOver(opened)),
        redirects: Arc::new(Loopback::new(Arc::clone(&clock))),
        caller: birdkey::effects::process::Caller::this("bench"),
        host: birdkey::effects::host::Host::this(),
        clock,
    };
    Engine::new(effects, Folders::below(&desktop.root().join("bench")))
}

fn demo_app(address: String, redirect_uri: String) -> NewApp {
    NewApp {
        name: "Bench".into(),
        provider: NewProvider::Sandbox { address },
        client_id: DEMO_CLIENT_ID.into(),
        client_type: ClientType::Public,
        redirect_uris: vec![redirect_uri],
        scopes: Vec::new(),
        client_secret: None,
    }
}

/// The median of `secret-tool lookup`, the floor for a keychain read as people know it.
fn lookups(desktop: &PrivateDesktop) -> Duration {
    let lookup = || {
        let began = Instant::now();
        let mut command = desktop.command("secret-tool");
        let ended = command.args(["lookup", "service", SERVICE]).stdout(Stdio::null()).status();
        assert!(ended.unwrap().success());
        began.elapsed()
    };
    middle(&(0..LOOKUPS).map(|_| lookup()).collect::<Vec<_>>())
}

fn middle(times: &[Duration]) -> Duration {
    let mut sorted = times.to_vec();
    sorted.sort();
    sorted[sorted.len() / 2]
}

/// A browser that only tells the bench where to go.
struct HandsOver(mpsc::UnboundedSender<String>);

impl Browser for HandsOver {
    fn open(&self, url: &str) -> BoxFuture<'_, Result<(), BrowserError>> {
        // Without a listener the bench has ended.
        self.0.send(url.to_owned()).ok();
        Box::pin(std::future::ready(Ok(())))
    }

    fn found(&self) -> Result<String, BrowserError> {
        Ok("bench".to_owned())
    }
}
