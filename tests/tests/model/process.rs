//! Commands: every call of the engine that the model makes, so that its changes touch one file.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use birdkey::effects::BoxFuture;
use birdkey::effects::clock::Clock as _;
use birdkey::effects::folders::Folders;
use birdkey::effects::host::Host;
use birdkey::effects::process::Caller;
use birdkey::engine::{ApiRequest, NewApp, NewProvider, RemovedApp};
use birdkey::login::{LoginObserver, Page, Progress};
use birdkey::problem::{Code, Problem};
use birdkey::protocol::client::ClientType;
use birdkey::protocol::secret::Secret;
use birdkey::token::Needs;
use birdkey::view::{AccountState, LogoutView, RevocationView};
use birdkey::{Effects, Engine};
use tokio::sync::watch;

use crate::desk::Desk;
use crate::dice::Dice;
use crate::fuse::Fuse;
use crate::keychain::Keychain;
use crate::machine::Machine;
use crate::server::User;
use crate::setting::{Client, Kind, Offered, SECRET, Setting};
use crate::wire::{Network, Wire};

/// What a command does, with the account that was meant already found.
#[derive(Debug, Clone)]
pub enum Command {
    Login(User),
    LoginFor(String, User),
    Refresh(String),
    Token(String),
    Api {
        account: String,
        refusals: u32,
    },
    Logout(String),
    RemoveApp(String),
    AddApp(Setting),
    FinishLogouts,
    /// The desktop app runs for this long.
    Stay(Duration),
}

/// What a command told the person or program that ran it.
#[derive(Debug, Default)]
pub struct Said {
    /// The problem it ended with.
    pub code: Option<Code>,
    /// Problems it told of besides.
    pub also: Vec<Code>,
    /// Whether it said of a token that it may still work.
    pub may_live_on: bool,
    /// The access token handed out.
    pub token: Option<String>,
    /// The account it settled on.
    pub account: Option<String>,
}

/// What the command needs of its world.
pub struct Ground {
    pub network: Arc<Network>,
    pub fuse: Arc<Fuse>,
    pub trail: Arc<Mutex<crate::book::Trail>>,
    pub seed: u64,
}

/// An account as `birdkey status` shows it.
pub struct Shown {
    pub id: String,
    pub app_id: String,
    pub log_in_again: bool,
    pub code: Option<Code>,
}

/// Prepares a command of a machine; it runs when it is polled.
pub fn command(machine: &Machine, ground: &Ground, what: Command) -> BoxFuture<'static, Said> {
    let (user, refusals) = match &what {
        Command::Login(user) | Command::LoginFor(_, user) => (*user, 0),
        Command::Api { refusals, .. } => (User::Ada, *refusals),
        _ => (User::Ada, 0),
    };
    let effects = effects(machine, ground, user, refusals);
    let engine = Engine::new(effects, Folders::below(machine.root()));
    let clock = machine.clock.clone();
    Box::pin(async move {
        let said = match what {
            Command::Login(_) => login(&engine, None).await,
            Command::LoginFor(account, _) => login(&engine, Some(&account)).await,
            Command::Refresh(account) => settled(engine.refresh(Some(&account)).await),
            Command::Token(account) => token(&engine, &account).await,
            Command::Api { account, .. } => api(&engine, &account).await,
            Command::Logout(account) => {
                let said = logged_out(engine.log_out(Some(&account)).await);
                engine.logouts_were_shown();
                said
            }
            Command::RemoveApp(app) => {
                let said = removed(engine.remove_app(&app).await);
                engine.logouts_were_shown();
                said
            }
            Command::AddApp(setting) => done(engine.add_app(new_app(setting)).await),
            Command::FinishLogouts => {
                engine.finish_logouts().await;
                Said::default()
            }
            Command::Stay(duration) => {
                tokio::select! {
                    () = engine.keep_fresh() => {}
                    () = clock.sleep(duration) => {}
                }
                engine.close();
                let accounts = engine.view().accounts.into_iter();
                let shown = accounts.filter_map(|account| Some(account.problem?.code));
                Said { also: shown.collect(), ..Said::default() }
            }
        };
        engine.seen_through().await;
        said
    })
}

