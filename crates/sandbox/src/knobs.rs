//! What X leaves unclear, each with a default that follows the best evidence.

use std::time::Duration;

/// How the sandbox behaves where X's behavior is unknown or worth varying.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools, reason = "each is an independent switch with a name")]
pub struct Knobs {
    /// How long a code can be exchanged; 30 s on X.
    pub code_lifetime: Duration,
    /// Seconds an access token lives, as told to the app; `None` leaves the field out.
    pub expires_in: Option<i64>,
    /// A failed exchange uses the code up.
    pub burn_code_on_failure: bool,
    /// Refuses the method `plain` and verifiers that RFC 7636 §4.1 does not allow.
    pub strict_pkce: bool,
    /// Revoking without `token_type_hint` is refused.
    pub revoke_needs_hint: bool,
    /// Revoking one token of a grant ends the whole grant.
    pub revoke_kills_pair: bool,
    /// A refresh ends the earlier access token.
    pub old_access_dies: bool,
    /// Sent as `iss` with every redirect (RFC 9207).
    pub send_issuer: Option<String>,
    /// How long a replaced refresh token still works.
    pub rotation_grace: Duration,
    /// A replaced refresh token that is used again ends the whole grant (RFC 9700 §4.14.2).
    pub family_revoke: bool,
    /// A loopback redirect URI matches at any port (RFC 8252 §7.3).
    pub rfc8252_ports: bool,
    /// Token and revoke requests may be JSON. X documents forms only, but clients that send JSON
    /// (twitter-api-v2) work there.
    pub json_bodies: bool,
    /// Requests of `/2/users/me` a user may make in 15 minutes.
    pub users_me_limit: u32,
}

impl Default for Knobs {
    fn default() -> Self {
        Self {
            code_lifetime: Duration::from_secs(30),
            expires_in: Some(7200),
            burn_code_on_failure: true,
            strict_pkce: false,
            revoke_needs_hint: true,
            revoke_kills_pair: false,
            old_access_dies: false,
            send_issuer: None,
            rotation_grace: Duration::ZERO,
            family_revoke: false,
            rfc8252_ports: false,
            json_bodies: true,
            users_me_limit: 75,
        }
    }
}
