//! The revoke request (RFC 7009, as X bends it).

use super::client::Client;
use super::refusal::Refusal;
use super::token::required;
use super::{Circumstances, World};
use crate::hash::Hashed;

/// A revoke request; an empty parameter counts as absent.
#[derive(Default)]
pub(crate) struct RevokeRequest {
    pub(crate) client: Client,
    pub(crate) repeated: bool,
    pub(crate) token: Option<String>,
    pub(crate) token_type_hint: Option<String>,
}

impl World {
    /// Ends one token, or with the knob its whole grant.
    pub(crate) fn revoke(
        &mut self,
        request: &RevokeRequest,
        circumstances: &Circumstances<'_>,
    ) -> Result<(), Refusal> {
        let client_id = self.authenticated(&request.client)?.client_id.clone();
        if request.repeated {
            return Err(Refusal::Repeated);
        }
        let sent = Hashed::of(required(request.token.as_ref(), "token")?);
        if circumstances.knobs.revoke_needs_hint {
            required(request.token_type_hint.as_ref(), "token_type_hint")?;
        }
        self.forget_expired(circumstances.now);
        // The hint only speeds a search up (RFC 7009 §2.1), so a wrong one does no harm.
        let at = self
            .grants
            .iter()
            .position(|grant| grant.has_access_token(sent) || grant.has_refresh_token(sent))
            .ok_or(Refusal::Token)?;
        let grant = &mut self.grants[at];
        if grant.client_id != client_id {
            return Err(Refusal::ClientId);
        }
        grant.access_tokens.retain(|token| token.sha256 != sent);
        grant.refresh_token.take_if(|token| token.sha256 == sent);
        if circumstances.knobs.revoke_kills_pair || !grant.lives_at(circumstances.now) {
            self.grants.remove(at);
        }
        Ok(())
    }
}
