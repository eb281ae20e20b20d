//! The logout: revoke the refresh token, then the access token, then erase.

mod queue;

use crate::app::{App, Binding};
use crate::effects::files;
use crate::effects::vault::ItemName;
use crate::failure::{ChoiceError, Failure, StoredError};
use crate::grant::{Grant, GrantError};
use crate::problem::{About, Code, Problem};
use crate::protocol::client::ClientAuthentication;
use crate::protocol::endpoint::Endpoint;
use crate::protocol::failure::TokenFailure;
use crate::protocol::revoke::{TokenKind, read_revocation, revocation_request};
use crate::protocol::secret::Secret;
use crate::refresh;
use crate::store::accounts;
use crate::view::RevocationView;
use crate::world::{World, endpoints_of, unchanged};
use queue::Waiting;
pub(crate) use queue::{finish as finish_revocations, read as waiting_revocations};

/// What became of both tokens at the provider, as it is shown.
pub(crate) struct Revoked {
    pub(crate) refresh: RevocationView,
    pub(crate) access: RevocationView,
}

impl Revoked {
    /// Why one of both may still work, when it may.
    pub(crate) fn failure(&self) -> Option<Code> {
        [&self.refresh, &self.access].into_iter().find_map(|half| match half {
            RevocationView::Failed { problem } | RevocationView::Waiting { problem } => {
                Some(problem.code)
            }
            RevocationView::Revoked | RevocationView::None | RevocationView::Unsupported => None,
        })
    }

    fn failed(failure: &Failure, app: Option<&App>) -> Self {
        let about = app.map(About::app).unwrap_or_default();
        let failed = RevocationView::Failed { problem: Problem::new(failure, &about) };
        Self { refresh: failed.clone(), access: failed }
    }
}

/// What a logout does with tokens that the server could not be told about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unsent {
    /// They wait in the vault until it can.
    Wait,
    /// They are erased: their app goes, and with it the address.
    Erase,
}

/// Revokes and erases one account; erased it is whatever the server said.
pub(crate) async fn log_out(
    world: &World,
    app: Option<&App>,
    account: &accounts::Account,
    unsent: Unsent,
) -> Result<Revoked, Failure> {
    // A refresh under way would bring the grant back.
    let _held = refresh::hold(world, &account.id).await?;
    // Asked before revoking: an account that can't be taken off the list would stay there, dead.
    files::try_writing(&world.folders.data)?;
    let name = ItemName::grant(&account.app_id, &account.id);
    let item = world.effects.vault.read(&name).await?;
    let revoked = match (item.as_ref().map(Grant::from_item), app) {
        (Some(Ok(held)), Some(app)) => revoke_newest(world, app, account, held, unsent).await?,
        // A newer version can still log this account out properly; erasing it here would not.
        (Some(Err(GrantError::Newer { .. })), _) => return Err(StoredError::GrantNewer.into()),
        (Some(Ok(_)), None) => Revoked::failed(&app_removed(&account.app_id), None),
        (Some(Err(GrantError::Unreadable)), _) => {
            Revoked::failed(&StoredError::GrantUnreadable.into(), app)
        }
        (None, _) => Revoked { refresh: RevocationView::None, access: RevocationView::None },
    };
    world.effects.vault.remove(&name).await?;
    refresh::clear_sealed(&world.folders.data, &account.id);
    accounts::change(&world.folders.data, |all| all.retain(|one| one.id != account.id))?;
    Ok(revoked)
}

/// Revokes the pair that counts: the one in the vault, or a newer one that waits to get there.
async fn revoke_newest(
    world: &World,
    app: &App,
    account: &accounts::Account,
    held: Grant,
    unsent: Unsent,
) -> Result<Revoked, Failure> {
    let waiting = refresh::left(&world.folders.data, &account.id, &held)?;
    if waiting.is_some() {
        // Its refresh token is spent, but the access token may still work.
        revoke_quietly(world, app, &held).await;
    }
    let grant = waiting.unwrap_or(held);
    match revoke(world, app, &grant).await {
        Ok(halves) => {
            let waits = unsent == Unsent::Wait
                && halves.is_passing()
                && put_aside(world, &grant, account).await;
            Ok(halves.shown(app, waits))
        }
        Err(failure) => Ok(Revoked::failed(&failure, Some(app))),
    }
}

