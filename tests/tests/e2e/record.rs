//! The recording tells what a server does, as it does it, and holds no secret.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use birdkey::effects::BoxFuture;
use birdkey::protocol::client::ClientType;
use birdkey::record::{Choice, Interviewer, Looks, Page as ConsentPage, QUESTIONS, Step};
use birdkey_sandbox::{Approve, Knobs, Sandbox};
use serde_json::Value;
use tokio::sync::{mpsc, watch};

use crate::browser::{Page, client, visit};
use crate::stage::{CLIENT_SECRET, CONFIDENTIAL, PUBLIC, Stage};

/// A person at the sandbox who does what each step asks for.
struct Person {
    sandbox: Arc<Sandbox>,
    address: String,
    pages: tokio::sync::Mutex<mpsc::UnboundedReceiver<Page>>,
    /// Where the person has had enough.
    stops_at: Option<Step>,
    skips: Vec<Step>,
    record: Mutex<Value>,
}

impl Person {
    fn of(stage: &mut Stage) -> Self {
        let (_, none) = mpsc::unbounded_channel();
        Self {
            sandbox: Arc::clone(&stage.sandbox),
            address: stage.address.clone(),
            pages: std::mem::replace(&mut stage.watched.pages, none).into(),
            stops_at: None,
            skips: Vec::new(),
            record: Mutex::default(),
        }
    }

    fn record(&self) -> Value {
        self.record.lock().unwrap().clone()
    }

    /// What was found out, in one text for each question.
    fn answer(&self, number: usize, asked: &str) -> String {
        let record = self.record();
        let answers = record["questions"][number - 1]["answers"].as_array().unwrap();
        let answer = answers.iter().find(|answer| answer["asked"] == asked);
        let answer = answer.unwrap_or_else(|| panic!("{number} {asked}: {record:#}"));
        answer["answer"].as_str().unwrap().to_owned()
    }

    async fn cancel(&self, page: &Page) {
        let id = page.text.split("name=\"consent\" value=\"").nth(1).unwrap();
        let id = id.split('"').next().unwrap();
        let decide = format!("{}/i/oauth2/authorize/decision", self.address);
        let form = format!("consent={id}&user=demo_ada&decision=cancel");
        let request = client(reqwest::redirect::Policy::none()).post(decide).body(form);
        let form_type = "application/x-www-form-urlencoded";
        let answer = request.header("content-type", form_type).send().await.unwrap();
        let back = answer.headers()["location"].to_str().unwrap().to_owned();
        // A browser goes on when nobody asks the person any more.
        tokio::spawn(async move { visit(&back).await });
    }
}

impl Interviewer for Person {
    fn may(&self, step: Step) -> BoxFuture<'_, Choice> {
        let approve =
            if step == Step::Look(ConsentPage::Cancel) { Approve::Ask } else { Approve::Auto };
        self.sandbox.set_approve(approve);
        let choice = if self.stops_at == Some(step) {
            Choice::Stop
        } else if self.skips.contains(&step) {
            Choice::Skip
        } else {
            Choice::Go
        };
        Box::pin(std::future::ready(choice))
    }

    fn looks(&self, step: Step) -> BoxFuture<'_, Looks> {
        Box::pin(async move {
            let mut pages = self.pages.lock().await;
            while let Some(page) = pages.recv().await {
                // Pages of journeys that came back are those of the listener.
                if page.url.starts_with(&self.address) {
                    if step == Step::Look(ConsentPage::Cancel) {
                        self.cancel(&page).await;
                        return std::future::pending().await;
                    }
                    return Looks::Error;
                }
            }
            std::future::pending().await
        })
    }

    fn recorded(&self, record: &Value) -> bool {
        *self.record.lock().unwrap() = record.clone();
        true
    }
}

/// Records the sandbox with these knobs through the public app.
async fn recorded(knobs: Knobs) -> (Stage, Person) {
    let stage = Stage::with_app().await;
    recorded_on(stage, knobs, |_| {}).await
}

