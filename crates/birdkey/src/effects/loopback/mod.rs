//! The redirect coming back: a listener on a registered loopback port (RFC 8252 §7.3).

mod source;

mod bind;
mod connection;
mod connections;
mod pages;
mod registered;
mod request;
mod state;
#[cfg(test)]
mod tests;

use birdkey_messages::Words;
use tokio::sync::oneshot;

use super::BoxFuture;
use crate::protocol::secret::Secret;

pub use pages::STYLE as PAGE_STYLE;
pub use source::Loopback;

/// Opens the place where the browser comes back to.
pub trait RedirectSource: Send + Sync {
    /// Listens on the first of `redirect_uris` that is free, in their order.
    fn listen(
        &self,
        redirect_uris: &[String],
    ) -> BoxFuture<'_, Result<Box<dyn Redirects>, RedirectError>>;
}

/// An open listener; dropping it closes the port at once.
pub trait Redirects: Send {
    /// The redirect URI it listens at, exactly as registered.
    fn redirect_uri(&self) -> &str;

    /// Waits for the next request that came to the right path with the right method and `Host`.
    fn next(&mut self) -> BoxFuture<'_, Arrival>;

    /// Tells waiting and repeating browsers the outcome, serves the outcome page, then closes the port:
    /// at once when nobody waits, else when the page was fetched, after 2 s at most.
    fn finish(self: Box<Self>, outcome: Outcome) -> BoxFuture<'static, ()>;
}

/// One request at the redirect URI; anyone on this machine can send these.
#[derive(Debug)]
pub struct Arrival {
    /// The raw query, still percent-encoded, without the `?`.
    pub query: Secret,
    /// Where the verdict goes. Dropping it counts as [`Verdict::Stray`].
    pub verdict: oneshot::Sender<Verdict>,
}

/// What the login made of an arrival.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Not the answer to this login: a calm 404, and the listener goes on.
    Stray,
    /// The answer to this login: the browser waits for the outcome, repeats of the same query get it too.
    Accepted,
}

/// How the login ended, for the browser page.
#[derive(Debug, Clone)]
pub enum Outcome {
    /// Logged in; the grant is in the vault.
    Done,
    /// The user pressed Cancel on the consent page.
    Denied(Explanation),
    /// It failed, and why.
    Failed(Explanation),
    /// It was no login: what the server does was recorded.
    Recorded,
}

/// Why a login ended without tokens, in the words of its page.
#[derive(Debug, Clone)]
pub struct Explanation {
    /// What happened.
    pub what: Words,
    /// Why.
    pub why: Words,
    /// What to do.
    pub hint: Words,
}

/// Why no listener could be opened.
#[derive(Debug, thiserror::Error)]
pub enum RedirectError {
    /// None of the app's redirect URIs is a loopback URI with a port.
    #[error("the app has no loopback redirect URI")]
    NoLoopback,
    /// All registered ports are in use.
    #[error("all registered ports are taken")]
    PortsTaken {
        /// The ports tried, in order.
        tried: Vec<u16>,
    },
    /// The system refused to listen at all.
    #[error("the system refused to listen on this machine")]
    Refused(#[source] std::io::Error),
}