async fn put_aside(world: &World, grant: &Grant, account: &accounts::Account) -> bool {
    let waiting = Waiting {
        app_id: account.app_id.clone(),
        account_id: account.id.clone(),
        called: crate::present::who(account),
        since_ms: world.effects.clock.now_unix_ms(),
    };
    let put = queue::put(world, grant, &waiting).await;
    if let Err(failure) = &put {
        tracing::warn!(%failure, "a revocation could not be put aside");
    }
    put.is_ok()
}

/// Revokes what was just issued and can't be stored, or was replaced; what fails is only logged.
pub(crate) async fn revoke_quietly(world: &World, app: &App, grant: &Grant) {
    let revoked = match revoke(world, app, grant).await {
        Ok(halves) => halves.shown(app, false),
        Err(failure) => Revoked::failed(&failure, Some(app)),
    };
    tracing::info!(refresh = ?revoked.refresh, access = ?revoked.access, "revoked what is of no use any more");
}

/// What became of one token.
enum Half {
    Revoked,
    None,
    Unsupported,
    Failed(Failure),
}

/// What became of both.
struct Halves {
    refresh: Half,
    access: Half,
}

impl Halves {
    /// Whether a later attempt may go better.
    fn is_passing(&self) -> bool {
        [&self.refresh, &self.access]
            .into_iter()
            .any(|half| matches!(half, Half::Failed(failure) if is_passing(failure)))
    }

    /// Takes out why one of both has to be tried again.
    fn take_passing(&mut self) -> Option<Failure> {
        for half in [&mut self.refresh, &mut self.access] {
            if matches!(half, Half::Failed(failure) if is_passing(failure))
                && let Half::Failed(failure) = std::mem::replace(half, Half::None)
            {
                return Some(failure);
            }
        }
        None
    }

    /// As it is shown; `waits` says that what may go better later is tried then.
    fn shown(self, app: &App, waits: bool) -> Revoked {
        let shown = |half| match half {
            Half::Revoked => RevocationView::Revoked,
            Half::None => RevocationView::None,
            Half::Unsupported => RevocationView::Unsupported,
            Half::Failed(failure) => {
                let problem = Problem::new(&failure, &About::app(app));
                if waits && is_passing(&failure) {
                    RevocationView::Waiting { problem }
                } else {
                    RevocationView::Failed { problem }
                }
            }
        };
        Revoked { refresh: shown(self.refresh), access: shown(self.access) }
    }
}

/// Whether the server was not there or not able, rather than unwilling.
fn is_passing(failure: &Failure) -> bool {
    let Failure::Token(refusal) = failure else { return matches!(failure, Failure::Http(_)) };
    matches!(
        refusal,
        TokenFailure::RateLimited { .. }
            | TokenFailure::Unavailable { .. }
            | TokenFailure::NotJson { .. }
            | TokenFailure::Truncated
            | TokenFailure::Redirected { .. }
    )
}

/// Revokes both; fails when nothing could be sent at all.
async fn revoke(world: &World, app: &App, grant: &Grant) -> Result<Halves, Failure> {
    let Some(revocation) = Revocation::prepare(world, app, grant).await? else {
        let refresh = grant.refresh_token.as_ref().map_or(Half::None, |_| Half::Unsupported);
        return Ok(Halves { refresh, access: Half::Unsupported });
    };
    let refresh = match &grant.refresh_token {
        Some(token) => revocation.revoke(TokenKind::Refresh, token).await,
        None => Half::None,
    };
    let access = revocation.revoke(TokenKind::Access, &grant.access_token).await;
    Ok(Halves { refresh, access })
}

/// The app is no longer configured, so nobody knows where its tokens are revoked.
fn app_removed(app_id: &str) -> Failure {
    ChoiceError::AppUnknown { given: app_id.to_owned(), known: Vec::new() }.into()
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

    async fn revoke(&self, kind: TokenKind, token: &Secret) -> Half {
        let client_id = &self.app.client_id;
        let request =
            revocation_request(&self.endpoint, &self.authentication, client_id, kind, token);
        let sent = self.world.effects.http.send(request).await.map_err(Failure::Http);
        match sent.and_then(|answer| Ok(read_revocation(&answer)?)) {
            Ok(()) => Half::Revoked,
            Err(failure) => Half::Failed(failure),
        }
    }
}
