//! Unlocking, against a pretend Secret Service whose user is this test.

#![allow(
    clippy::needless_pass_by_value,
    clippy::unused_self,
    clippy::used_underscore_binding,
    reason = "zbus prescribes the shape of an interface's methods"
)]

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use zbus::interface;
use zbus::object_server::SignalEmitter;
use zbus::zvariant::{OwnedObjectPath, Value};

use super::super::{SecretService, UNLOCK_LIMIT, unlock};
use super::desktop::Desktop;
use crate::effects::clock::{Clock, SystemClock};
use crate::effects::vault::VaultError;

const PROMPT: &str = "/org/freedesktop/secrets/prompt/1";

type Paths = Vec<OwnedObjectPath>;

fn path(text: &str) -> OwnedObjectPath {
    OwnedObjectPath::try_from(text).unwrap()
}

/// What the service saw, in order.
#[derive(Debug, PartialEq, Eq)]
enum Event {
    Unlock(Vec<String>),
    Prompt,
    Dismiss,
}

struct Service(UnboundedSender<Event>);

#[interface(name = "org.freedesktop.Secret.Service")]
impl Service {
    fn search_items(&self, attributes: HashMap<String, String>) -> (Paths, Paths) {
        assert_eq!(attributes, HashMap::from([("service".into(), "Birdkey".into())]));
        let old = path("/org/freedesktop/secrets/collection/old/7");
        (vec![], vec![old])
    }

    fn read_alias(&self, name: &str) -> OwnedObjectPath {
        assert_eq!(name, "default");
        path("/org/freedesktop/secrets/collection/login")
    }

    fn unlock(&self, objects: Paths) -> (Paths, OwnedObjectPath) {
        let objects = objects.iter().map(ToString::to_string).collect();
        self.0.send(Event::Unlock(objects)).unwrap();
        (vec![], path(PROMPT))
    }
}

struct Prompt(UnboundedSender<Event>);

#[interface(name = "org.freedesktop.Secret.Prompt")]
impl Prompt {
    fn prompt(&self, _window: &str) {
        self.0.send(Event::Prompt).unwrap();
    }

    fn dismiss(&self) {
        self.0.send(Event::Dismiss).unwrap();
    }

    #[zbus(signal)]
    async fn completed(
        emitter: &SignalEmitter<'_>,
        dismissed: bool,
        result: Value<'_>,
    ) -> zbus::Result<()>;
}

/// A keychain on a bus of its own whose prompt waits for the test.
struct Stage {
    server: zbus::Connection,
    events: UnboundedReceiver<Event>,
    desktop: Desktop,
}

impl Stage {
    async fn new() -> Self {
        let desktop = Desktop::without_keyring();
        let (sender, events) = unbounded_channel();
        let server = zbus::connection::Builder::address(desktop.address().as_str())
            .unwrap()
            .serve_at("/org/freedesktop/secrets", Service(sender.clone()))
            .unwrap()
            .serve_at(PROMPT, Prompt(sender))
            .unwrap()
            .name("org.freedesktop.secrets")
            .unwrap()
            .build()
            .await
            .unwrap();
        Self { server, events, desktop }
    }

    fn keychain(&self, clock: Arc<dyn Clock>) -> SecretService {
        let keychain = SecretService::on_bus(clock, self.desktop.address());
        SecretService { display: true, ..keychain }
    }

    /// Waits until the prompt is on the screen.
    async fn until_prompted(&mut self) {
        let objects = ["collection/old/7", "collection/login"];
        let objects = objects.map(|path| format!("/org/freedesktop/secrets/{path}")).to_vec();
        assert_eq!(self.events.recv().await, Some(Event::Unlock(objects)));
        assert_eq!(self.events.recv().await, Some(Event::Prompt));
    }

    async fn complete(&self, dismissed: bool) {
        let emitter = SignalEmitter::new(&self.server, PROMPT).unwrap();
        Prompt::completed(&emitter, dismissed, Value::new(0)).await.unwrap();
    }
}

