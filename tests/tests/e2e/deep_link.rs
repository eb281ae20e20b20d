//! The browser comes back by a link to the desktop app: the same checks as at the listener.

use std::sync::Arc;
use std::time::Duration;

use birdkey::Engine;
use birdkey::effects::deep_link::{Arrived, DeepLinks, REDIRECT_URI};
use birdkey::engine::LiveLogin;
use birdkey::login::{LoginRequest, Page};
use birdkey::problem::{Code, Problem};
use birdkey::protocol::secret::Secret;
use birdkey::view::LoginStage;
use birdkey_sandbox::{ClientType, Registration, Route};
use tokio::task::JoinHandle;

use crate::browser::{Manner, location};
use crate::login::canned;
use crate::stage::{PUBLIC, Stage};

/// The desktop app of a stage whose only app takes links.
struct Desktop {
    stage: Stage,
    engine: Arc<Engine>,
    links: Arc<DeepLinks>,
}

impl Desktop {
    async fn new() -> Self {
        let stage = Stage::with_app().await;
        stage.browser.behave(Manner::Keep);
        stage.sandbox.register(Registration {
            name: "Test app".into(),
            client_id: PUBLIC.into(),
            client_type: ClientType::Public,
            client_secret: None,
            redirect_uris: vec![REDIRECT_URI.into()],
        });
        let links = Arc::new(DeepLinks::new(Arc::new(stage.clock.clone())));
        let engine = stage.engine_receiving(Arc::clone(&links) as _);
        let app = engine.view().apps[0].id.clone();
        engine.use_deep_link(&app, true).unwrap();
        Self { stage, engine, links }
    }

    fn begin(&self) -> JoinHandle<Result<String, Problem>> {
        let engine = Arc::clone(&self.engine);
        let request = engine.login_request(None, Page::Open).unwrap();
        tokio::spawn(async move { engine.login_in_view(&request, &LiveLogin::default()).await })
    }

    /// Where the page opened last wants the browser to go.
    async fn back(&mut self) -> String {
        let url = self.stage.watched.opened.recv().await.unwrap();
        location(&url).await
    }

    async fn arrive(&self, link: &str) -> Arrived {
        self.links.arrive(&Secret::new(link.to_owned())).await
    }

    fn token_requests(&self) -> usize {
        let requests = self.stage.ledger.requests();
        requests.iter().filter(|one| one.path == "/2/oauth2/token").count()
    }

    fn stage_of_login(&self) -> LoginStage {
        self.engine.view().login.unwrap().stage
    }
}

#[tokio::test]
async fn a_link_brings_the_grant_and_its_repeats_bring_nothing() {
    let mut desktop = Desktop::new().await;
    assert!(desktop.engine.view().apps[0].takes_links);
    let login = desktop.begin();
    let back = desktop.back().await;
    assert!(back.starts_with("app.birdkey:/callback?"), "{back}");

    assert_eq!(desktop.arrive(&back).await, Arrived::Taken);

    let account = login.await.unwrap().unwrap();
    assert_eq!(desktop.engine.view().accounts[0].id, account);
    for _ in 0..3 {
        assert_eq!(desktop.arrive(&back).await, Arrived::Taken, "its repeats are no news");
    }
    let other = back.replace("code=", "code=x");
    assert_eq!(desktop.arrive(&other).await, Arrived::NobodyWaits);
    assert_eq!(desktop.token_requests(), 1);
}

#[tokio::test]
async fn forged_links_leave_the_login_waiting_however_many_come() {
    let mut desktop = Desktop::new().await;
    let login = desktop.begin();
    let back = desktop.back().await;
    let code = back.split("code=").nth(1).unwrap();
    for (forged, expected) in [
        ("app.birdkey:/callback".to_owned(), Arrived::Stray),
        ("app.birdkey:/callback?code=abc".into(), Arrived::Stray),
        ("app.birdkey://callback?error=access_denied".into(), Arrived::Stray),
        (format!("app.birdkey:/callback?code={code}"), Arrived::Stray),
        (format!("app.birdkey:/callback?code={code}&state=guess"), Arrived::Stray),
        (back.replace("app.birdkey:/callback", "app.birdkey:/other"), Arrived::Foreign),
        (back.replace("app.birdkey:", "other.birdkey:"), Arrived::Foreign),
        (format!("{back}&padding={}", "A".repeat(1_000_000)), Arrived::Foreign),
    ] {
        let short = forged.get(..90).unwrap_or(&forged);
        assert_eq!(desktop.arrive(&forged).await, expected, "{short}");
        assert_eq!(desktop.stage_of_login(), LoginStage::Waiting, "{short}");
    }
    let flood: Vec<_> = (0..1_000)
        .map(|n| {
            let links = Arc::clone(&desktop.links);
            let link = Secret::new(format!("app.birdkey:/callback?state=guess{n}&code=abc"));
            tokio::spawn(async move { links.arrive(&link).await })
        })
        .collect();

    assert_eq!(desktop.arrive(&back).await, Arrived::Taken);

    for one in flood {
        assert_ne!(one.await.unwrap(), Arrived::Taken);
    }
    login.await.unwrap().unwrap();
    assert_eq!(desktop.token_requests(), 1);
}

