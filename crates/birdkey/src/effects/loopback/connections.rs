//! Who is connected: at most 64, and idle sockets never keep the real redirect out.

use std::collections::BTreeMap;
use std::sync::Arc;

use tokio::sync::{oneshot, watch};

/// Connections at one time.
pub(super) const SEATS: usize = 64;

/// The connections of one listener, and what their browsers still have to fetch.
#[derive(Debug, Clone, Default)]
pub(super) struct ConnectionLimit {
    table: Arc<watch::Sender<Table>>,
}

#[derive(Debug, Default)]
struct Table {
    next: u64,
    /// By age: ids only grow.
    taken: BTreeMap<u64, Taken>,
    /// Browsers sent to the outcome page.
    sent: usize,
    /// Outcome pages served.
    fetched: usize,
}

#[derive(Debug)]
struct Taken {
    phase: Phase,
    /// Dropping it ends the connection.
    _end: oneshot::Sender<()>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// No complete request yet: may have to make room.
    Waiting,
    /// A complete request is being answered: stays.
    Asked,
}

/// One connection's place; given back when dropped.
#[derive(Debug)]
pub(super) struct Seat {
    table: Arc<watch::Sender<Table>>,
    id: u64,
}

impl ConnectionLimit {
    /// Takes a seat for a new connection, and a receiver that ends when the seat is taken away.
    ///
    /// When all are taken, the oldest connection without a complete request is dropped;
    /// while there is none, this waits.
    pub(super) async fn take(&self) -> (Seat, oneshot::Receiver<()>) {
        let mut changes = self.table.subscribe();
        loop {
            if let Some(taken) = self.try_take() {
                return taken;
            }
            let _ = changes.wait_for(Table::has_room).await;
        }
    }

    /// Notes that a browser was sent to the outcome page.
    pub(super) fn note_sent(&self) {
        self.table.send_modify(|table| table.sent += 1);
    }

    /// Notes that the outcome page was served.
    pub(super) fn note_fetched(&self) {
        self.table.send_modify(|table| table.fetched += 1);
    }

    /// Waits until no request is being answered and every browser sent to the outcome page has it.
    pub(super) async fn quiet(&self) {
        let _ = self.table.subscribe().wait_for(Table::is_quiet).await;
    }

    fn try_take(&self) -> Option<(Seat, oneshot::Receiver<()>)> {
        let (end, ended) = oneshot::channel();
        let mut id = None;
        self.table.send_if_modified(|table| {
            id = table.seat(end);
            id.is_some()
        });
        Some((Seat { table: Arc::clone(&self.table), id: id? }, ended))
    }
}

impl Seat {
    /// Notes that the head of a request is complete; false when the seat was taken away just before.
    pub(super) fn note_asked(&self) -> bool {
        self.table.send_if_modified(|table| match table.taken.get_mut(&self.id) {
            Some(taken) => {
                taken.phase = Phase::Asked;
                true
            }
            None => false,
        })
    }

    /// Whether the head of a request was complete.
    pub(super) fn has_asked(&self) -> bool {
        self.table.borrow().taken.get(&self.id).is_some_and(|taken| taken.phase == Phase::Asked)
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.table.send_if_modified(|table| table.taken.remove(&self.id).is_some());
    }
}

impl Table {
    fn seat(&mut self, end: oneshot::Sender<()>) -> Option<u64> {
        if self.taken.len() >= SEATS {
            let oldest = self.oldest_waiting()?;
            self.taken.remove(&oldest);
        }
        let id = self.next;
        self.next += 1;
        self.taken.insert(id, Taken { phase: Phase::Waiting, _end: end });
        Some(id)
    }

    fn oldest_waiting(&self) -> Option<u64> {
        self.taken.iter().find(|(_, taken)| taken.phase == Phase::Waiting).map(|(id, _)| *id)
    }

    fn has_room(&self) -> bool {
        self.taken.len() < SEATS || self.oldest_waiting().is_some()
    }

    fn is_quiet(&self) -> bool {
        self.fetched >= self.sent && self.taken.values().all(|taken| taken.phase == Phase::Waiting)
    }
}