async fn recorded_on(
    mut stage: Stage,
    knobs: Knobs,
    set: impl FnOnce(&mut Person),
) -> (Stage, Person) {
    stage.sandbox.set_knobs(knobs);
    let mut person = Person::of(&mut stage);
    set(&mut person);
    let waiting = tokio::spawn({
        let clock = stage.clock.clone();
        async move {
            // The one step that waits: for a code to be too old.
            clock.until_sleeping(Duration::from_secs(35)).await;
            clock.advance(Duration::from_secs(35));
        }
    });
    let (_stop, stopped) = watch::channel(false);
    stage.engine.record(None, &person, stopped).await.unwrap();
    waiting.abort();
    (stage, person)
}

#[tokio::test]
async fn each_question_is_answered_as_the_sandbox_is_set() {
    type Set = fn(&mut Knobs);
    let table: [(Set, usize, &str, &str, &str); 12] = [
        (|it| it.code_lifetime *= 2, 7, "the code after 35 seconds", "is refused", "still works"),
        (
            |it| it.expires_in = Some(3_600),
            3,
            "lifetime of an access token",
            "7200 seconds",
            "3600 seconds",
        ),
        (
            |it| it.burn_code_on_failure = false,
            7,
            "the code after a failed exchange",
            "is used up",
            "still works",
        ),
        (|it| it.strict_pkce = true, 2, "plain-challenge", "redirect with state of 43", "an error"),
        (
            |it| it.revoke_needs_hint = false,
            4,
            "unknown token, without a hint",
            "refused: 400 invalid_request: Missing required parameter [token_type_hint].",
            "refused: 400 invalid_request: Value passed for the token",
        ),
        (
            |it| it.revoke_kills_pair = true,
            4,
            "its refresh token after that",
            "still works",
            "is dead",
        ),
        (|it| it.old_access_dies = true, 3, "the old access token", "still works", "is dead: 401"),
        (
            |it| it.send_issuer = Some("https://sandbox.example".into()),
            9,
            "issuer in the redirect",
            "none",
            "iss=https://sandbox.example",
        ),
        (
            |it| it.rotation_grace = Duration::from_mins(1),
            3,
            "the old refresh token",
            "is refused: 400 invalid_request",
            "is taken once more",
        ),
        (
            |it| it.family_revoke = true,
            3,
            "the newest refresh token after that",
            "still works",
            "is dead",
        ),
        (|it| it.rfc8252_ports = true, 5, "other-port", "an error page", "redirect with state"),
        (|it| it.users_me_limit = 1, 6, "429", "not met in", "of"),
    ];
    let (_, as_x) = recorded(Knobs::default()).await;
    for (set, number, asked, before, after) in table {
        let mut knobs = Knobs::default();
        set(&mut knobs);
        let (_, varied) = recorded(knobs).await;
        let (usual, other) = (as_x.answer(number, asked), varied.answer(number, asked));
        assert!(usual.starts_with(before), "{number} {asked}: {usual}");
        let told = other.starts_with(after) || number == 6 && other.contains(" of ");
        assert!(told, "{number} {asked}: {other}");
    }
}

