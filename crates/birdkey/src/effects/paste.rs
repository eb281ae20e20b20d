//! The redirect coming back by hand: where the browser runs on another machine, its last address is
//! pasted. The listener is open as well, and whichever comes first is the answer.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{mpsc, oneshot};

use super::BoxFuture;
use super::clock::Clock;
use super::loopback::{
    Arrival, Loopback, Outcome, RedirectError, RedirectSource, Redirects, Verdict,
};
use crate::protocol::secret::Secret;

/// Longer than any address a browser ends on.
const MAX_PASTED_BYTES: usize = 8 * 1024;

/// What a pasted text was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pasted {
    /// The answer to the login.
    Taken,
    /// An address of the right form, of another login or made up.
    Stray,
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
}

#[derive(Clone)]
struct Waiting {
    uri: String,
    sender: mpsc::Sender<Arrival>,
}

impl Paste {
    /// Nothing waits yet.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { loopback: Loopback::new(clock), waiting: Arc::default() }
    }

    /// Takes what the user pasted.
    pub async fn paste(&self, text: &Secret) -> Pasted {
        let waiting = lock(&self.waiting).clone();
        let Some(waiting) = waiting else { return Pasted::Stray };
        let query = match query_of(text.expose(), &waiting.uri) {
            Ok(query) => query,
            Err(other) => return other,
        };
        let (verdict, answer) = oneshot::channel();
        if waiting.sender.send(Arrival { query, verdict }).await.is_err() {
            return Pasted::Stray;
        }
        match answer.await {
            Ok(Verdict::Accepted) => Pasted::Taken,
            Ok(Verdict::Stray) | Err(_) => Pasted::Stray,
        }
    }
}

/// The query of a pasted address that begins with the redirect URI.
fn query_of(text: &str, uri: &str) -> Result<Secret, Pasted> {
    let text = text.trim().trim_matches(['"', '\'', '<', '>']);
    if text.is_empty() || text.len() > MAX_PASTED_BYTES {
        return Err(Pasted::NotAnAddress);
    }
    let text = text.split_once('#').map_or(text, |(text, _)| text);
    let Some((address, query)) = text.split_once('?') else {
        let plain = |c: char| c.is_ascii_alphanumeric() || "-._~".contains(c);
        let bare = text.chars().all(plain);
        return Err(if bare { Pasted::BareCode } else { Pasted::NotAnAddress });
    };
    // Some browsers leave the scheme out of what they copy.
    let bare = |address: &str| {
        let address = address.split_once("://").map_or(address, |(_, rest)| rest);
        address.trim_end_matches('/').to_owned()
    };
    if bare(address) != bare(uri) {
        return Err(Pasted::Elsewhere);
    }
    Ok(Secret::new(query.to_owned()))
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
fn lock(waiting: &Mutex<Option<Waiting>>) -> MutexGuard<'_, Option<Waiting>> {
    waiting.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::{Pasted, query_of};
    use crate::protocol::secret::Secret;

    #[test]
    fn an_address_is_read_as_browsers_copy_it_and_a_bare_code_is_not() {
        let uri = "http://127.0.0.1:8731/callback";
        let table = [
            ("http://127.0.0.1:8731/callback?state=s&code=c", Ok("state=s&code=c")),
            ("  \"http://127.0.0.1:8731/callback?state=s\"\r\n", Ok("state=s")),
            ("127.0.0.1:8731/callback?state=s#_=_", Ok("state=s")),
            ("http://127.0.0.1:8731/callback/?state=s", Ok("state=s")),
            ("http://127.0.0.1:18731/callback?state=s", Err(Pasted::Elsewhere)),
            ("https://x.com/i/oauth2/authorize?state=s", Err(Pasted::Elsewhere)),
            ("VGhpc0lzQUNvZGU6MTphYzox", Err(Pasted::BareCode)),
            ("state=s&code=c", Err(Pasted::NotAnAddress)),
            ("what now", Err(Pasted::NotAnAddress)),
            ("", Err(Pasted::NotAnAddress)),
        ];
        for (text, expected) in table {
            let read = query_of(text, uri);
            assert_eq!(read.as_ref().map(Secret::expose), expected.as_ref().copied(), "{text}");
        }
        let long = format!("{uri}?state={}", "a".repeat(10_000));
        assert_eq!(query_of(&long, uri).unwrap_err(), Pasted::NotAnAddress);
    }
}
