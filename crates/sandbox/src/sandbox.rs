//! The sandbox: the rules with a clock, a store and answers that tests prepare.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use crate::clock::{Clock, Random, UnixMs};
use crate::faults::{Fault, Plan};
use crate::journal::{Entry, Journal};
use crate::knobs::Knobs;
use crate::ledger::Ledger;
use crate::registration::{App, Registration};
use crate::route::Route;
use crate::rules::user::USERS;
use crate::rules::{
    AuthorizeRequest, Authorized, Circumstances, Decision, Fault as PageFault, Grant, Profile,
    Refusal, RevokeRequest, TokenAnswer, TokenRequest, World,
};
use crate::settings::{Approve, Settings};
use crate::store::{Store, StoreError};

/// A prepared answer.
#[derive(Debug, Clone)]
pub struct Canned {
    /// The HTTP status.
    pub status: u16,
    /// The headers, all of them.
    pub headers: Vec<(String, String)>,
    /// The body, sent as it is.
    pub body: Vec<u8>,
    /// The answer waits until this is notified.
    pub hold: Option<Arc<Notify>>,
}

/// A pretend X; [`serve`](crate::serve) gives it a port.
pub struct Sandbox {
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    ledger: Option<Arc<Ledger>>,
    inner: Mutex<Inner>,
}

struct Inner {
    world: World,
    knobs: Knobs,
    approve: Approve,
    auto_user: String,
    canned: VecDeque<(Route, Canned)>,
    plans: Vec<(Route, Fault, Option<u32>)>,
    journal: Journal,
    store: Option<Store>,
    /// The folder of a store that was removed; the next thing to keep takes it again.
    removed: Option<PathBuf>,
    address: Option<String>,
}

/// What an authorize request leads to.
pub(crate) enum Step {
    Redirect(String),
    Page { consent_id: String, app_name: String, scopes: Vec<String> },
}

impl Sandbox {
    /// Starts a sandbox with what its store holds.
    ///
    /// # Errors
    ///
    /// [`StoreError::Io`] when the store cannot be written.
    pub fn open(settings: Settings) -> Result<Arc<Self>, StoreError> {
        let mut world = World::default();
        let mut store = settings.store;
        if let Some(store) = &mut store {
            world.apps.clone_from(&store.record().apps);
            world.grants.clone_from(&store.record().grants);
            store.save(&world.apps, &world.grants)?;
        }
        let inner = Inner {
            world,
            knobs: settings.knobs,
            approve: settings.approve,
            auto_user: USERS[0].username.to_owned(),
            canned: VecDeque::new(),
            plans: Vec::new(),
            journal: Journal::default(),
            store,
            removed: None,
            address: None,
        };
        Ok(Arc::new(Self {
            clock: settings.clock,
            random: settings.random,
            ledger: settings.ledger,
            inner: Mutex::new(inner),
        }))
    }

    /// The time by its clock.
    pub(crate) fn now(&self) -> std::time::SystemTime {
        self.clock.now()
    }

    /// Adds an app; the same client id replaces the earlier one and keeps its redirect URIs too.
    pub fn register(&self, registration: Registration) {
        let mut inner = self.lock();
        inner.world.register(App::new(registration));
        inner.save();
    }

    /// All apps, without their secrets, which the sandbox does not keep.
    pub fn registrations(&self) -> Vec<Registration> {
        self.lock().world.apps.iter().map(App::registration).collect()
    }

    /// Changes the behavior from the next request on.
    pub fn set_knobs(&self, knobs: Knobs) {
        self.lock().knobs = knobs;
    }

    /// How it behaves now.
    pub(crate) fn knobs(&self) -> Knobs {
        self.lock().knobs.clone()
    }

    /// Changes who answers the consent page.
    pub fn set_approve(&self, approve: Approve) {
        self.lock().approve = approve;
    }

    /// Chooses the user for [`Approve::Auto`], `demo_ada` or `demo_grace`.
    pub fn set_auto_user(&self, username: &str) {
        username.clone_into(&mut self.lock().auto_user);
    }

    /// Answers the next request of `route` with `canned`, before it changes anything.
    pub fn answer_next(&self, route: Route, canned: Canned) {
        self.lock().canned.push_back((route, canned));
    }

    /// Plans a fault behind those planned before, or sets a knob.
    pub fn plan(&self, plan: Plan) {
        let mut inner = self.lock();
        match plan {
            Plan::Fault { route, fault, times } => inner.plans.push((route, fault, times)),
            Plan::Knob(knob) => knob.apply(&mut inner.knobs),
        }
    }

    /// How many planned faults no request has met yet.
    pub fn planned(&self) -> usize {
        self.lock().plans.len()
    }

    /// Calls all planned faults off; knobs stay as they are.
    pub fn call_off(&self) {
        self.lock().plans.clear();
    }

    /// Tells a second start where this sandbox listens.
    ///
    /// # Errors
    ///
    /// [`StoreError::Io`] when the store cannot be written.
    pub fn announce(&self, address: &str) -> Result<(), StoreError> {
        let mut inner = self.lock();
        inner.address = Some(address.to_owned());
        inner.announce()
    }

    /// Forgets all apps and grants and deletes the files that held them.
    ///
    /// # Errors
    ///
    /// [`StoreError::Io`] when a file cannot be deleted; memory is empty all the same.
    pub fn forget_everything(&self) -> Result<(), StoreError> {
        let mut inner = self.lock();
        inner.world = World::default();
        inner.canned.clear();
        let Some(store) = inner.store.take() else { return Ok(()) };
        inner.removed = Some(store.folder().to_owned());
        store.remove()
    }