/// Never there to wait for anything but the prompt: two minutes pass when the test says so.
struct Impatient(tokio::sync::watch::Receiver<bool>);

impl Clock for Impatient {
    fn now_unix_ms(&self) -> i64 {
        0
    }

    fn elapsed(&self) -> Duration {
        Duration::ZERO
    }

    fn sleep(&self, duration: Duration) -> crate::effects::BoxFuture<'static, ()> {
        let mut passed = self.0.clone();
        Box::pin(async move {
            if duration == UNLOCK_LIMIT {
                drop(passed.wait_for(|passed| *passed).await);
            } else {
                std::future::pending::<()>().await;
            }
        })
    }
}

#[tokio::test]
async fn the_users_answer_to_the_prompt_is_the_outcome() {
    for (dismissed, display, expected) in [
        (false, true, "Ok(())"),
        (true, true, "Err(PromptDismissed)"),
        (false, false, "Ok(())"),
        (true, false, "Err(PromptImpossible)"),
    ] {
        let mut stage = Stage::new().await;
        let (_waiting, cancelled) = tokio::sync::oneshot::channel();
        let keychain = stage.keychain(Arc::new(SystemClock::new()));
        let keychain = SecretService { display, ..keychain };
        let asked = std::sync::Mutex::new(Vec::new());
        let asking = |limit| asked.lock().unwrap().push(limit);

        let user = async {
            stage.until_prompted().await;
            stage.complete(dismissed).await;
        };
        let (outcome, ()) =
            tokio::join!(unlock::unlock(&keychain, "Birdkey", cancelled, &asking), user);

        assert_eq!(format!("{outcome:?}"), expected, "display: {display}");
        assert_eq!(*asked.lock().unwrap(), [UNLOCK_LIMIT], "it says how long it waits");
    }
}

#[tokio::test]
async fn the_prompt_is_dismissed_when_nobody_waits_any_more() {
    let mut stage = Stage::new().await;
    let (waiting, cancelled) = tokio::sync::oneshot::channel();
    let keychain = stage.keychain(Arc::new(SystemClock::new()));

    let user = async {
        stage.until_prompted().await;
        drop(waiting);
    };
    let (outcome, ()) =
        tokio::join!(unlock::unlock(&keychain, "Birdkey", cancelled, &|_| {}), user);

    assert!(outcome.is_err(), "{outcome:?}");
    assert_eq!(stage.events.recv().await, Some(Event::Dismiss));
}

#[tokio::test]
async fn two_minutes_without_an_answer_end_the_prompt() {
    let mut stage = Stage::new().await;
    let (_waiting, cancelled) = tokio::sync::oneshot::channel();
    let (passed, time) = tokio::sync::watch::channel(false);
    let keychain = stage.keychain(Arc::new(Impatient(time)));

    let user = async {
        stage.until_prompted().await;
        passed.send_replace(true);
    };
    let (outcome, ()) =
        tokio::join!(unlock::unlock(&keychain, "Birdkey", cancelled, &|_| {}), user);

    let Err(VaultError::PromptUnanswered { waited }) = outcome else { panic!("{outcome:?}") };
    assert_eq!(waited, UNLOCK_LIMIT);
    assert_eq!(stage.events.recv().await, Some(Event::Dismiss));
}

#[tokio::test]
async fn a_keychain_that_goes_away_ends_the_wait() {
    let mut stage = Stage::new().await;
    let (_waiting, cancelled) = tokio::sync::oneshot::channel();
    let keychain = stage.keychain(Arc::new(SystemClock::new()));

    let user = async {
        stage.until_prompted().await;
        stage.server.release_name("org.freedesktop.secrets").await.unwrap();
    };
    let (outcome, ()) =
        tokio::join!(unlock::unlock(&keychain, "Birdkey", cancelled, &|_| {}), user);

    assert!(matches!(outcome, Err(VaultError::Missing)), "{outcome:?}");
}
