//! The logout: revoke the refresh token, then the access token, then erase.

use crate::app::{App, Binding};
use crate::effects::vault::ItemName;
use crate::failure::{ChoiceError, Failure, StoredError};
use crate::grant::{Grant, GrantError};
use crate::problem::{About, Code, Problem};
use crate::protocol::client::ClientAuthentication;
use crate::protocol::endpoint::Endpoint;
use crate::protocol::revoke::{TokenKind, read_revocation, revocation_request};
use crate::protocol::secret::Secret;
use crate::refresh;
use crate::store::accounts;
use crate::view::RevocationView;
use crate::world::{World, endpoints_of, unchanged};

/// What became of both tokens at the provider.
pub(crate) struct Revoked {
    pub(crate) refresh: RevocationView,
    pub(crate) access: RevocationView,
}

impl Revoked {
    /// Why one of both may still work, when it may.
    pub(crate) fn failure(&self) -> Option<Code> {
        [&self.refresh, &self.access].into_iter().find_map(|half| match half {
            RevocationView::Failed { problem } => Some(problem.code),
            RevocationView::Revoked | RevocationView::None | RevocationView::Unsupported => None,
        })
    }
}

/// Revokes and erases one account; erased it is whatever the server said.
pub(crate) async fn log_out(
    world: &World,
    app: Option<&App>,
    app_id: &str,
    account_id: &str,
) -> Result<Revoked, Failure> {
    // A refresh under way would bring the grant back.
    let _held = refresh::hold(world, account_id).await?;
    let name = ItemName::grant(app_id, account_id);
    let item = world.effects.vault.read(&name).await?;
    let revoked = match (item.as_ref().map(Grant::from_item), app) {
        (Some(Ok(grant)), Some(app)) => revoke_both(world, app, &grant).await,
        // A newer version can still log this account out properly; erasing it here would not.
        (Some(Err(GrantError::Newer { .. })), _) => return Err(StoredError::GrantNewer.into()),
        (Some(Ok(_)), None) => not_sent(&app_removed(app_id), None),
        (Some(Err(GrantError::Unreadable)), _) => {
            not_sent(&StoredError::GrantUnreadable.into(), app)
        }
        (None, _) => Revoked { refresh: RevocationView::None, access: RevocationView::None },
    };
    world.effects.vault.remove(&name).await?;
    refresh::clear_sealed(&world.folders.data, account_id);
    accounts::change(&world.folders.data, |all| all.retain(|account| account.id != account_id))?;
    Ok(revoked)
}

/// Revokes what was just issued and can't be stored; what fails is only logged.
pub(crate) async fn revoke_quietly(world: &World, app: &App, grant: &Grant) {
    let revoked = revoke_both(world, app, grant).await;
    tracing::info!(refresh = ?revoked.refresh, access = ?revoked.access, "revoked an unstored grant");
}

async fn revoke_both(world: &World, app: &App, grant: &Grant) -> Revoked {
    match Revocation::prepare(world, app, grant).await {
        Err(failure) => not_sent(&failure, Some(app)),
        Ok(None) => Revoked {
            refresh: grant
                .refresh_token
                .as_ref()
                .map_or(RevocationView::None, |_| RevocationView::Unsupported),
            access: RevocationView::Unsupported,
        },
        Ok(Some(revocation)) => {
            let refresh = match &grant.refresh_token {
                Some(token) => revocation.revoke(TokenKind::Refresh, token).await,
                None => RevocationView::None,
            };
            let access = revocation.revoke(TokenKind::Access, &grant.access_token).await;
            Revoked { refresh, access }
        }
    }
}

/// The app is no longer configured, so nobody knows where its tokens are revoked.
fn app_removed(app_id: &str) -> Failure {
    ChoiceError::AppUnknown { given: app_id.to_owned(), known: Vec::new() }.into()
}

fn not_sent(failure: &Failure, app: Option<&App>) -> Revoked {
    let about = app.map(About::app).unwrap_or_default();
    let failed = RevocationView::Failed { problem: Problem::new(failure, &about) };
    Revoked { refresh: failed.clone(), access: failed }
}

/// Where and as whom tokens are revoked.
struct Revocation<'a> {
    world: &'a World,
    app: &'a App,
    endpoint: Endpoint,
    authentication: ClientAuthentication,
}

impl<'a> Revocation<'a> {
    /// `None` when the provider offers no revocation.
    async fn prepare(
        world: &'a World,
        app: &'a App,
        grant: &Grant,
    ) -> Result<Option<Self>, Failure> {
        let endpoints = endpoints_of(app)?;
        unchanged(&grant.binding, &Binding::of(&app.client_id, &endpoints))?;
        let authentication = world.authentication(app, &endpoints).await?;
        let revocation =
            endpoints.revoke.map(|endpoint| Self { world, app, endpoint, authentication });
        Ok(revocation)
    }

    async fn revoke(&self, kind: TokenKind, token: &Secret) -> RevocationView {
        let client_id = &self.app.client_id;
        let request =
            revocation_request(&self.endpoint, &self.authentication, client_id, kind, token);
        let sent = self.world.effects.http.send(request).await.map_err(Failure::Http);
        match sent.and_then(|answer| Ok(read_revocation(&answer)?)) {
            Ok(()) => RevocationView::Revoked,
            Err(failure) => {
                RevocationView::Failed { problem: Problem::new(&failure, &About::app(self.app)) }
            }
        }
    }
}
