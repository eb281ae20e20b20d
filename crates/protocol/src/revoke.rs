//! The revocation endpoint (RFC 7009 <https://www.rfc-editor.org/rfc/rfc7009>).

use super::client::ClientAuthentication;
use super::endpoint::Endpoint;
use super::failure::{TokenFailure, read_failure};
use super::message::{Answer, Request};
use super::secret::Secret;
use super::token::authenticated;

/// Which of the two tokens is revoked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    /// The refresh token.
    Refresh,
    /// The access token.
    Access,
}

impl TokenKind {
    /// The value of `token_type_hint` (RFC 7009 §2.1).
    fn hint(self) -> &'static str {
        match self {
            Self::Refresh => "refresh_token",
            Self::Access => "access_token",
        }
    }
}

/// Builds the revocation of one token; always with the hint, which X has been seen to demand.
pub fn revocation_request(
    revoke: &Endpoint,
    authentication: &ClientAuthentication,
    client_id: &str,
    kind: TokenKind,
    token: &Secret,
) -> Request {
    let fields = [("token", token.expose()), ("token_type_hint", kind.hint())];
    authenticated(revoke, authentication, client_id, &fields)
}

/// Reads the answer to a revocation: `Ok` when the token is gone, revoked now or before.
///
/// # Errors
///
/// [`TokenFailure`] when the token may still work.
pub fn read_revocation(answer: &Answer) -> Result<(), TokenFailure> {
    if (200..300).contains(&answer.status) {
        return Ok(());
    }
    let failure = read_failure(answer);
    let gone = matches!(failure, TokenFailure::RefreshTokenInvalid | TokenFailure::InvalidGrant);
    if gone { Ok(()) } else { Err(failure) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::tests::answer;
    use crate::message::Method;

    #[test]
    fn the_hint_goes_with_each_token() {
        let revoke = Endpoint::parse("https://api.x.com/2/oauth2/revoke").unwrap();
        for (kind, hint) in
            [(TokenKind::Refresh, "refresh_token"), (TokenKind::Access, "access_token")]
        {
            let token = Secret::new("T".into());
            let request =
                revocation_request(&revoke, &ClientAuthentication::Public, "id", kind, &token);
            let Method::PostForm(body) = request.method else { unreachable!() };
            assert_eq!(body.expose(), format!("token=T&token_type_hint={hint}&client_id=id"));
        }
    }

    #[test]
    fn a_token_the_server_no_longer_knows_counts_as_gone() {
        let unknown = r#"{"error":"invalid_request","error_description":"Value passed for the token was invalid."}"#;
        assert_eq!(read_revocation(&answer(200, r#"{"revoked":true}"#)), Ok(()));
        assert_eq!(read_revocation(&answer(200, "")), Ok(()));
        assert_eq!(read_revocation(&answer(400, unknown)), Ok(()));
        assert!(read_revocation(&answer(503, "")).is_err());
    }
}
