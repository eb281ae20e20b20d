//! Erasing an account in steps that a later command can finish.

use super::LoggedOut;
use crate::effects::files;
use crate::effects::vault::ItemName;
use crate::failure::Failure;
use crate::protocol::secret::Secret;
use crate::store::accounts::{self, Account, Ended};
use crate::store::login_notes::{self, LoginNote, Step};
use crate::use_cases::context::Context;
use crate::use_cases::{refresh, revocation};

/// An account on its way off this machine.
pub(super) struct Erasing<'a> {
    context: &'a Context,
    account: &'a Account,
    name: ItemName,
    /// What an earlier logout, cut off or finished by another process, left to be said, and this one
    /// can't find out again.
    left: Option<Step>,
}

impl<'a> Erasing<'a> {
    pub(super) fn new(context: &'a Context, account: &'a Account) -> Self {
        let name = ItemName::grant(&account.app_id, &account.id);
        Self { context, account, name, left: None }
    }

    /// The account's item, once it is known that it can be erased: what stays after it was revoked would
    /// be dead.
    pub(super) async fn item(&mut self) -> Result<Option<Secret>, Failure> {
        files::try_writing(&self.context.folders.data)?;
        self.context.effects.vault.ready().await?;
        let item = self.context.effects.vault.read(&self.name).await?;
        let notes = login_notes::read(&self.context.folders.data).into_iter();
        let mut notes = notes.filter(|note| note.account_id == self.account.id);
        self.left = notes.next().and_then(|note| match note.then {
            None => note.is_for_a_person().then_some(note.step),
            // What is still there is revoked again, with an outcome of its own.
            Some(Step::NotRevoked) if item.is_some() => None,
            then => then,
        });
        Ok(item)
    }

    /// Whether an earlier logout found that a newer pair may live on.
    pub(super) fn newer_may_live(&self) -> bool {
        self.left == Some(Step::NewerLost)
    }

    /// Notes the logout, before anything is revoked.
    pub(super) fn begin(&self) -> Result<(), Failure> {
        self.note(Step::LoggingOut, self.left)
    }

    /// Takes the note away: the account stays, or nothing of it is left to be said.
    pub(super) fn call_off(&self) {
        if self.left.is_none() {
            login_notes::clear(&self.context.folders.data, &self.account.id);
        }
    }

    /// Erases item, marks and entry. What lives on at the server is said by the caller; should it not get
    /// to that, `status` says it.
    pub(super) async fn finish(&self, out: &LoggedOut) -> Result<(), Failure> {
        let data = &self.context.folders.data;
        let newer = out.newer.as_ref().map(|_| Step::NewerLost);
        let lives_on = newer.or(out.revoked.lives_on().then_some(Step::NotRevoked)).or(self.left);
        if lives_on.is_some() {
            self.note(Step::LoggingOut, lives_on)?;
        }
        if let Err(error) = self.context.effects.vault.remove(&self.name).await {
            if out.revoked.ended_any() {
                // It must not be handed out any more, and the next command erases it.
                self.mark_ended();
            } else {
                self.call_off();
            }
            return Err(error.into());
        }
        refresh::clear_sealed(data, &self.account.id);
        refresh::clear_note(data, &self.account.id);
        accounts::change(data, |all| all.retain(|one| one.id != self.account.id))?;
        if let Some(step) = lives_on {
            return self.note(step, None);
        }
        self.call_off();
        Ok(())
    }

    fn note(&self, step: Step, then: Option<Step>) -> Result<(), Failure> {
        let Account { id, app_id, .. } = self.account;
        let called = self.account.called();
        let note = revocation::note_of(self.context, id, app_id, &called, step);
        Ok(login_notes::write(&self.context.folders.data, &LoginNote { then, ..note })?)
    }

    fn mark_ended(&self) {
        let marked = accounts::change(&self.context.folders.data, |all| {
            if let Some(one) = all.iter_mut().find(|one| one.id == self.account.id) {
                one.ended.get_or_insert(Ended::Refused);
            }
        });
        if let Err(error) = marked {
            tracing::warn!(%error, "the account list does not show that a login was revoked");
        }
    }
}
