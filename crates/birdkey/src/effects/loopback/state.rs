//! What all connections of one login share: where callbacks are handed over and outcomes picked up.

use std::sync::Arc;

use birdkey_messages::Language;
use http::StatusCode;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;
use tokio::sync::{mpsc, oneshot, watch};

use super::connections::{ConnectionLimit, Seat};
use super::pages::{self, Page};
use super::registered::Registered;
use super::request::Asked;
use super::{Arrival, Outcome, Verdict};
use crate::effects::clock::Clock;
use crate::protocol::secret::Secret;

/// Callbacks that wait for the login; more wait in their own connections.
const WAITING_ARRIVALS: usize = 16;

type Fingerprint = [u8; 32];

/// The shared state of one login's listener.
pub(super) struct ListenerState {
    pub(super) registered: Registered,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) connections: ConnectionLimit,
    arrivals: mpsc::Sender<HandedOver>,
    /// SHA-256 of the accepted query: enough to know a repeat, and no code stays in memory for it.
    accepted: watch::Sender<Option<Fingerprint>>,
    outcome: watch::Sender<Option<Page>>,
}

/// A callback on its way to the login.
pub(super) struct HandedOver {
    pub(super) arrival: Arrival,
    /// Ends when the verdict has been taken note of.
    pub(super) settled: oneshot::Receiver<()>,
}

/// A reply in the making.
pub(super) enum Reply {
    /// Known already.
    Now(StatusCode),
    /// The outcome page, if there is an outcome.
    Outcome,
    /// After the verdict.
    Later(oneshot::Receiver<Verdict>),
}

impl ListenerState {
    pub(super) fn new(
        registered: Registered,
        clock: Arc<dyn Clock>,
    ) -> (Arc<Self>, mpsc::Receiver<HandedOver>) {
        let (arrivals, handed_over) = mpsc::channel(WAITING_ARRIVALS);
        let state = Self {
            registered,
            clock,
            connections: ConnectionLimit::default(),
            arrivals,
            accepted: watch::Sender::new(None),
            outcome: watch::Sender::new(None),
        };
        (Arc::new(state), handed_over)
    }

    /// Makes the outcome known to all who wait for it.
    pub(super) fn tell(&self, outcome: &Outcome) {
        self.outcome.send_replace(Some(pages::outcome(outcome, Language::current())));
    }

    /// Starts on a request. A callback is on its way when this returns, whatever becomes of the browser.
    pub(super) fn start(self: &Arc<Self>, asked: Asked, seat: &Arc<Seat>) -> Reply {
        let query = match asked {
            Asked::Callback(query) => query,
            Asked::Outcome => return Reply::Outcome,
            Asked::Nothing(status) => return Reply::Now(status),
        };
        let (decided, decision) = oneshot::channel();
        let state = Arc::clone(self);
        // The seat goes along, so that vanished browsers can't pile up callbacks without limit.
        let seat = Arc::clone(seat);
        tokio::spawn(async move {
            let verdict = state.verdict_on(query).await;
            // The browser may be gone; nothing is lost by that.
            let _ = decided.send(verdict);
            drop(seat);
        });
        Reply::Later(decision)
    }

    /// Ends a reply.
    pub(super) async fn end(&self, reply: Reply) -> Page {
        match reply {
            Reply::Now(status) => pages::calm(status, Language::current()),
            Reply::Outcome => self.outcome_page(),
            Reply::Later(decision) => self.after(decision).await,
        }
    }

    fn outcome_page(&self) -> Page {
        let Some(page) = self.outcome.borrow().clone() else {
            return pages::calm(StatusCode::NOT_FOUND, Language::current());
        };
        self.connections.note_fetched();
        page
    }

    async fn after(&self, decision: oneshot::Receiver<Verdict>) -> Page {
        match decision.await.unwrap_or(Verdict::Stray) {
            Verdict::Stray => pages::calm(StatusCode::NOT_FOUND, Language::current()),
            Verdict::Accepted => {
                let _ = self.outcome.subscribe().wait_for(Option::is_some).await;
                self.connections.note_sent();
                pages::see_other(self.registered.done_path())
            }
        }
    }

    async fn verdict_on(&self, query: Secret) -> Verdict {
        let fingerprint: Fingerprint = Sha256::digest(query.expose()).into();
        let mut accepted = self.accepted.subscribe();
        tokio::select! {
            biased;
            known = accepted.wait_for(Option::is_some) => match known.ok().and_then(|known| *known) {
                Some(known) if bool::from(known.ct_eq(&fingerprint)) => Verdict::Accepted,
                // The login has its answer: whatever else comes is not for it.
                Some(_) | None => Verdict::Stray,
            },
            verdict = self.ask(query, fingerprint) => verdict,
        }
    }

    async fn ask(&self, query: Secret, fingerprint: Fingerprint) -> Verdict {
        let (verdict, answer) = oneshot::channel();
        let (_settling, settled) = oneshot::channel();
        let arrival = Arrival { query, verdict };
        if self.arrivals.send(HandedOver { arrival, settled }).await.is_err() {
            return Verdict::Stray;
        }
        let verdict = answer.await.unwrap_or(Verdict::Stray);
        if verdict == Verdict::Accepted {
            self.accepted.send_replace(Some(fingerprint));
        }
        verdict
    }
}
