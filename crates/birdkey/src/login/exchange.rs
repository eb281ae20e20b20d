//! From the code to the grant in the vault.

use std::time::Duration;

use super::{Attempt, Progress, settle::settle, wanted};
use crate::app::{App, Binding};
use crate::effects::clock::within;
use crate::effects::loopback::{Outcome, Redirects};
use crate::effects::seal;
use crate::effects::vault::{ItemName, VaultError};
use crate::failure::Failure;
use crate::grant::{Circumstances, Grant};
use crate::hand_out::write_grant;
use crate::logout::revoke_quietly;
use crate::problem::Became;
use crate::protocol::authorize::PendingLogin;
use crate::protocol::callback::AuthorizationCode;
use crate::protocol::profile::{Profile, profile_request, read_profile};
use crate::protocol::token::read_token_answer;
use crate::refresh;
use crate::store::accounts::{self, Account, ProfileNote};
use crate::world::{World, endpoints_of};

/// How long the profile may take; it never decides the login.
const PROFILE_LIMIT: Duration = Duration::from_secs(5);

impl Attempt<'_> {
    /// Exchanges the code, stores the grant, then tells the browser; asks for the profile meanwhile.
    pub(super) async fn complete(
        &self,
        pending: PendingLogin,
        code: AuthorizationCode,
        issuer: Option<String>,
        redirects: Box<dyn Redirects>,
    ) -> Result<String, Failure> {
        tracing::info!(app = self.request.app.id, "the redirect came; the code is exchanged");
        self.observer.progress(Progress::Exchanging);
        let grant = match self.exchange(pending, code, issuer).await {
            Ok(grant) => grant,
            Err(failure) => return Err(self.give_up(failure, redirects).await),
        };
        let (stored, profile) = tokio::join!(
            self.store_and_tell(&grant, redirects),
            profile(self.world, &self.request.app, &grant)
        );
        let stored = stored?;
        let settled = settle(self.world, &self.request.app, &stored, profile).await?;
        let became = if settled == stored { Became::Added } else { Became::Renewed };
        let other = wanted::other_user(self.world, self.request, &settled, became)?;
        if let Some(problem) = other {
            self.observer.progress(Progress::OtherUser(problem));
        }
        Ok(settled)
    }

    async fn exchange(
        &self,
        pending: PendingLogin,
        code: AuthorizationCode,
        issuer_seen: Option<String>,
    ) -> Result<Grant, Failure> {
        let request = pending.redeem(code, &self.endpoints.token, &self.authentication);
        let answer = self.world.effects.http.send(request).await?;
        let response = read_token_answer(&answer)?;
        let app = &self.request.app;
        let circumstances = Circumstances {
            serial: self.world.new_id()?,
            seal_key: seal::new_key(),
            binding: Binding::of(&app.client_id, &self.endpoints),
            kind: app.provider.kind(),
            scopes_requested: self.request.scopes.clone(),
            obtained_at_ms: self.world.effects.clock.now_unix_ms(),
            issuer_seen,
        };
        Ok(Grant::new(response, circumstances))
    }

    async fn store_and_tell(
        &self,
        grant: &Grant,
        redirects: Box<dyn Redirects>,
    ) -> Result<String, Failure> {
        match self.store(grant).await {
            Ok(account_id) => {
                self.observer.progress(Progress::Stored(&account_id));
                redirects.finish(Outcome::Done).await;
                Ok(account_id)
            }
            Err(failure) => {
                // A grant that nobody can find again must not stay alive at the provider.
                revoke_quietly(self.world, &self.request.app, grant).await;
                Err(self.give_up(failure, redirects).await)
            }
        }
    }

    /// Writes the vault item, then the index.
    async fn store(&self, grant: &Grant) -> Result<String, Failure> {
        let app = &self.request.app;
        let account_id = self.world.new_id()?;
        // A move to another vault must not miss the new account.
        let _held = refresh::hold(self.world, refresh::VAULT).await?;
        let vault = &self.world.effects.vault;
        match write_grant(self.world, app, &account_id, grant).await {
            Err(VaultError::Locked) => {
                vault.unlock().await?;
                write_grant(self.world, app, &account_id, grant).await?;
            }
            written => written?,
        }
        let account = Account::new(account_id.clone(), app.id.clone(), grant);
        let listed = accounts::change(&self.world.folders.data, |all| all.push(account));
        if let Err(error) = listed {
            // Without its entry nobody would find the item again.
            vault.remove(&ItemName::grant(&app.id, &account_id)).await?;
            return Err(error.into());
        }
        Ok(account_id)
    }
}

/// Asks whose a grant is, or says why that is not known.
pub(crate) async fn profile(
    world: &World,
    app: &App,
    grant: &Grant,
) -> Result<Profile, ProfileNote> {
    let endpoint = endpoints_of(app).ok().and_then(|endpoints| endpoints.profile);
    let Some(endpoint) = endpoint else { return Err(ProfileNote::NotOffered) };
    let request = profile_request(&endpoint, &grant.access_token);
    let effects = &world.effects;
    match within(effects.clock.as_ref(), PROFILE_LIMIT, effects.http.send(request)).await {
        Ok(Ok(answer)) => Ok(read_profile(&answer)?),
        Ok(Err(error)) => {
            tracing::debug!(%error, "the profile was not answered");
            Err(ProfileNote::Slow)
        }
        Err(_) => Err(ProfileNote::Slow),
    }
}