/// The accounts as they are shown now; asks neither vault nor server.
pub fn shown(machine: &Machine, ground: &Ground) -> Vec<Shown> {
    let effects = effects(machine, ground, User::Ada, 0);
    let view = Engine::new(effects, Folders::below(machine.root())).view();
    let accounts = view.accounts.into_iter().map(|account| Shown {
        id: account.id,
        app_id: account.app_id,
        log_in_again: account.state == AccountState::LogInAgain,
        code: account.problem.map(|problem| problem.code),
    });
    accounts.collect()
}

fn effects(machine: &Machine, ground: &Ground, user: User, refusals: u32) -> Effects {
    let (network, fuse) = (&ground.network, &ground.fuse);
    let desk = Arc::new(Desk {
        network: Arc::clone(network),
        user,
        fuse: Arc::clone(fuse),
        waiting: Mutex::default(),
    });
    Effects {
        clock: Arc::new(machine.clock.clone()),
        random: Arc::new(Dice::new(ground.seed)),
        http: Arc::new(Wire {
            network: Arc::clone(network),
            machine: machine.number,
            fuse: Arc::clone(fuse),
            trail: Arc::clone(&ground.trail),
            refusals: Mutex::new(refusals),
        }),
        vault: Arc::new(Keychain { vault: Arc::clone(&machine.vault), fuse: Arc::clone(fuse) }),
        browser: Arc::clone(&desk) as _,
        redirects: desk,
        caller: Caller { name: "script".into(), pid: Some(77) },
        host: Host { machine: format!("machine {}", machine.number), boot: "now".into() },
    }
}

async fn login(engine: &Engine, account: Option<&str>) -> Said {
    let request = match account {
        None => engine.login_request(None, Page::Open),
        Some(account) => engine.login_again_request(account, Page::Open),
    };
    let request = match request {
        Ok(request) => request,
        Err(problem) => return failed(&problem),
    };
    let told = Told::default();
    let (_keep, cancelled) = watch::channel(false);
    let ended = engine.login(&request, &told, cancelled).await;
    Said { also: told.0.into_inner().unwrap(), ..settled(ended) }
}

/// What a login tells on its way.
#[derive(Default)]
struct Told(Mutex<Vec<Code>>);

impl LoginObserver for Told {
    fn progress(&self, progress: Progress<'_>) {
        if let Progress::NotRenewed(problem) | Progress::Remark(problem) = progress {
            self.0.lock().unwrap().push(problem.code);
        }
    }
}

async fn token(engine: &Engine, account: &str) -> Said {
    match engine.token(Some(account), &Needs::default()).await {
        Ok(handed_out) => Said {
            token: Some(handed_out.access_token.expose().to_owned()),
            also: handed_out.warning.into_iter().map(|problem| problem.code).collect(),
            ..Said::default()
        },
        Err(problem) => failed(&problem),
    }
}

async fn api(engine: &Engine, account: &str) -> Said {
    let target = if account_has_x_paths(engine) { "/2/users/me" } else { "/userinfo" };
    let request = ApiRequest { target: target.into(), ..ApiRequest::default() };
    match engine.api(Some(account), &request).await {
        Ok(answered) => {
            let also = answered.warning.into_iter().map(|problem| problem.code).collect();
            Said { also, ..Said::default() }
        }
        Err(problem) => failed(&problem),
    }
}

fn account_has_x_paths(engine: &Engine) -> bool {
    let view = engine.view();
    view.apps.iter().any(|app| app.host == "127.0.0.1")
}

fn logged_out(ended: Result<LogoutView, Problem>) -> Said {
    let view = match ended {
        Ok(view) => view,
        Err(problem) => return failed(&problem),
    };
    let mut said = Said { may_live_on: view.newer_tokens.is_some(), ..Said::default() };
    for half in [view.refresh_token, view.access_token] {
        match half {
            RevocationView::Failed { problem } => {
                said.also.push(problem.code);
                said.may_live_on = true;
            }
            RevocationView::Waiting { problem } => said.also.push(problem.code),
            RevocationView::Unsupported => said.may_live_on = true,
            RevocationView::Revoked | RevocationView::None => {}
        }
    }
    said
}

