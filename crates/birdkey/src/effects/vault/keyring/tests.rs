//! The vault thread against a pretend keychain that hangs, panics and refuses on demand.

use std::any::Any;
use std::collections::{HashMap, VecDeque};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use birdkey_messages::Words;
use keyring_core::api::{CredentialApi, CredentialStoreApi};
use keyring_core::{Credential, CredentialStore, Entry, Error, Result};
use tokio::sync::watch;

use super::{CALL_LIMIT, KeyringVault};
use crate::effects::BoxFuture;
use crate::effects::clock::Clock;
use crate::effects::vault::keychain::{Asking, Cancelled, Keychain};
use crate::effects::vault::{ItemName, Vault, VaultError};
use crate::protocol::secret::Secret;

/// Stands still until the test moves it.
struct ManualClock {
    now: watch::Sender<Duration>,
    sleeps: watch::Sender<usize>,
}

impl ManualClock {
    fn new() -> Arc<Self> {
        Arc::new(Self { now: watch::Sender::new(Duration::ZERO), sleeps: watch::Sender::new(0) })
    }

    /// Moves on once `sleeps` calls in all have begun to wait.
    async fn advance(&self, sleeps: usize, duration: Duration) {
        self.sleeps.subscribe().wait_for(|begun| *begun >= sleeps).await.unwrap();
        self.now.send_modify(|now| *now += duration);
    }
}

impl Clock for ManualClock {
    fn now_unix_ms(&self) -> i64 {
        0
    }

    fn elapsed(&self) -> Duration {
        *self.now.borrow()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        let end = self.elapsed() + duration;
        let mut now = self.now.subscribe();
        self.sleeps.send_modify(|begun| *begun += 1);
        Box::pin(async move { drop(now.wait_for(|now| *now >= end).await) })
    }
}

/// What the next read does.
enum Step {
    Answer(&'static [u8]),
    HangUntil(Receiver<()>),
    Panic,
}

#[derive(Default)]
struct Pretend {
    reads: Mutex<VecDeque<Step>>,
    written: Mutex<Vec<Vec<u8>>>,
    opened: Mutex<usize>,
    prompt_gone: Mutex<Option<Sender<()>>>,
    /// How many reads have begun to hang.
    hanging: watch::Sender<usize>,
}

#[derive(Clone)]
struct PretendStore(Arc<Pretend>);

impl Keychain for PretendStore {
    fn name(&self) -> Words {
        "Pretend".into()
    }

    fn max_item_bytes(&self) -> Option<usize> {
        Some(2_560)
    }

    fn modifiers<'a>(&self, _label: &'a str) -> HashMap<&'static str, &'a str> {
        HashMap::new()
    }

    fn open(&self) -> std::result::Result<Arc<CredentialStore>, VaultError> {
        *self.0.opened.lock().unwrap() += 1;
        Ok(Arc::new(self.clone()))
    }

    fn unlock(
        &self,
        _service: &str,
        cancelled: Cancelled,
        asking: Asking<'_>,
    ) -> std::result::Result<(), VaultError> {
        asking(Duration::from_secs(7));
        drop(cancelled.blocking_recv());
        self.0.prompt_gone.lock().unwrap().take().unwrap().send(()).unwrap();
        Err(VaultError::PromptDismissed)
    }
}

impl CredentialStoreApi for PretendStore {
    fn vendor(&self) -> String {
        String::new()
    }

    fn id(&self) -> String {
        String::new()
    }

