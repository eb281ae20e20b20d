//! `GET /2/users/me`: who an access token belongs to.

use std::time::Duration;

use super::user::{self, User};
use super::{Circumstances, World};
use crate::clock::UnixMs;
use crate::hash::Hashed;

/// X counts requests in windows of 15 minutes.
const WINDOW: Duration = Duration::from_mins(15);
const NEEDED_SCOPES: [&str; 2] = ["tweet.read", "users.read"];

/// How many requests a user made since when.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Budget {
    since: UnixMs,
    used: u32,
}

/// How many requests are left and when the count starts anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shown {
    pub(crate) limit: u32,
    pub(crate) remaining: u32,
    /// Seconds since the Unix epoch.
    pub(crate) reset: u64,
}

/// What `/2/users/me` answers.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Profile {
    User(&'static User, Shown),
    Unauthorized,
    Forbidden,
    TooMany(Shown),
}

impl World {
    /// Finds the user of an access token.
    pub(crate) fn users_me(
        &mut self,
        access_token: Option<&str>,
        circumstances: &Circumstances<'_>,
    ) -> Profile {
        self.forget_expired(circumstances.now);
        let Some(sent) = access_token.map(Hashed::of) else {
            return Profile::Unauthorized;
        };
        let Some(grant) = self.grants.iter().find(|grant| grant.has_access_token(sent)) else {
            return Profile::Unauthorized;
        };
        let Some(user) = user::by_id(&grant.user_id) else {
            return Profile::Unauthorized;
        };
        if !NEEDED_SCOPES.iter().all(|needed| grant.scopes.iter().any(|scope| scope == needed)) {
            return Profile::Forbidden;
        }
        self.within_budget(user, circumstances)
    }

    /// Whether an access token works.
    pub(crate) fn accepts(&self, access_token: &str, now: UnixMs) -> bool {
        let sent = Hashed::of(access_token);
        let tokens = self.grants.iter().flat_map(|grant| &grant.access_tokens);
        tokens.filter(|token| token.sha256 == sent).any(|token| token.lives_at(now))
    }

    /// Whether a token of either kind lives.
    pub(crate) fn lives(&self, token: &str, now: UnixMs) -> bool {
        let sent = Hashed::of(token);
        let tokens =
            self.grants.iter().flat_map(|it| it.access_tokens.iter().chain(&it.refresh_token));
        tokens.filter(|token| token.sha256 == sent).any(|token| token.lives_at(now))
    }

    fn within_budget(&mut self, user: &'static User, circumstances: &Circumstances<'_>) -> Profile {
        let now = circumstances.now;
        let limit = circumstances.knobs.users_me_limit;
        let fresh = Budget { since: now, used: 0 };
        let budget = self.budgets.entry(user.id).or_insert(fresh);
        if now >= budget.since.plus(WINDOW) {
            *budget = fresh;
        }
        let exceeded = budget.used >= limit;
        budget.used = budget.used.saturating_add(1);
        let remaining = limit.saturating_sub(budget.used);
        let shown = Shown { limit, remaining, reset: budget.since.plus(WINDOW).0.div_ceil(1000) };
        if exceeded { Profile::TooMany(shown) } else { Profile::User(user, shown) }
    }
}