fn removed(ended: Result<RemovedApp, Problem>) -> Said {
    let logouts = match ended {
        Ok(removed) => removed.logouts,
        Err(problem) => return failed(&problem),
    };
    let mut all = Said::default();
    for said in logouts.into_iter().map(|view| logged_out(Ok(view))) {
        all.also.extend(said.also);
        all.may_live_on |= said.may_live_on;
    }
    all
}

fn settled(ended: Result<String, Problem>) -> Said {
    match ended {
        Ok(account) => Said { account: Some(account), ..Said::default() },
        Err(problem) => failed(&problem),
    }
}

fn done<T>(ended: Result<T, Problem>) -> Said {
    ended.map_or_else(|problem| failed(&problem), |_| Said::default())
}

fn failed(problem: &Problem) -> Said {
    Said { code: Some(problem.code), ..Said::default() }
}

fn new_app(setting: Setting) -> NewApp {
    let (provider, client_id) = match setting.kind {
        Kind::Sandbox => {
            let address = crate::server::SANDBOX_ADDRESS.to_owned();
            (NewProvider::Sandbox { address }, crate::server::SANDBOX_CLIENT)
        }
        Kind::Plain => (plain(setting.offered), crate::plain_server::PLAIN_CLIENT),
    };
    NewApp {
        name: "Test".into(),
        provider,
        client_id: client_id.into(),
        client_type: match setting.client {
            Client::Public => ClientType::Public,
            Client::Confidential => ClientType::Confidential,
        },
        redirect_uris: vec![crate::server::REDIRECT_URI.into()],
        scopes: Vec::new(),
        client_secret: (setting.client == Client::Confidential)
            .then(|| Secret::new(SECRET.to_owned())),
    }
}

fn plain(offered: Offered) -> NewProvider {
    let at = |path: &str| format!("{}{path}", crate::plain_server::PLAIN);
    let (revoke, profile) = match offered {
        Offered::All => (Some(at("/revoke")), Some(at("/userinfo"))),
        Offered::NoProfile => (Some(at("/revoke")), None),
        Offered::NoRevocation => (None, Some(at("/userinfo"))),
    };
    NewProvider::Custom {
        authorize: at("/authorize"),
        token: at("/token"),
        revoke,
        profile,
        issuer: None,
    }
}

/// The notes in `locks/` that say of an account that its refresh is unresolved: account and serial.
pub fn open_refreshes(data: &Path) -> Vec<(String, Option<String>)> {
    let entries = std::fs::read_dir(data.join("locks")).into_iter().flatten().flatten();
    let mut open = Vec::new();
    for path in entries.map(|entry| entry.path()) {
        let Some(account) = path.file_stem().and_then(|stem| stem.to_str()) else { continue };
        match path.extension().and_then(|it| it.to_str()) {
            Some("intent") => {
                let text = std::fs::read_to_string(&path).unwrap();
                let note: serde_json::Value = serde_json::from_str(&text).unwrap_or_default();
                open.push((account.to_owned(), note["serial"].as_str().map(str::to_owned)));
            }
            // A new pair that the vault did not take.
            Some("sealed") => open.push((account.to_owned(), None)),
            _ => {}
        }
    }
    open
}

/// Whether `birdkey status` says that tokens of a login that is over may live at the server.
pub fn says_that_tokens_may_live(data: &Path) -> bool {
    let mut texts = login_notes(data).map(|path| std::fs::read_to_string(path).unwrap_or_default());
    let queue = std::fs::read_to_string(data.join("revocations.json")).unwrap_or_default();
    let list = std::fs::read_to_string(data.join("accounts.json")).unwrap_or_default();
    if queue.contains(r#""unanswered": true"#) || list.contains(r#""ended":"reply_lost""#) {
        return true;
    }
    texts.any(|text| text.contains("newer_lost") || text.contains("not_revoked"))
}

/// Whether a note says that a login is unresolved; `birdkey status` says so as long as it does.
pub fn is_login_open(data: &Path) -> bool {
    login_notes(data).next().is_some()
}

/// Without those that a kill left half written.
fn login_notes(data: &Path) -> impl Iterator<Item = PathBuf> {
    let entries = std::fs::read_dir(data.join("logins")).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).filter(|path| path.extension().is_some_and(|it| it == "json"))
}
