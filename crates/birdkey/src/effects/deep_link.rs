//! The redirect coming back as a link that the system hands to the app (RFC 8252 §7.1).
//!
//! The same trait as the loopback listener and the same checks: whoever does not know the state is
//! a stray. What a browser page says there, the app's own window and notifications say here.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;
use tokio::sync::{mpsc, oneshot};

use super::BoxFuture;
use super::clock::Clock;
use super::loopback::{
    Arrival, Loopback, Outcome, RedirectError, RedirectSource, Redirects, Verdict,
};
use crate::protocol::secret::Secret;

/// The scheme that the system knows as ours.
pub const SCHEME: &str = "app.birdkey";
/// The redirect URI, byte for byte as registered. X's acceptance of the form is unconfirmed, so
/// loopback is the default.
pub const REDIRECT_URI: &str = "app.birdkey:/callback";
/// The form with an authority, which some consoles want.
const REDIRECT_URI_WITH_AUTHORITY: &str = "app.birdkey://callback";
/// What the self-test's link starts with; its nonce follows.
const TEST: &str = "app.birdkey:/self-test?";

/// As much as the listener takes in a request line.
const MAX_LINK_BYTES: usize = 8 * 1024;
/// Links that wait for the login; more wait with whoever brought them.
const WAITING_ARRIVALS: usize = 16;

type Fingerprint = [u8; 32];

/// Whether a redirect URI is the deep link in one of its forms.
pub fn is_redirect_uri(uri: &str) -> bool {
    uri == REDIRECT_URI || uri == REDIRECT_URI_WITH_AUTHORITY
}

/// The link of a test with this nonce.
pub(crate) fn test_link(nonce: &str) -> String {
    format!("{TEST}{nonce}")
}

/// The nonce of a test's link.
pub(crate) fn test_nonce(link: &Secret) -> Option<&str> {
    link.expose().strip_prefix(TEST)
}

/// Whether a link is the redirect of some login, ended or waiting.
pub fn is_redirect(link: &Secret) -> bool {
    matches!(Link::read(link.expose()), Some(Link::Callback(_)))
}

/// What a link of ours is.
#[derive(Debug)]
enum Link {
    /// A redirect: its raw query.
    Callback(Secret),
    /// The self-test's, with its nonce.
    Test(Secret),
}

impl Link {
    /// Reads either form, with or without a slash at the end, the fragment cut off; `None` for
    /// anything else and for what is too long.
    fn read(link: &str) -> Option<Self> {
        if link.len() > MAX_LINK_BYTES {
            return None;
        }
        if let Some(nonce) = link.strip_prefix(TEST) {
            return Some(Self::Test(Secret::new(nonce.to_owned())));
        }
        let (scheme, rest) = link.split_once(':')?;
        if !scheme.eq_ignore_ascii_case(SCHEME) {
            return None;
        }
        let rest = rest.split_once('#').map_or(rest, |(rest, _)| rest);
        let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
        let path = path.strip_suffix('/').unwrap_or(path);
        let is_callback = ["/callback", "//callback"].contains(&path);
        is_callback.then(|| Self::Callback(Secret::new(query.to_owned())))
    }
}

/// What became of a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arrived {
    /// The answer to the login that waits, or once more the answer it had.
    Taken,
    /// Not the answer to the login that waits; it goes on waiting.
    Stray,
    /// A redirect, but no login waits.
    NobodyWaits,
    /// The self-test's.
    Test,
    /// No link of ours, or a longer one than any of ours.
    Foreign,
}

/// Where links arrive, and where a login waits for one; for apps with a loopback redirect it listens.
pub struct DeepLinks {
    loopback: Loopback,
    desk: Arc<Mutex<Desk>>,
}

#[derive(Default)]
struct Desk {
    /// The login that waits.
    waiting: Option<mpsc::Sender<Arrival>>,
    /// SHA-256 of the answer it had: enough to know a repeat, and no code stays in memory for it.
    accepted: Option<Fingerprint>,
    test: Option<(Secret, oneshot::Sender<()>)>,
}

