//! The redirect coming back by hand: where the browser runs on another machine, its last address is
//! pasted. The listener is open as well, and whichever comes first is the answer.

mod address;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{mpsc, oneshot};

use self::address::MAX_PASTED_BYTES;
use super::BoxFuture;
use super::clock::Clock;
use super::loopback::{
    Arrival, Loopback, Outcome, RedirectError, RedirectSource, Redirects, Verdict,
};
use crate::protocol::secret::Secret;

/// What a pasted text was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pasted {
    /// The answer to the login.
    Taken,
    /// An address of the right form, of another login or made up.
    Stray,
    /// The beginning of the address, or one with a part missing; the rest may follow.
    Incomplete,
    /// An address, but not the one that the login waits at.
    Elsewhere,
    /// A code alone: without the state nobody can tell whose login it belongs to (RFC 6749 §10.12).
    BareCode,
    /// Something else.
    NotAnAddress,
}

/// Listens, and takes what is pasted.
pub struct Paste {
    loopback: Loopback,
    waiting: Arc<Mutex<Option<Waiting>>>,
    lines: Mutex<Lines>,
}

/// Lines that were pasted; an address may be broken over several.
struct Lines {
    /// Those already looked at, in which no answer was.
    before: Secret,
    new: Secret,
}

#[derive(Clone)]
struct Waiting {
    uri: String,
    sender: mpsc::Sender<Arrival>,
}

impl Paste {
    /// Nothing waits yet.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            loopback: Loopback::new(clock),
            waiting: Arc::default(),
            lines: Mutex::new(Lines::none()),
        }
    }

    /// Takes a line of what the user pasted; [`Paste::look`] says what it is.
    pub fn add(&self, line: &Secret) {
        let mut lines = lock(&self.lines);
        if lines.new.len() <= MAX_PASTED_BYTES {
            lines.new = below(&lines.new, line);
        }
    }

    /// Whether what was added since may go on in the next line.
    pub fn may_go_on(&self) -> bool {
        let waiting = lock(&self.waiting);
        let begins =
            |waiting: &Waiting| address::begins_in(lock(&self.lines).new.expose(), &waiting.uri);
        waiting.as_ref().is_some_and(begins)
    }

    /// Whether an address begins in a line, so that it is not the rest of another one.
    pub fn begins_in(&self, line: &Secret) -> bool {
        let waiting = lock(&self.waiting);
        waiting.as_ref().is_some_and(|waiting| address::begins_in(line.expose(), &waiting.uri))
    }

    /// Takes all of what the user pasted.
    pub async fn paste(&self, text: &Secret) -> Pasted {
        self.add(text);
        self.look().await
    }

    /// What the lines added since the last time are, by themselves or as the rest of those before.
    /// Only an answer that is whole reaches the login, so that a slip of the hand does not end it.
    pub async fn look(&self) -> Pasted {
        let Some(waiting) = lock(&self.waiting).clone() else {
            *lock(&self.lines) = Lines::none();
            return Pasted::Stray;
        };
        let query = match lock(&self.lines).query(&waiting.uri) {
            Ok(query) => query,
            Err(other) => return other,
        };
        let (verdict, answer) = oneshot::channel();
        if waiting.sender.send(Arrival { query, verdict }).await.is_err() {
            return Pasted::Stray;
        }
        match answer.await {
            Ok(Verdict::Accepted) => {
                *lock(&self.lines) = Lines::none();
                Pasted::Taken
            }
            Ok(Verdict::Stray) | Err(_) => Pasted::Stray,
        }
    }
}

impl Lines {
    fn none() -> Self {
        Self { before: Secret::new(String::new()), new: Secret::new(String::new()) }
    }

    /// The query of the address in them; they are kept in case that it goes on.
    fn query(&mut self, uri: &str) -> Result<Secret, Pasted> {
        let Self { before, new } = std::mem::replace(self, Self::none());
        let continues = !address::begins_in(new.expose(), uri) && before.len() <= MAX_PASTED_BYTES;
        let read = address::query_of(new.expose(), uri);
        self.before = if continues { below(&before, &new) } else { new };
        let Err(other) = read else { return read };
        match address::query_of(self.before.expose(), uri) {
            Err(Pasted::Incomplete) => Err(Pasted::Incomplete),
            Err(_) => Err(other),
            whole => whole,
        }
    }
}

/// One text below the other.
fn below(above: &Secret, line: &Secret) -> Secret {
    let between = if above.is_empty() { "" } else { "\n" };
    Secret::new(format!("{}{between}{}", above.expose(), line.expose()))
}

impl RedirectSource for Paste {
    fn listen(
        &self,
        redirect_uris: &[String],
    ) -> BoxFuture<'_, Result<Box<dyn Redirects>, RedirectError>> {
        let uris = redirect_uris.to_vec();
        Box::pin(async move {
            let (uri, listener) = match self.loopback.listen(&uris).await {
                Ok(listener) => (listener.redirect_uri().to_owned(), Some(listener)),
                // Pasting needs no port.
                Err(error) => (uris.into_iter().next().ok_or(error)?, None),
            };
            let (sender, pasted) = mpsc::channel(1);
            *lock(&self.waiting) = Some(Waiting { uri: uri.clone(), sender });
            let waiting = Arc::clone(&self.waiting);
            Ok(Box::new(Open { uri, listener, pasted, waiting }) as Box<dyn Redirects>)
        })
    }
}

struct Open {
    uri: String,
    listener: Option<Box<dyn Redirects>>,
    pasted: mpsc::Receiver<Arrival>,
    waiting: Arc<Mutex<Option<Waiting>>>,
}

impl Redirects for Open {
    fn redirect_uri(&self) -> &str {
        &self.uri
    }

    fn next(&mut self) -> BoxFuture<'_, Arrival> {
        Box::pin(async {
            let Some(listener) = &mut self.listener else { return pasted(&mut self.pasted).await };
            tokio::select! {
                arrival = listener.next() => arrival,
                arrival = pasted(&mut self.pasted) => arrival,
            }
        })
    }

    fn finish(mut self: Box<Self>, outcome: Outcome) -> BoxFuture<'static, ()> {
        match self.listener.take() {
            Some(listener) => listener.finish(outcome),
            None => Box::pin(std::future::ready(())),
        }
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        lock(&self.waiting).take();
    }
}

async fn pasted(pasted: &mut mpsc::Receiver<Arrival>) -> Arrival {
    match pasted.recv().await {
        Some(arrival) => arrival,
        None => std::future::pending().await,
    }
}

/// Whole at any time, so a panicked holder harms nothing.
fn lock<T>(held: &Mutex<T>) -> MutexGuard<'_, T> {
    held.lock().unwrap_or_else(PoisonError::into_inner)
}
