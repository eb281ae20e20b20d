//! Revoking a pair at the server that issued it.

use crate::failure::{Failure, StoredError};
use crate::model::app::{App, Binding};
use crate::model::grant::Grant;
use crate::problem::{About, Code, Problem};
use crate::protocol::client::{ClientAuthentication, ClientType};
use crate::protocol::endpoint::Endpoint;
use crate::protocol::revoke::{TokenKind, read_revocation, revocation_request};
use crate::protocol::secret::Secret;
use crate::use_cases::context::{Context, endpoints_of};

/// Where the requests about a pair go, and as whom.
pub(crate) struct Issuer {
    app_id: String,
    pub(crate) client_id: String,
    binding: Binding,
    client_type: ClientType,
    pub(crate) token: Endpoint,
    revoke: Option<Endpoint>,
    about: About,
}

impl Issuer {
    /// By the configuration, as long as it says what the pair was made for; else as the pair itself
    /// says, which was written down when the server issued it.
    ///
    /// # Errors
    ///
    /// [`StoredError::EndpointsChanged`] for a pair of the first version, which does not say.
    pub(crate) fn of(app_id: &str, app: Option<&App>, grant: &Grant) -> Result<Self, Failure> {
        let binding = grant.binding.clone();
        let configured = app.and_then(|app| Some((app, endpoints_of(app).ok()?)));
        let bound = configured.as_ref().filter(|(app, endpoints)| {
            binding.difference(&Binding::of(&app.client_id, endpoints)).is_none()
        });
        let about = app.map(About::app).unwrap_or_default();
        let (app_id, client_id) = (app_id.to_owned(), binding.client_id.clone());
        if let Some((app, endpoints)) = bound {
            let (token, revoke) = (endpoints.token.clone(), endpoints.revoke.clone());
            let client_type = app.client_type;
            return Ok(Self { app_id, client_id, binding, client_type, token, revoke, about });
        }
        let Some(server) = &grant.server else { return Err(unknown(app, &binding)) };
        let parse = |url: &str| Endpoint::parse(url).map_err(|_| unknown(app, &binding));
        let token = parse(&server.token_url)?;
        let revoke = server.revoke_url.as_deref().map(parse).transpose()?;
        let client_type =
            if server.confidential { ClientType::Confidential } else { ClientType::Public };
        Ok(Self { app_id, client_id, binding, client_type, token, revoke, about })
    }

    pub(crate) async fn authentication(
        &self,
        context: &Context,
    ) -> Result<ClientAuthentication, Failure> {
        match self.client_type {
            ClientType::Public => Ok(ClientAuthentication::Public),
            ClientType::Confidential => context.with_secret(&self.app_id, &self.binding).await,
        }
    }

    pub(crate) fn can_revoke(&self) -> bool {
        self.revoke.is_some()
    }

    pub(crate) fn about(&self) -> &About {
        &self.about
    }

    /// Revokes both tokens of a pair.
    pub(crate) async fn revoke(&self, context: &Context, grant: &Grant) -> PairOutcome {
        let Some(endpoint) = &self.revoke else {
            let refresh = grant
                .refresh_token
                .as_ref()
                .map_or(TokenOutcome::None, |_| TokenOutcome::Unsupported);
            return PairOutcome { refresh, access: TokenOutcome::Unsupported };
        };
        let authentication = match self.authentication(context).await {
            Ok(authentication) => authentication,
            Err(failure) => {
                return PairOutcome {
                    refresh: TokenOutcome::Failed(failure),
                    access: TokenOutcome::NotTried,
                };
            }
        };
        let refresh = match &grant.refresh_token {
            Some(token) => {
                self.end(context, endpoint, &authentication, TokenKind::Refresh, token).await
            }
            None => TokenOutcome::None,
        };
        let token = &grant.access_token;
        let access = self.end(context, endpoint, &authentication, TokenKind::Access, token).await;
        PairOutcome { refresh, access }
    }

    async fn end(
        &self,
        context: &Context,
        endpoint: &Endpoint,
        authentication: &ClientAuthentication,
        kind: TokenKind,
        token: &Secret,
    ) -> TokenOutcome {
        let request = revocation_request(endpoint, authentication, &self.client_id, kind, token);
        let sent = context.effects.http.send(request).await.map_err(Failure::Http);
        match sent.and_then(|answer| Ok(read_revocation(&answer)?)) {
            Ok(()) => TokenOutcome::Revoked,
            Err(failure) => TokenOutcome::Failed(failure),
        }
    }
}