    pub(crate) fn ledger(&self) -> Option<&Ledger> {
        self.ledger.as_deref()
    }

    pub(crate) fn take_canned(&self, route: Route) -> Option<Canned> {
        let mut inner = self.lock();
        let at = inner.canned.iter().position(|(known, _)| *known == route)?;
        inner.canned.remove(at).map(|(_, canned)| canned)
    }

    /// The fault planned for this request of `route`, used up by one.
    pub(crate) fn take_fault(&self, route: Route) -> Option<Fault> {
        let mut inner = self.lock();
        let at = inner.plans.iter().position(|(known, ..)| *known == route)?;
        let (_, fault, times) = &mut inner.plans[at];
        let fault = *fault;
        if let Some(left) = times {
            *left -= 1;
            if *left == 0 {
                inner.plans.remove(at);
            }
        }
        Some(fault)
    }

    pub(crate) fn note_request(
        &self,
        method: String,
        path: String,
        status: Option<u16>,
        took_ms: u128,
        fault: Option<String>,
    ) {
        let at_ms = UnixMs::of(self.clock.now()).0;
        self.lock().journal.add(Entry { at_ms, method, path, status, took_ms, fault });
    }

    /// The grants with their apps' names, the requests, and the time.
    pub(crate) fn history(&self) -> (Vec<(String, Grant)>, Vec<Entry>, UnixMs) {
        let inner = self.lock();
        let named = |grant: &Grant| {
            let app = inner.world.app(&grant.client_id);
            (app.map_or_else(|| grant.client_id.clone(), |app| app.name.clone()), grant.clone())
        };
        let grants = inner.world.grants.iter().map(named).collect();
        (grants, inner.journal.entries(), UnixMs::of(self.clock.now()))
    }

    pub(crate) fn authorize(&self, request: &AuthorizeRequest) -> Result<Step, PageFault> {
        self.with(|inner, circumstances| {
            let consent = match inner.world.authorize(request, circumstances)? {
                Authorized::StateTooLong { redirect } => return Ok(Step::Redirect(redirect)),
                Authorized::Ask(consent) => consent,
            };
            if inner.approve == Approve::Auto {
                let username = inner.auto_user.clone();
                return inner.world.approve(&consent, &username, circumstances).map(Step::Redirect);
            }
            let app = inner.world.app(&consent.client_id);
            let app_name = app.map(|app| app.name.clone()).unwrap_or_default();
            let scopes = consent.scopes.clone();
            let consent_id = inner.world.ask(consent, circumstances);
            Ok(Step::Page { consent_id, app_name, scopes })
        })
    }

    pub(crate) fn decide(&self, decision: &Decision) -> Result<String, PageFault> {
        self.with(|inner, circumstances| inner.world.decide(decision, circumstances))
    }

    pub(crate) fn token(&self, request: &TokenRequest) -> Result<TokenAnswer, Refusal> {
        self.with(|inner, circumstances| {
            let answer = inner.world.token(request, circumstances);
            inner.save();
            answer
        })
    }

    pub(crate) fn revoke(&self, request: &RevokeRequest) -> Result<(), Refusal> {
        self.with(|inner, circumstances| {
            let answer = inner.world.revoke(request, circumstances);
            inner.save();
            answer
        })
    }

    /// Whether an access token works now; asked from outside, so it costs no request.
    pub fn accepts(&self, access_token: &str) -> bool {
        self.with(|inner, circumstances| inner.world.accepts(access_token, circumstances.now))
    }

    /// Whether a token is the newest refresh token of a grant, or an access token that works now;
    /// asked from outside, so it costs no request.
    pub fn lives(&self, token: &str) -> bool {
        self.with(|inner, circumstances| inner.world.lives(token, circumstances.now))
    }

    pub(crate) fn users_me(&self, access_token: Option<&str>) -> Profile {
        self.with(|inner, circumstances| inner.world.users_me(access_token, circumstances))
    }

    fn with<T>(&self, act: impl FnOnce(&mut Inner, &Circumstances<'_>) -> T) -> T {
        let mut inner = self.lock();
        let knobs = inner.knobs.clone();
        let circumstances = Circumstances {
            now: UnixMs::of(self.clock.now()),
            random: self.random.as_ref(),
            knobs: &knobs,
            ledger: self.ledger(),
        };
        act(&mut inner, &circumstances)
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    /// A sandbox whose disk is full still answers; its grants only won't outlive it.
    fn save(&mut self) {
        if let Err(error) = self.write() {
            tracing::warn!(%error, "the sandbox could not keep its grants");
        }
    }

    fn write(&mut self) -> Result<(), StoreError> {
        let anything = !self.world.apps.is_empty() || !self.world.grants.is_empty();
        if let Some(folder) = self.removed.as_ref().filter(|_| anything) {
            self.store = Some(Store::open(folder)?);
            self.removed = None;
            self.announce()?;
        }
        let Some(store) = &mut self.store else { return Ok(()) };
        store.save(&self.world.apps, &self.world.grants)
    }

    fn announce(&self) -> Result<(), StoreError> {
        let (Some(store), Some(address)) = (&self.store, &self.address) else { return Ok(()) };
        store.announce(address)
    }
}
