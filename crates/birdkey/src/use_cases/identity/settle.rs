//! Whose grant it is: names the account, or moves the grant into the one it belongs to.

use birdkey_foreign::Foreign;

use super::destination::{Because, Destination, WhySeparate, destination};
use super::overtaken::Login;
use crate::effects::vault::ItemName;
use crate::failure::{Failure, StoredError};
use crate::model::app::App;
use crate::model::grant::Grant;
use crate::problem::{
    About, LoginEffect, Problem, account_renewed, logout_held_back, newer_tokens_may_live,
    older_tokens_live, other_user, user_unconfirmed,
};
use crate::protocol::profile::Profile;
use crate::store::accounts::{self, Account, AccountList, ProfileNote};
use crate::store::login_notes::{self, LoginNote, Target};
use crate::use_cases::context::Context;
use crate::use_cases::grants::{grant_in, read_grant, write_grant};
use crate::use_cases::locks;
use crate::use_cases::refresh;
use crate::use_cases::revocation::{self, Old, Replaced, User};

/// How a login was settled.
pub(crate) struct Settled {
    /// The account that has the grant now.
    pub(crate) account_id: String,
    /// What else there is to say about it.
    pub(crate) remarks: Vec<Problem>,
    /// Why the account that was asked for is still without a login, when it is.
    pub(crate) not_renewed: Option<Problem>,
}

/// Settles a login, and forgets its note.
pub(crate) async fn assign_login(
    context: &Context,
    app: &App,
    note: &LoginNote,
    profile: Result<Profile, ProfileNote>,
) -> Result<Settled, Failure> {
    let user = profile.as_ref().ok().cloned();
    Login { app, account_id: &note.account_id, user: user.as_ref() }.mark_overtaken(context);
    let settled = settle(context, app, &note.account_id, &note.target, profile).await?;
    login_notes::clear(&context.folders.data, &note.account_id);
    let user_id = user.as_ref().map(|user| &user.user_id);
    let held = revocation::superseded(context, app, &settled.account_id, user_id).await;
    // The login is done, whether or not the list can say how accounts are called.
    let list = accounts::read(&context.folders.data).unwrap_or_default();
    Ok(settled.told(app, &note.target, &list, held))
}

/// Takes the profile's answer over; the login is done whatever it says. Returns the account's id.
pub(crate) async fn settle_names(
    context: &Context,
    app: &App,
    account_id: &str,
    profile: Profile,
) -> Result<String, Failure> {
    Ok(settle(context, app, account_id, &Target::New, Ok(profile)).await?.account_id)
}

/// Where a grant went.
struct Moved {
    account_id: String,
    destination: Destination,
    /// What became of the pair that it replaced.
    old: Old,
    /// Whether a newer pair than that may live at the server.
    newer_may_live: bool,
}

impl Moved {
    /// Nothing was replaced.
    fn nothing(account_id: &str, destination: Destination) -> Self {
        let account_id = account_id.to_owned();
        Self { account_id, destination, old: Old::Dead, newer_may_live: false }
    }
}

async fn settle(
    context: &Context,
    app: &App,
    from: &str,
    target: &Target,
    profile: Result<Profile, ProfileNote>,
) -> Result<Moved, Failure> {
    let (profile, note) = match profile {
        Ok(profile) => (Some(profile), None),
        Err(note) => (None, Some(note)),
    };
    let moving = Moving { context, app, from, target, profile: profile.as_ref(), note };
    match moving.run().await {
        Ok(moved) => Ok(moved),
        Err(failure) => {
            // The grant is safe under its first name; only the names are missing.
            tracing::warn!(%failure, account = from, "the account could not be named");
            Ok(Moved::nothing(from, Destination::Separate(WhySeparate::New)))
        }
    }
}

/// Where a grant lies, and what is known of whose it is.
struct Moving<'a> {
    context: &'a Context,
    app: &'a App,
    from: &'a str,
    target: &'a Target,
    profile: Option<&'a Profile>,
    note: Option<ProfileNote>,
}

