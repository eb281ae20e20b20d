//! Accounts whose tokens a login may have ended: a server that keeps one grant for each app and user
//! ends the one before, and it is not always known whose login it was.

use super::destination::may_be_user;
use crate::model::app::App;
use crate::protocol::profile::Profile;
use crate::store::accounts;
use crate::use_cases::context::Context;

/// A login that the server may have taken for a user who is logged in already.
pub(crate) struct Login<'a> {
    /// The app it went through.
    pub(crate) app: &'a App,
    /// The account that its grant is stored under; the grant can't have ended itself.
    pub(crate) account_id: &'a str,
    /// Whose it is, where the server said so.
    pub(crate) user: Option<&'a Profile>,
}

impl Login<'_> {
    /// Marks every account of the app that this login may have ended. Before a token of such an account
    /// is handed out, the server is asked by a refresh; the mark goes with the new pair.
    pub(crate) fn mark_overtaken(&self, context: &Context) {
        if !self.app.provider.kind().keeps_one_grant() {
            return;
        }
        let marked = accounts::change(&context.folders.data, |all| {
            let others = all
                .iter_mut()
                .filter(|account| account.app_id == self.app.id && account.id != self.account_id);
            for account in others.filter(|account| may_be_user(account, self.user)) {
                account.overtaken = true;
            }
        });
        if let Err(error) = marked {
            tracing::warn!(%error, "accounts that a login may have ended are not marked");
        }
    }
}