    fn build(&self, _: &str, _: &str, _: Option<&HashMap<&str, &str>>) -> Result<Entry> {
        Ok(Entry::new_with_credential(Arc::new(self.clone())))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl CredentialApi for PretendStore {
    fn set_secret(&self, secret: &[u8]) -> Result<()> {
        self.0.written.lock().unwrap().push(secret.to_vec());
        Ok(())
    }

    fn get_secret(&self) -> Result<Vec<u8>> {
        let step = self.0.reads.lock().unwrap().pop_front();
        match step {
            None => Err(Error::NoEntry),
            Some(Step::Answer(bytes)) => Ok(bytes.to_vec()),
            Some(Step::Panic) => panic!("the pretend keychain panics"),
            Some(Step::HangUntil(gate)) => {
                self.0.hanging.send_modify(|hanging| *hanging += 1);
                gate.recv().unwrap_or_default();
                Ok(b"late".to_vec())
            }
        }
    }

    fn delete_credential(&self) -> Result<()> {
        Err(Error::NoEntry)
    }

    fn get_credential(&self) -> Result<Option<Arc<Credential>>> {
        Ok(None)
    }

    fn get_specifiers(&self) -> Option<(String, String)> {
        None
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

fn vault(clock: &Arc<ManualClock>, reads: Vec<Step>) -> (KeyringVault, Arc<Pretend>) {
    let pretend = Arc::new(Pretend { reads: Mutex::new(reads.into()), ..Pretend::default() });
    let keychain = Arc::new(PretendStore(Arc::clone(&pretend)));
    let clock: Arc<dyn Clock> = Arc::<ManualClock>::clone(clock);
    (KeyringVault::with_keychain("Birdkey".into(), clock, keychain, CALL_LIMIT), pretend)
}

fn item() -> ItemName {
    ItemName::grant("a", "b")
}

impl Pretend {
    async fn until_hanging(&self, reads: usize) {
        self.hanging.subscribe().wait_for(|hanging| *hanging >= reads).await.unwrap();
    }
}

/// Reads while the clock passes the limit of the `sleeps`-th call; `hanging` reads hang in the keychain by then.
async fn read_past_limit(
    (vault, pretend): &(KeyringVault, Arc<Pretend>),
    clock: &ManualClock,
    sleeps: usize,
    hanging: usize,
) -> VaultError {
    let name = item();
    let time = async {
        pretend.until_hanging(hanging).await;
        clock.advance(sleeps, CALL_LIMIT).await;
    };
    let (outcome, ()) = tokio::join!(vault.read(&name), time);
    outcome.unwrap_err()
}

#[tokio::test]
async fn a_call_that_hangs_times_out_and_later_ones_get_a_fresh_thread() {
    let clock = ManualClock::new();
    let (_gate, hang) = channel();
    let pair = vault(&clock, vec![Step::HangUntil(hang), Step::Answer(b"fresh")]);

    assert!(matches!(read_past_limit(&pair, &clock, 1, 1).await, VaultError::TimedOut));
    assert!(matches!(read_past_limit(&pair, &clock, 2, 1).await, VaultError::TimedOut));
    let third = pair.0.read(&item()).await.unwrap().unwrap();

    assert_eq!(third.expose(), "fresh");
    assert_eq!(*pair.1.opened.lock().unwrap(), 2, "the fresh thread opens a store of its own");
}

#[tokio::test]
async fn threads_that_hang_do_not_pile_up() {
    let clock = ManualClock::new();
    let (gates, hangs): (Vec<_>, Vec<_>) = (0..4).map(|_| channel()).unzip();
    let pair = vault(&clock, hangs.into_iter().map(Step::HangUntil).collect());

    for hung in 1..=4 {
        read_past_limit(&pair, &clock, hung, hung).await;
        clock.advance(0, CALL_LIMIT).await;
    }
    let at_once = pair.0.read(&item()).await;

    assert!(matches!(at_once, Err(VaultError::TimedOut)), "{at_once:?}");
    assert_eq!(*pair.1.opened.lock().unwrap(), 4);
    drop(gates);
}

#[tokio::test]
async fn a_write_that_had_not_begun_at_its_limit_is_never_made() {
    let clock = ManualClock::new();
    let (gate, hang) = channel();
    let (vault, pretend) = vault(&clock, vec![Step::HangUntil(hang)]);
    let (name, old) = (item(), Secret::new("old grant".into()));

    let (read, write, ()) = tokio::join!(vault.read(&name), vault.write(&name, "", &old), async {
        pretend.until_hanging(1).await;
        clock.advance(2, CALL_LIMIT).await;
    });
    gate.send(()).unwrap();
    vault.write(&name, "", &Secret::new("new grant".into())).await.unwrap();

    assert!(matches!(read, Err(VaultError::TimedOut)), "{read:?}");
    assert!(matches!(write, Err(VaultError::TimedOut)), "{write:?}");
    assert_eq!(*pretend.written.lock().unwrap(), [b"new grant"]);
}

#[tokio::test]
async fn a_keychain_that_panics_fails_one_call_only() {
    let clock = ManualClock::new();
    let (vault, _) = vault(&clock, vec![Step::Panic, Step::Answer(b"token")]);

    let first = vault.read(&item()).await;
    let second = vault.read(&item()).await;

    assert!(matches!(first, Err(VaultError::Failed(_))), "{first:?}");
    assert_eq!(second.unwrap().unwrap().expose(), "token");
}

#[tokio::test]
async fn an_item_that_is_no_text_is_said_to_be_none() {
    let (vault, _) = vault(&ManualClock::new(), vec![Step::Answer(&[0xff])]);

    assert!(matches!(vault.read(&item()).await, Err(VaultError::NotText)));
}

#[tokio::test]
async fn an_item_too_large_for_the_keychain_is_refused_before_anything_is_written() {
    let (vault, pretend) = vault(&ManualClock::new(), vec![]);
    for (size, fits) in [(2_560, true), (2_561, false)] {
        let value = Secret::new("x".repeat(size));

        let outcome = vault.write(&item(), "", &value).await;

        match outcome {
            Ok(()) => assert!(fits, "{size}"),
            Err(VaultError::TooLarge { size: 2_561, limit: 2_560 }) => assert!(!fits, "{size}"),
            Err(other) => panic!("{other:?}"),
        }
    }
    assert_eq!(pretend.written.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn the_keychain_is_not_touched_before_the_first_call() {
    let (vault, pretend) = vault(&ManualClock::new(), vec![]);

    assert_eq!(vault.description(), "Pretend, service Birdkey");
    assert_eq!(*pretend.opened.lock().unwrap(), 0);
    vault.remove(&item()).await.unwrap();
    assert_eq!(*pretend.opened.lock().unwrap(), 1);
}

#[tokio::test]
async fn dropping_the_unlock_takes_the_prompt_away() {
    let (vault, pretend) = vault(&ManualClock::new(), vec![]);
    let (gone, prompt_gone) = channel();
    *pretend.prompt_gone.lock().unwrap() = Some(gone);

    let mut unlock = vault.unlock();
    let first_poll = std::future::poll_fn(|context| {
        std::task::Poll::Ready(unlock.as_mut().poll(context).is_pending())
    });
    assert!(first_poll.await, "it waits for the user");
    assert_eq!(vault.asked().await, Duration::from_secs(7), "as long as the user may take");
    // Other calls go on while the prompt is open.
    assert!(vault.read(&item()).await.unwrap().is_none());
    drop(unlock);

    prompt_gone.recv().unwrap();
    let mut asked = vault.asked();
    let later = std::future::poll_fn(|context| {
        std::task::Poll::Ready(asked.as_mut().poll(context).is_pending())
    });
    assert!(later.await, "nobody is asked any more");
}