impl Moving<'_> {
    /// Names the account, or moves its grant into the one it belongs to.
    ///
    /// Both are held: a refresh meanwhile may have replaced the grant, a logout may have removed either.
    async fn run(&self) -> Result<Moved, Failure> {
        let Destination::Existing { id, .. } = self.destination()? else {
            let held = locks::hold(self.context, self.from).await?;
            let destination = self.destination()?;
            self.write(self.from, User::Unconfirmed).await?;
            drop(held);
            return Ok(Moved::nothing(self.from, destination));
        };
        let held = locks::hold_all(self.context, &[&id, self.from]).await?;
        let mut destination = self.destination()?;
        let still_there =
            matches!(&destination, Destination::Existing { id: now, .. } if *now == id);
        // It was removed, or got its name meanwhile, which may say why the grant stays apart.
        if !still_there && matches!(destination, Destination::Existing { .. }) {
            destination = Destination::Separate(WhySeparate::New);
        }
        let account_id = if still_there { &id } else { self.from };
        let user = match destination {
            Destination::Existing { because: Because::SameUser, .. } => User::Confirmed,
            Destination::Existing { because: Because::Asked | Because::OnlyOne, .. }
            | Destination::Separate(_) => User::Unconfirmed,
        };
        let replaced = self.write(account_id, user).await?;
        drop(held);
        let Some(replaced) = replaced else { return Ok(Moved::nothing(account_id, destination)) };
        let newer_may_live = replaced.is_unanswered();
        let old = revocation::settle(self.context, self.app, replaced).await;
        Ok(Moved { account_id: account_id.to_owned(), destination, old, newer_may_live })
    }

    fn destination(&self) -> Result<Destination, Failure> {
        let list = accounts::read(&self.context.folders.data)?;
        Ok(destination(&list.accounts, &self.app.id, self.from, self.target, self.profile))
    }

    /// Keeps the pair that was there, writes the item that stays, then the index, then removes the item
    /// that was moved: cut off anywhere, the grant is found under one of the two. Once it is in its new
    /// destination it stays there. Returns the pair that was there before.
    async fn write(&self, to: &str, user: User) -> Result<Option<Replaced>, Failure> {
        let context = self.context;
        let mut grant = read_grant(context, self.app, self.from).await?;
        let list = accounts::read(&context.folders.data)?;
        let is_moved = to != self.from;
        let replaced = match is_moved.then(|| list.find(to)).flatten() {
            Some(account) => self.keep(account, &grant, user).await?,
            None => None,
        };
        grant.profile = self.profile.cloned().or(grant.profile);
        if is_moved || self.profile.is_some() {
            write_grant(context, self.app, to, &grant).await?;
        }
        let listed = accounts::change(&context.folders.data, |all| {
            if let Some(account) = all.iter_mut().find(|account| account.id == to) {
                account.sync_from(&grant);
                // Whatever a new login does not ask for was not taken away.
                account.scopes_lost = None;
                if self.note.is_some() && account.user_id.is_none() {
                    account.profile_note = self.note;
                }
            }
            all.retain(|account| account.id == to || account.id != self.from);
        });
        if let Err(error) = listed {
            tracing::warn!(%error, account = to, "the account list does not show whose it is");
        }
        if is_moved {
            refresh::move_marks(&context.folders.data, self.from, to);
            // A logout that was cut off was about the pair before.
            if let Err(error) = login_notes::end_logout(&context.folders.data, to) {
                tracing::warn!(%error, account = to, "the note of a logout stays behind");
            }
            let moved = ItemName::grant(&self.app.id, self.from);
            if let Err(error) = context.effects.vault.remove(&moved).await {
                tracing::warn!(%error, account = self.from, "a copy of a grant stays behind");
            }
        }
        Ok(replaced)
    }

    /// Keeps the pair of the account that the grant moves into, unless the server declared it dead.
    async fn keep(
        &self,
        account: &Account,
        new: &Grant,
        user: User,
    ) -> Result<Option<Replaced>, Failure> {
        let name = ItemName::grant(&self.app.id, &account.id);
        let old = match self.context.effects.vault.read(&name).await?.as_ref().map(grant_in) {
            Some(Ok(old)) => old,
            // What is no grant can't be revoked either; one of a newer version is not written over.
            None | Some(Err(StoredError::GrantUnreadable)) => return Ok(None),
            Some(Err(error)) => return Err(error.into()),
        };
        // Where the refresh token is dead, the access token may still live to its end.
        let is_dead = account.ended.is_some() && account.serial == old.serial;
        let has_expired = old.expires_within(self.context.effects.clock.now_unix_ms(), 0);
        // The same one where a move was cut off and is finished now.
        if is_dead && has_expired || old.serial == new.serial {
            return Ok(None);
        }
        Ok(Some(revocation::keep(self.context, self.app, account, old, user).await?))
    }
}

impl Moved {
    /// What there is to say about it.
    fn told(self, app: &App, target: &Target, list: &AccountList, held: bool) -> Settled {
        let about = About::app(app);
        let called = |id: &str| list.find(id).map_or_else(|| Foreign::new(id), Account::called);
        let mut remarks = Vec::new();
        if matches!(self.destination, Destination::Existing { because: Because::OnlyOne, .. }) {
            remarks.push(account_renewed(&called(&self.account_id), &about));
        }
        if held || self.old == Old::HeldBack {
            remarks.push(logout_held_back(&called(&self.account_id), &about));
        }
        if self.newer_may_live {
            remarks.push(newer_tokens_may_live(&about));
        }
        if self.old == Old::LivesOn {
            remarks.push(older_tokens_live(&called(&self.account_id), &about));
        }
        let wanted = match target {
            Target::Account(id) if *id != self.account_id => list.find(id),
            Target::Account(_) | Target::Unsaid | Target::New => None,
        };
        let not_renewed = wanted.map(|wanted| match self.destination {
            Destination::Separate(WhySeparate::Unconfirmed) => {
                user_unconfirmed(&wanted.called(), &self.account_id, &about)
            }
            Destination::Separate(WhySeparate::New | WhySeparate::OtherUser) => {
                other_user(&wanted.called(), &called(&self.account_id), LoginEffect::Added, &about)
            }
            Destination::Existing { .. } => other_user(
                &wanted.called(),
                &called(&self.account_id),
                LoginEffect::Renewed,
                &about,
            ),
        });
        Settled { account_id: self.account_id, remarks, not_renewed }
    }
}