impl DeepLinks {
    /// Nothing waits yet.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { loopback: Loopback::new(clock), desk: Arc::default() }
    }

    /// Takes a link that the system handed over. Anyone on this machine, and any page in the
    /// browser, can send these.
    pub async fn arrive(&self, link: &Secret) -> Arrived {
        match Link::read(link.expose()) {
            None => Arrived::Foreign,
            Some(Link::Test(nonce)) => self.test_came_back(&nonce),
            Some(Link::Callback(query)) => self.callback(query).await,
        }
    }

    /// The link of a new self-test, and what tells that it came back. An earlier test is over.
    pub fn test_with(&self, nonce: &str) -> (String, oneshot::Receiver<()>) {
        let (back, came_back) = oneshot::channel();
        lock(&self.desk).test = Some((Secret::new(nonce.to_owned()), back));
        (test_link(nonce), came_back)
    }

    fn test_came_back(&self, nonce: &Secret) -> Arrived {
        let mut desk = lock(&self.desk);
        match desk.test.take() {
            Some((expected, back)) if expected.matches(nonce.expose()) => {
                // Whoever tested may have stopped waiting.
                back.send(()).ok();
                Arrived::Test
            }
            other => {
                desk.test = other;
                Arrived::Foreign
            }
        }
    }

    async fn callback(&self, query: Secret) -> Arrived {
        let fingerprint: Fingerprint = Sha256::digest(query.expose()).into();
        let waiting = {
            let desk = lock(&self.desk);
            if desk.has_taken(&fingerprint) {
                return Arrived::Taken;
            }
            desk.waiting.clone()
        };
        let Some(waiting) = waiting else { return Arrived::NobodyWaits };
        let (verdict, answer) = oneshot::channel();
        let sent = waiting.send(Arrival { query, verdict }).await;
        let verdict = match sent {
            Ok(()) => answer.await.unwrap_or(Verdict::Stray),
            Err(_) => Verdict::Stray,
        };
        let mut desk = lock(&self.desk);
        if verdict == Verdict::Accepted {
            desk.accepted = Some(fingerprint);
        }
        // A repeat may have stood in the queue behind the link that was taken.
        if desk.has_taken(&fingerprint) { Arrived::Taken } else { Arrived::Stray }
    }
}

impl Desk {
    fn has_taken(&self, fingerprint: &Fingerprint) -> bool {
        self.accepted.is_some_and(|accepted| bool::from(accepted.ct_eq(fingerprint)))
    }
}

impl RedirectSource for DeepLinks {
    fn listen(
        &self,
        redirect_uris: &[String],
    ) -> BoxFuture<'_, Result<Box<dyn Redirects>, RedirectError>> {
        let Some(uri) = redirect_uris.first().filter(|uri| is_redirect_uri(uri)) else {
            return self.loopback.listen(redirect_uris);
        };
        let (sender, arrivals) = mpsc::channel(WAITING_ARRIVALS);
        {
            // One login at a time waits in an app; a second one takes the place of the first.
            let mut desk = lock(&self.desk);
            desk.waiting = Some(sender.clone());
            desk.accepted = None;
        }
        let open = Open { uri: uri.clone(), desk: Arc::clone(&self.desk), arrivals, sender };
        Box::pin(std::future::ready(Ok(Box::new(open) as Box<dyn Redirects>)))
    }
}

/// A login that waits for its link.
struct Open {
    uri: String,
    desk: Arc<Mutex<Desk>>,
    arrivals: mpsc::Receiver<Arrival>,
    /// To know whether the place at the desk is still this login's.
    sender: mpsc::Sender<Arrival>,
}

impl Redirects for Open {
    fn redirect_uri(&self) -> &str {
        &self.uri
    }

    fn next(&mut self) -> BoxFuture<'_, Arrival> {
        Box::pin(async {
            match self.arrivals.recv().await {
                Some(arrival) => arrival,
                None => std::future::pending().await,
            }
        })
    }

    /// No page waits for the outcome: whoever shows the login tells it.
    fn finish(self: Box<Self>, _outcome: Outcome) -> BoxFuture<'static, ()> {
        Box::pin(std::future::ready(()))
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        let mut desk = lock(&self.desk);
        if desk.waiting.as_ref().is_some_and(|waiting| waiting.same_channel(&self.sender)) {
            desk.waiting = None;
        }
    }
}

/// The desk holds plain values that are whole at any time, so a panicked holder harms nothing.
fn lock(desk: &Mutex<Desk>) -> MutexGuard<'_, Desk> {
    desk.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::{Link, MAX_LINK_BYTES, is_redirect_uri};

    #[test]
    fn both_forms_are_read_and_nothing_else() {
        let table = [
            ("app.birdkey:/callback?state=s&code=c", Some("state=s&code=c")),
            ("app.birdkey://callback?state=s", Some("state=s")),
            ("app.birdkey://callback/?state=s", Some("state=s")),
            ("APP.BIRDKEY:/callback?state=s", Some("state=s")),
            ("app.birdkey:/callback?state=s#_=_", Some("state=s")),
            ("app.birdkey:/callback", Some("")),
            ("app.birdkey:///callback?state=s", None),
            ("app.birdkey:/other?state=s", None),
            ("app.birdkey://evil.example/callback?state=s", None),
            ("app.birdkey.evil:/callback?state=s", None),
            ("http://127.0.0.1/callback?state=s", None),
            ("app.birdkey", None),
            ("", None),
        ];
        for (link, expected) in table {
            let read = match Link::read(link) {
                Some(Link::Callback(query)) => Some(query.expose().to_owned()),
                Some(Link::Test(_)) | None => None,
            };
            assert_eq!(read.as_deref(), expected, "{link}");
        }
        let long = format!("app.birdkey:/callback?{}", "a".repeat(MAX_LINK_BYTES));
        assert!(Link::read(&long).is_none());
    }

    #[test]
    fn the_redirect_uri_has_two_forms() {
        assert!(is_redirect_uri("app.birdkey:/callback"));
        assert!(is_redirect_uri("app.birdkey://callback"));
        for other in ["app.birdkey:/callback?a=b", "APP.birdkey:/callback", "other:/callback", ""] {
            assert!(!is_redirect_uri(other), "{other}");
        }
    }
}
