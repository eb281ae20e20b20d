//! Refreshing: one at a time, no reply lost unnoticed, and a grant dead only on the server's word.

use std::sync::Arc;
use std::time::Duration;

use birdkey::Engine;
use birdkey::effects::clock::Clock as _;
use birdkey::effects::files::{self, OurFile};
use birdkey::effects::lock::is_held;
use birdkey::effects::vault::memory::Trouble;
use birdkey::problem::{Code, Problem};
use birdkey::token::{FreshToken, Needs};
use birdkey::view::AccountState;
use birdkey_sandbox::{Knobs, Plan};

use crate::stage::Stage;

const TWO_HOURS: Duration = Duration::from_hours(2);

async fn logged_in() -> Stage {
    let stage = Stage::with_app().await;
    stage.log_in().await.unwrap();
    stage
}

/// Logged in, and the access token has expired.
pub async fn expired() -> Stage {
    let stage = logged_in().await;
    stage.clock.advance(TWO_HOURS);
    stage
}

impl Stage {
    pub fn plan(&self, line: &str) {
        self.sandbox.plan(line.parse::<Plan>().unwrap());
    }

    pub async fn token(&self) -> Result<FreshToken, Problem> {
        self.engine.token(None, &Needs::default()).await
    }

    pub fn token_requests(&self) -> usize {
        self.ledger.requests().iter().filter(|one| one.path == "/2/oauth2/token").count()
    }

    pub fn intents(&self) -> usize {
        let locks = std::fs::read_dir(self.root.path().join("data/locks")).unwrap();
        locks
            .filter(|file| file.as_ref().unwrap().path().extension().is_some_and(|e| e == "intent"))
            .count()
    }

    /// Whether the lock of any account is held.
    pub fn somebody_refreshes(&self) -> bool {
        let data = self.root.path().join("data");
        let locks = files::names_in(&data.join("locks"));
        locks.iter().filter_map(|name| name.strip_suffix(".lock")).any(|name| is_held(&data, name))
    }

    /// Lets the pause pass that follows an attempt without an answer.
    pub fn rest(&self) {
        self.clock.advance(Duration::from_secs(30));
    }

    pub async fn works_at_the_server(&self, handed_out: &FreshToken) -> bool {
        let me = crate::browser::client(reqwest::redirect::Policy::none())
            .get(format!("{}/2/users/me", self.address))
            .bearer_auth(handed_out.access_token.expose())
            .send()
            .await
            .unwrap();
        me.status() == 200
    }
}

#[tokio::test]
async fn an_expired_token_is_refreshed_before_it_is_handed_out() {
    let stage = expired().await;
    assert_eq!(stage.account().state, AccountState::Refreshable);

    let handed_out = stage.token().await.unwrap();

    assert!(stage.works_at_the_server(&handed_out).await);
    assert_eq!(handed_out.expires_at_ms, Some(stage.clock.now_unix_ms() + 7_200_000));
    assert_eq!(stage.account().state, AccountState::Ready, "the list follows");
    assert_eq!(stage.account().username, Some("demo_ada".into()), "the names are kept");
    assert_eq!(stage.intents(), 0);
    stage.clock.advance(TWO_HOURS);
    assert!(stage.token().await.is_ok(), "the new refresh token is the one that was stored");
}

#[tokio::test]
async fn a_token_is_refreshed_when_less_than_asked_for_is_left_but_not_twice_in_a_minute() {
    let stage = logged_in().await;
    stage.clock.advance(Duration::from_secs(7_110));
    let at_least = |seconds| Needs { min_valid: Duration::from_secs(seconds), ..Needs::default() };
    stage.engine.token(None, &at_least(60)).await.unwrap();
    assert_eq!(stage.token_requests(), 1, "90 seconds are enough");
    stage.engine.token(None, &at_least(91)).await.unwrap();
    assert_eq!(stage.token_requests(), 2, "90 seconds are too few");

    stage.engine.token(None, &at_least(9_000)).await.unwrap();
    stage.clock.advance(Duration::from_secs(59));
    stage.engine.token(None, &at_least(9_000)).await.unwrap();
    assert_eq!(stage.token_requests(), 2, "it just came");
    stage.clock.advance(Duration::from_secs(1));
    stage.engine.token(None, &at_least(9_000)).await.unwrap();
    assert_eq!(stage.token_requests(), 3);
}

#[tokio::test]
async fn many_callers_in_two_programs_cause_one_refresh() {
    let stage = expired().await;
    let other = stage.second_engine();
    let ticks = stage.ticking();
    let ask = |engine: &Arc<Engine>| {
        let engine = Arc::clone(engine);
        tokio::spawn(async move { engine.token(None, &Needs::default()).await.unwrap() })
    };
    let asked: Vec<_> =
        (0..20).map(|n| ask(if n % 2 == 0 { &stage.engine } else { &other })).collect();
    for one in asked {
        assert!(stage.works_at_the_server(&one.await.unwrap()).await);
    }
    ticks.abort();
    assert_eq!(stage.token_requests(), 2, "the login and one refresh");
}