#[tokio::test]
async fn what_x_is_believed_to_do_is_told_for_all_ten_questions() {
    let (_, person) = recorded(Knobs::default()).await;
    for (number, asked, expected) in [
        (1, "cancel", "redirect with error=access_denied, state of 43 characters"),
        (
            1,
            "long-state",
            "redirect with error=invalid_request, error_description=Redirect is requested.",
        ),
        (2, "no-state", "redirect with code of 91 characters"),
        (2, "no-scope", "an error page, no redirect"),
        (2, "unknown-scope", "an error page, no redirect"),
        (2, "no-challenge", "an error page, no redirect"),
        (3, "refresh token", "sent"),
        (3, "a refresh", "gives a new refresh token"),
        (
            4,
            "unknown token, with a hint",
            "refused: 400 invalid_request: Value passed for the token was invalid.",
        ),
        (4, "its access token after that", "still works"),
        (5, "localhost", "an error page, no redirect (it is not registered)"),
        (5, "ipv6", "an error page, no redirect (it is not registered)"),
        (5, "own-scheme", "an error page, no redirect (it is not registered)"),
        (
            7,
            "a wrong verifier",
            "400 invalid_request: Value passed for the code verifier did not match the code challenge.",
        ),
        (
            7,
            "the same code again",
            "400 invalid_request: Value passed for the authorization code was invalid.",
        ),
        (7, "the token of a code used twice", "still works"),
        (8, "the profile", "answers; only the developer console shows whether it was billed"),
        (
            10,
            "junk refresh with Basic",
            "tolerated, as without it: 400 invalid_request: Value passed for the token was invalid.",
        ),
    ] {
        assert_eq!(person.answer(number, asked), expected, "{number} {asked}");
    }
    assert!(person.answer(9, "discovery document").contains("404"));
    let record = person.record();
    for (question, text) in record["questions"].as_array().unwrap().iter().zip(QUESTIONS) {
        assert_eq!(question["question"], text);
        assert_ne!(question["answers"].as_array().unwrap().len(), 0, "{question:#}");
    }
}

#[tokio::test]
async fn a_record_holds_no_secret_and_leaves_nothing_alive_or_behind() {
    for confidential in [false, true] {
        let stage = Stage::new().await;
        let app = if confidential {
            stage.app(CONFIDENTIAL, ClientType::Confidential, Some(CLIENT_SECRET))
        } else {
            stage.public()
        };
        stage.engine.add_app(app).await.unwrap();
        let in_vault = stage.vault.names();
        let (stage, person) = recorded_on(stage, Knobs::default(), |_| {}).await;

        let text = person.record().to_string();
        for secret in stage.ledger.issued() {
            assert!(!text.contains(&secret), "{secret}: {text}");
            assert!(!stage.sandbox.accepts(&secret), "a token of the recording lives on");
        }
        for secret in
            [CLIENT_SECRET, PUBLIC, CONFIDENTIAL, "demo_ada", "Ada Demo", "1000000000000000001"]
        {
            assert!(!text.contains(secret), "{secret}: {text}");
        }
        assert!(text.contains("\"91 characters\""), "{text}");
        assert_eq!(stage.vault.names(), in_vault);
        assert!(stage.view().accounts.is_empty());
    }
}

#[tokio::test]
async fn who_has_had_enough_keeps_what_was_found_out_and_no_live_token() {
    let stage = Stage::with_app().await;
    let (stage, person) = recorded_on(stage, Knobs::default(), |person| {
        person.skips = Step::ALL.into_iter().filter(|step| *step != Step::Login).collect();
        person.stops_at = Some(Step::Refresh);
    })
    .await;
    assert_eq!(person.answer(3, "lifetime of an access token"), "7200 seconds");
    let steps = person.record()["steps"].to_string();
    assert!(steps.contains("\"skipped\":true"), "{steps}");
    let issued = stage.ledger.issued();
    assert!(issued.len() >= 3, "a code and two tokens");
    assert!(issued.iter().all(|token| !stage.sandbox.accepts(token)));
}

#[tokio::test]
async fn a_login_without_offline_access_ends_where_its_token_does() {
    let stage = Stage::with_app().await;
    stage.plan("token:no-refresh-token");
    let (_, person) = recorded_on(stage, Knobs::default(), |person| {
        person.skips = vec![Step::BasicHeader, Step::BurnedCode, Step::LateCode];
    })
    .await;
    assert_eq!(person.answer(3, "refresh token"), "not sent");
    assert_eq!(person.answer(4, "revoking an access token"), "200");
}
