//! How the pretend X decides, without any HTTP.

mod authorize;
mod client;
mod consent;
mod grant;
mod pkce;
mod profile;
mod redirect_uri;
mod refusal;
mod revoke;
pub(crate) mod scope;
mod shape;
mod token;
pub(crate) mod user;

use std::collections::HashMap;

use crate::clock::{Random, UnixMs};
use crate::hash::Hashed;
use crate::knobs::Knobs;
use crate::ledger::Ledger;
use crate::registration::App;

pub(crate) use authorize::{AuthorizeRequest, Authorized, Fault};
pub(crate) use client::Credentials;
pub(crate) use consent::{Answer, Consent, Decision};
pub(crate) use grant::Grant;
pub(crate) use profile::{Budget, Profile, Shown};
pub(crate) use refusal::Refusal;
pub(crate) use revoke::RevokeRequest;
pub(crate) use token::{TokenAnswer, TokenRequest};

/// Everything that decisions depend on but do not change.
pub(crate) struct Circumstances<'a> {
    pub(crate) now: UnixMs,
    pub(crate) random: &'a dyn Random,
    pub(crate) knobs: &'a Knobs,
    pub(crate) ledger: Option<&'a Ledger>,
}

impl Circumstances<'_> {
    fn secret(&self, kind: shape::Kind) -> String {
        let secret = shape::secret(kind, self.random, self.now);
        if let Some(ledger) = self.ledger {
            ledger.note_issued(&secret);
        }
        secret
    }
}

/// What the pretend X remembers.
#[derive(Debug, Default)]
pub(crate) struct World {
    pub(crate) apps: Vec<App>,
    pub(crate) grants: Vec<Grant>,
    /// Consent pages that wait for an answer, by the hash of their id.
    consents: HashMap<Hashed, Consent>,
    /// The page answered last, for the second click of a double click.
    answered: Option<consent::Answered>,
    codes: HashMap<Hashed, consent::Allowed>,
    /// Requests of `/2/users/me` in the window of 15 minutes, by user id.
    budgets: HashMap<&'static str, Budget>,
}

impl World {
    pub(crate) fn app(&self, client_id: &str) -> Option<&App> {
        self.apps.iter().find(|app| app.client_id == client_id)
    }

    /// Adds `app` or replaces the one with its client id; redirect URIs add up.
    pub(crate) fn register(&mut self, mut app: App) {
        let Some(at) = self.apps.iter().position(|known| known.client_id == app.client_id) else {
            self.apps.push(app);
            return;
        };
        app.merge_redirect_uris(self.apps[at].clone());
        self.apps[at] = app;
    }

    /// Drops what no longer can be used, so that memory stays bounded.
    fn forget_expired(&mut self, now: UnixMs) {
        self.consents.retain(|_, consent| consent.lives_at(now));
        self.codes.retain(|_, allowed| allowed.lives_at(now));
        self.grants.retain(|grant| grant.lives_at(now));
        for grant in &mut self.grants {
            grant.access_tokens.retain(|token| token.lives_at(now));
        }
    }
}