#[tokio::test]
async fn a_lost_reply_is_asked_for_again_and_the_account_says_when_it_was_too_late() {
    let stage = expired().await;
    stage.plan("token:drop-after");
    let lost = stage.token().await.unwrap_err();
    assert_eq!((lost.code, lost.code.exit_code()), (Code::ConnectionBrokeOff, 6));
    assert_eq!(stage.intents(), 1, "the next one has to know");
    assert_eq!(stage.account().state, AccountState::Refreshable, "nothing is given up yet");

    stage.rest();
    let restarted = stage.second_engine();
    let dead = restarted.token(None, &Needs::default()).await.unwrap_err();

    assert_eq!((dead.code, dead.code.exit_code()), (Code::RefreshReplyLost, 4));
    assert_eq!(stage.account().state, AccountState::LogInAgain);
    assert_eq!(stage.account().problem.unwrap().code, Code::RefreshReplyLost);
    assert_eq!(stage.intents(), 0);
    let requests = stage.token_requests();
    assert_eq!(stage.token().await.unwrap_err().code, Code::RefreshReplyLost);
    assert_eq!(stage.token_requests(), requests, "the server's word stands; it is not asked again");

    stage.log_in().await.unwrap();
    assert_eq!(stage.account().state, AccountState::Ready, "a login fixes it");
    assert!(stage.token().await.is_ok());
}

#[tokio::test]
async fn a_lost_reply_costs_nothing_where_the_server_has_a_grace() {
    let stage = expired().await;
    let rotation_grace = Duration::from_mins(1);
    stage.sandbox.set_knobs(Knobs { rotation_grace, ..Knobs::default() });
    stage.plan("token:drop-after");
    stage.token().await.unwrap_err();
    stage.rest();
    assert!(stage.works_at_the_server(&stage.token().await.unwrap()).await);
    assert_eq!(stage.intents(), 0);
}

#[tokio::test]
async fn the_unambiguous_word_of_the_server_marks_the_account_and_keeps_it() {
    let stage = expired().await;
    stage.plan("token:refuse=5");
    let problem = stage.token().await.unwrap_err();
    assert_eq!((problem.code, problem.code.exit_code()), (Code::RefreshRefused, 4));
    assert_eq!(stage.account().state, AccountState::LogInAgain);
    assert_eq!(stage.vault.names().len(), 1, "nothing is erased");

    stage.engine.refresh(None).await.unwrap();
    assert_eq!(stage.account().state, AccountState::Ready, "the user may ask once more");
}

#[tokio::test]
async fn a_refusal_counts_only_while_the_vault_holds_what_was_sent() {
    let stage = expired().await;
    let other = stage.second_engine();
    let hold = Arc::new(tokio::sync::Notify::new());
    let body = r#"{"error":"invalid_grant"}"#;
    let canned = birdkey_sandbox::Canned {
        hold: Some(Arc::clone(&hold)),
        ..crate::login::canned(400, body)
    };
    stage.sandbox.answer_next(birdkey_sandbox::Route::Token, canned);
    let engine = Arc::clone(&stage.engine);
    let waiting = tokio::spawn(async move { engine.token(None, &Needs::default()).await });
    while stage.ledger.received(birdkey_sandbox::Received::RefreshToken).is_empty() {
        tokio::task::yield_now().await;
    }
    // A program that knows nothing of the lock refreshes meanwhile.
    let lock = std::fs::read_dir(stage.root.path().join("data/locks")).unwrap();
    for file in
        lock.filter(|file| file.as_ref().unwrap().path().extension().is_some_and(|e| e == "lock"))
    {
        std::fs::remove_file(file.unwrap().path()).unwrap();
    }
    other.token(None, &Needs::default()).await.unwrap();
    hold.notify_one();

    let handed_out = waiting.await.unwrap().unwrap();

    assert!(stage.works_at_the_server(&handed_out).await, "the pair of the other program");
    assert_eq!(stage.account().state, AccountState::Ready);
}

#[tokio::test]
async fn what_never_left_leaves_no_note() {
    let mut stage = expired().await;
    stage.stop_sandbox().await;
    let problem = stage.token().await.unwrap_err();
    assert_eq!((problem.code, problem.code.exit_code()), (Code::SandboxNotRunning, 6));
    assert_eq!(stage.intents(), 0);
    assert_eq!(stage.account().state, AccountState::Refreshable);
}

#[tokio::test]
async fn a_vault_that_takes_nothing_is_found_before_anything_is_sent() {
    for trouble in [Trouble::Locked, Trouble::TimedOut, Trouble::Failed] {
        let stage = expired().await;
        stage.vault.fail_with(trouble);
        assert_eq!(stage.token().await.unwrap_err().code.exit_code(), 7);
        assert_eq!(stage.token_requests(), 1, "{trouble:?}: only the login");
        stage.vault.heal();
        assert!(stage.token().await.is_ok());
        assert_eq!(stage.vault.calls().unlocks, 0, "and nobody is asked for a password");
    }
}

