//! Providers: where the endpoints are, and where X departs from the RFCs.

use super::endpoint::{Endpoint, EndpointError};

/// Path of the authorize page at X and in the sandbox.
const AUTHORIZE_PATH: &str = "/i/oauth2/authorize";
/// Path of the token endpoint at X and in the sandbox.
const TOKEN_PATH: &str = "/2/oauth2/token";
/// Path of the revocation endpoint at X and in the sandbox.
const REVOKE_PATH: &str = "/2/oauth2/revoke";
/// Path of the profile at X and in the sandbox.
const PROFILE_PATH: &str = "/2/users/me";

/// Lifetime of an access token at X, in seconds (X docs, "User access token", read 2026-08).
pub const X_TOKEN_LIFETIME_SECONDS: i64 = 7_200;

/// Which kind of server it is; decides quirks, not addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProviderKind {
    /// X.
    X,
    /// The simulator of X.
    Sandbox,
    /// Any RFC 6749 and RFC 7636 server.
    Custom,
}

impl ProviderKind {
    /// Whether a login ends the grant that the same app and user had before (x-oauth2.md §5 for X); of
    /// other servers that is not known.
    pub fn keeps_one_grant(self) -> bool {
        match self {
            Self::X | Self::Sandbox => true,
            Self::Custom => false,
        }
    }

    /// The lifetime to assume when a token answer has no `expires_in`, in seconds.
    ///
    /// X always means two hours; of other servers nothing is known.
    pub fn assumed_lifetime_seconds(self) -> Option<i64> {
        match self {
            Self::X | Self::Sandbox => Some(X_TOKEN_LIFETIME_SECONDS),
            Self::Custom => None,
        }
    }
}

/// All addresses of a provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoints {
    /// Where the browser goes.
    pub authorize: Endpoint,
    /// Where codes are exchanged and tokens refreshed.
    pub token: Endpoint,
    /// Where tokens are revoked (RFC 7009), if anywhere.
    pub revoke: Option<Endpoint>,
    /// Where the user's profile is read, if anywhere.
    pub profile: Option<Endpoint>,
    /// The issuer that `iss` must equal when the server sends one (RFC 9207).
    pub issuer: Option<String>,
}

impl Endpoints {
    /// The endpoints of X (X docs, "OAuth 2.0 Authorization Code Flow with PKCE", read 2026-08).
    ///
    /// # Errors
    ///
    /// None in practice; the addresses are constants.
    pub fn x() -> Result<Self, EndpointError> {
        let page = Endpoint::parse("https://x.com")?;
        let api = Endpoint::parse("https://api.x.com")?;
        Ok(Self::on(&page, &api))
    }

    /// X's paths on one base address.
    pub fn sandbox(base: &Endpoint) -> Self {
        Self::on(base, base)
    }

    fn on(page: &Endpoint, api: &Endpoint) -> Self {
        Self {
            authorize: page.at(AUTHORIZE_PATH),
            token: api.at(TOKEN_PATH),
            revoke: Some(api.at(REVOKE_PATH)),
            profile: Some(api.at(PROFILE_PATH)),
            issuer: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Endpoints;

    #[test]
    fn the_addresses_of_x_are_those_of_its_docs() {
        let x = Endpoints::x().unwrap();
        assert_eq!(x.authorize.to_string(), "https://x.com/i/oauth2/authorize");
        assert_eq!(x.token.to_string(), "https://api.x.com/2/oauth2/token");
        assert_eq!(x.revoke.unwrap().to_string(), "https://api.x.com/2/oauth2/revoke");
        assert_eq!(x.profile.unwrap().to_string(), "https://api.x.com/2/users/me");
    }
}