#[tokio::test]
async fn a_link_whose_login_is_gone_is_said_and_nothing_is_sent() {
    let mut desktop = Desktop::new().await;
    let login = desktop.begin();
    let back = desktop.back().await;
    login.abort();
    assert!(login.await.unwrap_err().is_cancelled());
    // The app was closed meanwhile: this one knows of no login.
    let links = Arc::new(DeepLinks::new(Arc::new(desktop.stage.clock.clone())));
    let started_anew = desktop.stage.engine_receiving(Arc::clone(&links) as _);

    assert_eq!(links.arrive(&Secret::new(back.clone())).await, Arrived::NobodyWaits);
    assert!(started_anew.show_login_gone());

    let shown = started_anew.view().login.unwrap();
    assert_eq!(shown.stage, LoginStage::Failed);
    let problem = shown.problem.unwrap();
    assert_eq!(problem.code, Code::LoginGone);
    assert!(problem.hint.contains("Log in again"), "{}", problem.hint);
    assert_eq!(desktop.token_requests(), 0);
    assert_eq!(desktop.arrive(&back).await, Arrived::NobodyWaits, "an ended login waits no more");
}

#[tokio::test]
async fn where_no_app_takes_links_a_link_says_nothing() {
    let stage = Stage::with_app().await;
    assert!(!stage.engine.show_login_gone());
    assert!(stage.view().login.is_none());
}

#[tokio::test]
async fn without_the_desktop_app_a_login_says_what_to_add() {
    let desktop = Desktop::new().await;
    let config = desktop.stage.engine.folders().config.join("config.toml");
    let text = std::fs::read_to_string(&config).unwrap();
    let only_the_link = text.replace(&format!(", \"{}\"", desktop.stage.redirect_uri), "");
    assert_ne!(only_the_link, text);
    std::fs::write(&config, only_the_link).unwrap();

    let problem = desktop.stage.log_in().await.unwrap_err();

    assert_eq!(problem.code, Code::NoLoopbackRedirect);
    assert!(problem.hint.contains("http://127.0.0.1:8731/callback"), "{}", problem.hint);
}

#[tokio::test]
async fn the_deep_link_is_taken_out_as_it_was_put_in() {
    let desktop = Desktop::new().await;
    let app = desktop.engine.view().apps[0].clone();
    assert_eq!(app.redirect_uris, [REDIRECT_URI, desktop.stage.redirect_uri.as_str()]);

    desktop.engine.use_deep_link(&app.id, false).unwrap();

    let app = desktop.engine.view().apps[0].clone();
    assert_eq!(app.redirect_uris, [desktop.stage.redirect_uri.as_str()]);
    assert!(!app.takes_links);
}

#[tokio::test]
async fn a_self_test_is_ended_by_its_own_link_only() {
    let desktop = Desktop::new().await;
    let (link, mut came_back) = desktop.links.test_with("nonce");
    for forged in ["app.birdkey:/self-test?", "app.birdkey:/self-test?other"] {
        assert_eq!(desktop.arrive(forged).await, Arrived::Foreign, "{forged}");
    }
    assert!(came_back.try_recv().is_err());

    assert_eq!(desktop.arrive(&link).await, Arrived::Test);

    came_back.await.unwrap();
    assert_eq!(desktop.arrive(&link).await, Arrived::Foreign, "it is over");
}

/// What `birdkey login` asks for.
fn wanted(command: &Engine) -> LoginRequest {
    let mut request = command.login_request(None, Page::Open).unwrap();
    request.timeout = Duration::from_secs(90);
    request
}

#[tokio::test]
async fn a_command_gets_the_outcome_of_the_login_it_handed_over() {
    let mut desktop = Desktop::new().await;
    let command = desktop.stage.second_engine();
    // Both logins are without a name, so the second goes into the account of the first.
    let expected = [vec![], vec![Code::AccountRenewed, Code::LogoutHeldBack]];
    for expected in expected {
        desktop.stage.sandbox.answer_next(Route::UsersMe, canned(402, ""));
        let request = wanted(&command);
        let handed_over = command.hand_over(&request).unwrap();
        let (taken_over, taken) = desktop.engine.taken_over(&handed_over.id).unwrap();
        let taken = taken.unwrap();
        assert_eq!((taken.timeout, &taken.scopes), (request.timeout, &request.scopes));
        let engine = Arc::clone(&desktop.engine);
        let login = tokio::spawn(async move {
            let live = LiveLogin::default();
            let ended = engine.login_in_view(&taken, &live).await;
            taken_over.ended(&ended, &live.told());
            ended
        });
        let back = desktop.back().await;
        desktop.arrive(&back).await;
        let account = login.await.unwrap().unwrap();

        let (told_account, told) = command.handed_back(&handed_over, &request).await.unwrap();

        let remarks: Vec<_> = told.remarks.iter().map(|remark| remark.code).collect();
        assert_eq!((told_account, remarks, told.not_renewed), (account, expected, None));
        drop(handed_over);
        let left = std::fs::read_dir(command.folders().data.join("hand-over")).unwrap().count();
        assert_eq!(left, 0, "nothing is left behind");
    }
}

#[tokio::test]
async fn a_command_that_nobody_answers_says_so_and_one_that_ends_takes_its_request_back() {
    let desktop = Desktop::new().await;
    let command = desktop.stage.second_engine();
    let request = wanted(&command);
    let handed_over = command.hand_over(&request).unwrap();
    let id = handed_over.id.clone();
    let ticking = desktop.stage.ticking();

    let problem = command.handed_back(&handed_over, &request).await.unwrap_err();

    assert_eq!(problem.code, Code::NoLoopbackRedirect);
    let (taken_over, _) = desktop.engine.taken_over(&id).unwrap();
    drop(handed_over);
    desktop.engine.given_up(&taken_over).await;
    ticking.abort();
    assert!(desktop.engine.taken_over(&id).is_none());
    assert!(desktop.engine.taken_over("../../etc").is_none());
}