#[tokio::test]
async fn a_vault_that_can_be_read_but_not_written_is_found_before_anything_is_sent() {
    let stage = expired().await;
    stage.vault.fail_changes_with(Trouble::Locked);
    assert_eq!(stage.token().await.unwrap_err().code, Code::VaultLocked);
    assert_eq!((stage.token_requests(), stage.intents()), (1, 0));
}

#[tokio::test]
async fn a_holder_that_hangs_is_named_and_its_lock_is_not_broken() {
    let stage = expired().await;
    let id = stage.account().id;
    let locks = stage.root.path().join("data/locks");
    let lock = OurFile::lock(&stage.root.path().join("data"), &id);
    let held = files::try_lock(&lock).unwrap().unwrap();
    std::fs::write(locks.join(format!("{id}.holder")), "4242").unwrap();
    let engine = Arc::clone(&stage.engine);
    let waiting = tokio::spawn(async move { engine.token(None, &Needs::default()).await });
    stage.clock.sleepers(1).await;
    stage.clock.advance(Duration::from_secs(40));

    let problem = waiting.await.unwrap().unwrap_err();

    assert_eq!((problem.code, problem.code.exit_code()), (Code::RefreshBusy, 6));
    assert!(problem.why.contains("4242"), "{}", problem.why);
    assert_eq!(stage.token_requests(), 1, "nothing was sent");
    drop(held);
    assert!(stage.token().await.is_ok());
}

#[tokio::test]
async fn a_caller_that_goes_away_does_not_cut_the_reply_off() {
    let stage = expired().await;
    let hold = Arc::new(tokio::sync::Notify::new());
    stage.plan("token:delay=50");
    let engine = Arc::clone(&stage.engine);
    let asked = tokio::spawn(async move { engine.token(None, &Needs::default()).await });
    while stage.ledger.received(birdkey_sandbox::Received::RefreshToken).is_empty()
        && stage.intents() == 0
    {
        tokio::task::yield_now().await;
    }
    asked.abort();
    drop(hold);
    while stage.account().state != AccountState::Ready {
        tokio::task::yield_now().await;
    }
    assert!(stage.works_at_the_server(&stage.token().await.unwrap()).await);
    assert_eq!(stage.token_requests(), 2);
}

#[tokio::test]
async fn an_edited_address_gets_no_refresh_token() {
    let stage = expired().await;
    let path = stage.root.path().join("config/config.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text.replace(&stage.address, "https://stranger.example")).unwrap();
    assert_eq!(stage.token().await.unwrap_err().code, Code::EndpointsChanged);
    assert_eq!(stage.token_requests(), 1);
}

#[tokio::test]
async fn without_offline_access_the_end_of_the_token_is_the_end() {
    let stage = Stage::new().await;
    let scopes = vec!["tweet.read".to_owned(), "users.read".to_owned()];
    stage.engine.add_app(birdkey::engine::NewApp { scopes, ..stage.public() }).await.unwrap();
    stage.log_in().await.unwrap();
    stage.clock.advance(TWO_HOURS);
    let problem = stage.token().await.unwrap_err();
    assert_eq!((problem.code, problem.code.exit_code()), (Code::TokenExpired, 4));
}

#[tokio::test]
async fn a_clock_that_was_set_back_makes_an_expiry_worth_nothing() {
    let stage = logged_in().await;
    stage.clock.step_wall(-30_000);
    assert_eq!(stage.account().state, AccountState::Ready, "as a network sets it right");
    stage.clock.step_wall(-3_600_000);
    assert_eq!(stage.account().state, AccountState::Refreshable);
    assert!(stage.works_at_the_server(&stage.token().await.unwrap()).await);
    assert_eq!(stage.token_requests(), 2, "nobody knows how old the pair is");
}

#[tokio::test]
async fn refresh_now_brings_new_names_too() {
    let stage = logged_in().await;
    let path = stage.root.path().join("data/accounts.json");
    let me = r#"{"data":{"id":"1000000001","name":"Ada L.","username":"ada_renamed"}}"#;
    let known: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
    let me = me.replace("1000000001", known["accounts"][0]["user_id"].as_str().unwrap());
    stage.sandbox.answer_next(birdkey_sandbox::Route::UsersMe, crate::login::canned(200, &me));
    stage.engine.refresh(None).await.unwrap();
    assert_eq!(stage.account().username, Some("ada_renamed".into()));

    let stranger = r#"{"data":{"id":"666","name":"M","username":"mallory"}}"#;
    stage.sandbox.answer_next(birdkey_sandbox::Route::UsersMe, crate::login::canned(200, stranger));
    stage.engine.refresh(None).await.unwrap();
    assert_eq!(stage.account().username, Some("ada_renamed".into()), "nobody takes it over");
}
