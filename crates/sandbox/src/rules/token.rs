//! The token request: exchange of a code, refresh of a grant.

use std::time::Duration;

use serde::Serialize;

use super::client::Client;
use super::consent::Allowed;
use super::grant::{Grant, Token};
use super::refusal::Refusal;
use super::shape::{self, Kind};
use super::{Circumstances, World, pkce, scope};
use crate::hash::Hashed;

/// What an access token lives when the answer leaves `expires_in` out.
const DEFAULT_LIFETIME_SECONDS: i64 = 7200;
/// Six months, as X's developer relations said in 2022.
const REFRESH_TOKEN_LIFETIME: Duration = Duration::from_hours(24 * 182);

/// A token request; an empty parameter counts as absent.
#[derive(Default)]
pub(crate) struct TokenRequest {
    pub(crate) client: Client,
    pub(crate) repeated: bool,
    pub(crate) grant_type: Option<String>,
    pub(crate) code: Option<String>,
    pub(crate) redirect_uri: Option<String>,
    pub(crate) code_verifier: Option<String>,
    pub(crate) refresh_token: Option<String>,
}

/// The token response, in X's order.
#[derive(Serialize)]
pub(crate) struct TokenAnswer {
    token_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_in: Option<i64>,
    access_token: String,
    scope: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<String>,
}

impl World {
    /// Answers a token request.
    pub(crate) fn token(
        &mut self,
        request: &TokenRequest,
        circumstances: &Circumstances<'_>,
    ) -> Result<TokenAnswer, Refusal> {
        let client_id = self.authenticated(&request.client)?.client_id.clone();
        if request.repeated {
            return Err(Refusal::Repeated);
        }
        match required(request.grant_type.as_ref(), "grant_type")? {
            "authorization_code" => self.exchange(&client_id, request, circumstances),
            "refresh_token" => self.refresh(&client_id, request, circumstances),
            _ => Err(Refusal::GrantType),
        }
    }

    fn exchange(
        &mut self,
        client_id: &str,
        request: &TokenRequest,
        circumstances: &Circumstances<'_>,
    ) -> Result<TokenAnswer, Refusal> {
        let code = Hashed::of(required(request.code.as_ref(), "code")?);
        let redirect_uri = required(request.redirect_uri.as_ref(), "redirect_uri")?;
        let verifier = required(request.code_verifier.as_ref(), "code_verifier")?;
        self.forget_expired(circumstances.now);
        let allowed = self.codes.get(&code).ok_or(Refusal::Code)?.clone();
        let strict = circumstances.knobs.strict_pkce;
        let fits = fits(&allowed, client_id, redirect_uri, verifier, strict);
        if fits.is_ok() || circumstances.knobs.burn_code_on_failure {
            self.codes.remove(&code);
        }
        fits?;
        Ok(self.grant(allowed, circumstances))
    }

    /// Starts the one live grant of this app and user.
    fn grant(&mut self, allowed: Allowed, circumstances: &Circumstances<'_>) -> TokenAnswer {
        let user_id = allowed.user.id;
        self.grants
            .retain(|grant| grant.client_id != allowed.client_id || grant.user_id != user_id);
        let mut grant = Grant {
            client_id: allowed.client_id,
            user_id: user_id.to_owned(),
            scopes: allowed.scopes,
            access_tokens: Vec::new(),
            refresh_token: None,
            retired_refresh_tokens: Vec::new(),
        };
        let answer = issue(&mut grant, circumstances);
        self.grants.push(grant);
        answer
    }

    fn refresh(
        &mut self,
        client_id: &str,
        request: &TokenRequest,
        circumstances: &Circumstances<'_>,
    ) -> Result<TokenAnswer, Refusal> {
        let sent = Hashed::of(required(request.refresh_token.as_ref(), "refresh_token")?);
        self.forget_expired(circumstances.now);
        let known = |grant: &Grant| grant.has_refresh_token(sent) || grant.retired(sent).is_some();
        let at = self.grants.iter().position(known).ok_or(Refusal::Token)?;
        let grant = &mut self.grants[at];
        if grant.client_id != client_id {
            return Err(Refusal::ClientId);
        }
        if !may_refresh(grant, sent, circumstances) {
            if circumstances.knobs.family_revoke && grant.retired(sent).is_some() {
                self.grants.remove(at);
            }
            return Err(Refusal::Token);
        }
        if circumstances.knobs.old_access_dies {
            grant.access_tokens.clear();
        }
        Ok(issue(grant, circumstances))
    }
}

/// A parameter that has to be there and not empty.
pub(super) fn required<'a>(
    value: Option<&'a String>,
    parameter: &'static str,
) -> Result<&'a str, Refusal> {
    value.map(String::as_str).ok_or(Refusal::Missing(parameter))
}

fn fits(
    allowed: &Allowed,
    client_id: &str,
    redirect_uri: &str,
    verifier: &str,
    strict: bool,
) -> Result<(), Refusal> {
    if allowed.client_id != client_id {
        return Err(Refusal::Code);
    }
    if allowed.redirect_uri != redirect_uri {
        return Err(Refusal::RedirectUri);
    }
    if strict && !pkce::is_strict_verifier(verifier) || !allowed.challenge.is_met_by(verifier) {
        return Err(Refusal::Verifier);
    }
    Ok(())
}

/// Whether the token is the newest one, or one replaced within the grace.
fn may_refresh(grant: &Grant, sent: Hashed, circumstances: &Circumstances<'_>) -> bool {
    if let Some(retired) = grant.retired(sent) {
        let since = circumstances.now.0.saturating_sub(retired.at_ms);
        return Duration::from_millis(since) < circumstances.knobs.rotation_grace;
    }
    grant.refresh_token.as_ref().is_some_and(|token| token.lives_at(circumstances.now))
}

fn issue(grant: &mut Grant, circumstances: &Circumstances<'_>) -> TokenAnswer {
    let expires_in = circumstances.knobs.expires_in;
    let seconds = u64::try_from(expires_in.unwrap_or(DEFAULT_LIFETIME_SECONDS)).unwrap_or(0);
    let access_token = circumstances.secret(Kind::AccessToken);
    grant.access_tokens.push(Token {
        sha256: Hashed::of(&access_token),
        expires_at_ms: circumstances.now.plus(Duration::from_secs(seconds)).0,
    });
    grant.retire_refresh_token(circumstances.now);
    let offline = grant.scopes.iter().any(|name| name == scope::OFFLINE_ACCESS);
    let refresh_token = offline.then(|| circumstances.secret(Kind::RefreshToken));
    grant.refresh_token = refresh_token.as_deref().map(|token| Token {
        sha256: Hashed::of(token),
        expires_at_ms: circumstances.now.plus(REFRESH_TOKEN_LIFETIME).0,
    });
    let scope = shape::shuffled(&grant.scopes, circumstances.random).join(" ");
    TokenAnswer { token_type: "bearer", expires_in, access_token, scope, refresh_token }
}