/// Why nothing can be sent for a pair that does not say where it came from.
fn unknown(app: Option<&App>, binding: &Binding) -> Failure {
    let now = app.and_then(|app| Some(Binding::of(&app.client_id, &endpoints_of(app).ok()?)));
    let changed = now.and_then(|now| binding.difference(&now));
    match changed {
        Some((what, bound, now)) => StoredError::EndpointsChanged { what, bound, now }.into(),
        None => StoredError::GrantUnreadable.into(),
    }
}

/// What became of one token.
enum TokenOutcome {
    Revoked,
    None,
    Unsupported,
    Failed(Failure),
    /// For the same reason as the other one.
    NotTried,
}

/// What became of both.
pub(crate) struct PairOutcome {
    refresh: TokenOutcome,
    access: TokenOutcome,
}

impl PairOutcome {
    /// Neither was tried, because of this.
    pub(crate) fn failed(failure: Failure) -> Self {
        Self { refresh: TokenOutcome::Failed(failure), access: TokenOutcome::NotTried }
    }

    /// Whether the server has not had its last word on one of both.
    pub(crate) fn is_open(&self) -> bool {
        [&self.refresh, &self.access].into_iter().any(TokenOutcome::is_open)
    }

    /// Takes out why one of both has to be tried again.
    pub(crate) fn take_open(&mut self) -> Option<Failure> {
        for half in [&mut self.refresh, &mut self.access] {
            if half.is_open()
                && let TokenOutcome::Failed(failure) =
                    std::mem::replace(half, TokenOutcome::NotTried)
            {
                return Some(failure);
            }
        }
        None
    }

    /// As it is shown; `waits` says that what is open is tried again later.
    pub(crate) fn shown(self, about: &About, waits: bool) -> Revoked {
        let mut first = None;
        let mut shown = |half: TokenOutcome| {
            let open = half.is_open();
            let problem = match half {
                TokenOutcome::Revoked => return Revocation::Revoked,
                TokenOutcome::None => return Revocation::None,
                TokenOutcome::Unsupported => return Revocation::Unsupported,
                TokenOutcome::Failed(failure) => Problem::new(&failure, about),
                TokenOutcome::NotTried => match first.clone() {
                    Some(problem) => problem,
                    None => return Revocation::None,
                },
            };
            first = Some(problem.clone());
            if waits && open {
                Revocation::Waiting { problem }
            } else {
                Revocation::Failed { problem }
            }
        };
        Revoked { refresh: shown(self.refresh), access: shown(self.access) }
    }
}

impl TokenOutcome {
    /// Only the server's word on the token itself ends the matter: what it could not be asked, and
    /// whatever is wrong on this side, may go better later.
    fn is_open(&self) -> bool {
        match self {
            Self::Revoked | Self::None | Self::Unsupported => false,
            Self::Failed(Failure::Token(refusal)) => !refusal.is_final_for_a_revocation(),
            Self::Failed(_) | Self::NotTried => true,
        }
    }
}

/// What became of one token at the provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Revocation {
    /// The provider revoked it or no longer knew it.
    Revoked,
    /// There was no such token.
    None,
    /// The provider offers no revocation.
    Unsupported,
    /// The provider was not reached; it is asked again later.
    Waiting {
        /// Why not now.
        problem: Problem,
    },
    /// It may still work at the provider until it expires.
    Failed {
        /// Why.
        problem: Problem,
    },
}

/// What became of both tokens at the provider.
pub(crate) struct Revoked {
    pub(crate) refresh: Revocation,
    pub(crate) access: Revocation,
}

impl Revoked {
    /// Nothing was there to revoke.
    pub(crate) fn nothing() -> Self {
        Self { refresh: Revocation::None, access: Revocation::None }
    }

    /// Whether one of both may still work, and nothing will be done about it.
    pub(crate) fn lives_on(&self) -> bool {
        [&self.refresh, &self.access].into_iter().any(|half| match half {
            Revocation::Unsupported | Revocation::Failed { .. } => true,
            Revocation::Revoked | Revocation::None | Revocation::Waiting { .. } => false,
        })
    }

    /// Whether the server revoked one of both.
    pub(crate) fn ended_any(&self) -> bool {
        [&self.refresh, &self.access].contains(&&Revocation::Revoked)
    }

    /// Why one of both may still work, when it may.
    pub(crate) fn failure(&self) -> Option<Code> {
        [&self.refresh, &self.access].into_iter().find_map(|half| match half {
            Revocation::Failed { problem } | Revocation::Waiting { problem } => Some(problem.code),
            Revocation::Revoked | Revocation::None | Revocation::Unsupported => None,
        })
    }
}
