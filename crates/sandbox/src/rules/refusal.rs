//! How X refuses token and revoke requests, word by word.

/// A refused token or revoke request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// The code is unknown, expired or used.
    Code,
    /// The redirect URI is not the one of the authorize request.
    RedirectUri,
    /// The verifier does not fit the challenge.
    Verifier,
    /// A parameter is missing or empty.
    Missing(&'static str),
    /// A parameter was sent twice (RFC 6749 §3.2).
    Repeated,
    /// The token is unknown, expired, replaced or revoked.
    Token,
    /// A confidential app did not prove itself with HTTP Basic.
    ClientSecret,
    /// There is no such app, or the token belongs to another one.
    ClientId,
    /// The grant type is neither of the two.
    GrantType,
}

impl Refusal {
    pub(crate) fn status(self) -> u16 {
        match self {
            Self::ClientSecret => 401,
            Self::Code
            | Self::RedirectUri
            | Self::Verifier
            | Self::Missing(_)
            | Self::Repeated
            | Self::Token
            | Self::ClientId
            | Self::GrantType => 400,
        }
    }

    pub(crate) fn error(self) -> &'static str {
        match self {
            Self::ClientSecret => "unauthorized_client",
            Self::ClientId => "invalid_client",
            Self::Code
            | Self::RedirectUri
            | Self::Verifier
            | Self::Missing(_)
            | Self::Repeated
            | Self::Token
            | Self::GrantType => "invalid_request",
        }
    }

    pub(crate) fn description(self) -> String {
        let fixed = match self {
            Self::Missing(parameter) => {
                return format!("Missing required parameter [{parameter}].");
            }
            Self::Code => "Value passed for the authorization code was invalid.",
            Self::RedirectUri => {
                "Value passed for the redirect uri did not match the uri of the authorization code."
            }
            Self::Verifier => {
                "Value passed for the code verifier did not match the code challenge."
            }
            Self::Repeated => "A parameter was passed more than once.",
            Self::Token => "Value passed for the token was invalid.",
            // X ends this one without a full stop.
            Self::ClientSecret => "Missing valid authorization header",
            Self::ClientId => "Value passed for the client id was invalid.",
            Self::GrantType => {
                "Value passed for the grant type was invalid. Grant type should be one of \
                 [authorization_code, refresh_token]."
            }
        };
        fixed.to_owned()
    }
}
