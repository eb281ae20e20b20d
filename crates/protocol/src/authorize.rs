//! The authorization request: an address for the browser, and what has to be remembered meanwhile.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::callback::{AuthorizationCode, Reading, read_callback};
use super::client::ClientAuthentication;
use super::endpoint::Endpoint;
use super::form::form;
use super::message::Request;
use super::pkce::{RANDOM_BYTES, Verifier};
use super::scope::Scopes;
use super::secret::Secret;
use super::token::{CodeExchange, code_request};

/// What a login is made of.
#[derive(Debug, Clone)]
pub struct AuthorizationRequest<'a> {
    /// Where the browser goes.
    pub authorize: &'a Endpoint,
    /// The issuer that `iss` must equal, if configured.
    pub issuer: Option<&'a str>,
    /// The OAuth 2.0 client id.
    pub client_id: &'a str,
    /// The redirect URI, byte for byte as registered.
    pub redirect_uri: &'a str,
    /// The scopes asked for; none leaves the parameter out.
    pub scopes: &'a Scopes,
}

/// Fresh randomness for one login; used up by [`begin`].
pub struct LoginRandom {
    /// For the verifier.
    pub verifier: [u8; RANDOM_BYTES],
    /// For the state.
    pub state: [u8; RANDOM_BYTES],
}

/// A login that waits for its redirect. Not `Clone`: one login, one exchange.
#[derive(Debug)]
pub struct PendingLogin {
    verifier: Verifier,
    state: Secret,
    issuer: Option<String>,
    client_id: String,
    redirect_uri: String,
}

/// Builds the address for the browser and what its redirect will be checked against.
///
/// RFC 6749 §4.1.1 <https://www.rfc-editor.org/rfc/rfc6749#section-4.1.1>, RFC 7636 §4.3.
///
/// # Security
///
/// The address holds the state and the challenge: it is a [`Secret`] for logs and for the window,
/// and leaves only for the browser or by an act of the user.
#[expect(clippy::needless_pass_by_value, reason = "randomness serves one login and no second")]
pub fn begin(request: &AuthorizationRequest<'_>, random: LoginRandom) -> (Secret, PendingLogin) {
    let verifier = Verifier::new(random.verifier);
    let state = Secret::new(URL_SAFE_NO_PAD.encode(random.state));
    let address = address(request, &state, &verifier.challenge());
    let pending = PendingLogin {
        verifier,
        state,
        issuer: request.issuer.map(str::to_owned),
        client_id: request.client_id.to_owned(),
        redirect_uri: request.redirect_uri.to_owned(),
    };
    (address, pending)
}

fn address(request: &AuthorizationRequest<'_>, state: &Secret, challenge: &str) -> Secret {
    let scopes = request.scopes.to_string();
    let mut fields = vec![
        ("response_type", "code"),
        ("client_id", request.client_id),
        ("redirect_uri", request.redirect_uri),
        ("state", state.expose()),
        ("code_challenge", challenge),
        ("code_challenge_method", "S256"),
    ];
    if !scopes.is_empty() {
        fields.insert(3, ("scope", &scopes));
    }
    // X's docs separate scopes by `%20`; the form encoding writes `+` for a space and for nothing else.
    let query = form(&fields).expose().replace('+', "%20");
    let mut url = request.authorize.url().clone();
    let own = url.query().map(|own| format!("{own}&{query}"));
    url.set_query(Some(own.as_deref().unwrap_or(&query)));
    Secret::new(url.into())
}

impl PendingLogin {
    /// Reads the query of a request at the redirect URI; changes nothing.
    pub fn read(&self, query: &str) -> Reading {
        read_callback(query, &self.state, self.issuer.as_deref())
    }

    /// Builds the one token request this login is for.
    ///
    /// RFC 6749 §4.1.3 <https://www.rfc-editor.org/rfc/rfc6749#section-4.1.3>, RFC 7636 §4.5.
    pub fn redeem(
        self,
        code: AuthorizationCode,
        token: &Endpoint,
        authentication: &ClientAuthentication,
    ) -> Request {
        code_request(
            token,
            authentication,
            CodeExchange {
                client_id: &self.client_id,
                redirect_uri: &self.redirect_uri,
                code,
                verifier: self.verifier,
            },
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::Method;

    fn begun() -> (Secret, PendingLogin) {
        let authorize = Endpoint::parse("https://x.com/i/oauth2/authorize").unwrap();
        let scopes = Scopes::parse("tweet.read users.read");
        let request = AuthorizationRequest {
            authorize: &authorize,
            issuer: None,
            client_id: "client",
            redirect_uri: "http://127.0.0.1:8731/callback",
            scopes: &scopes,
        };
        begin(&request, LoginRandom { verifier: [1; 32], state: [2; 32] })
    }

    #[test]
    fn the_address_has_the_parameters_of_x() {
        let (address, _pending) = begun();
        let state = URL_SAFE_NO_PAD.encode([2; 32]);
        let challenge = Verifier::new([1; 32]).challenge();
        assert_eq!(
            address.expose(),
            format!(
                "https://x.com/i/oauth2/authorize?response_type=code&client_id=client\
                 &redirect_uri=http%3A%2F%2F127.0.0.1%3A8731%2Fcallback\
                 &scope=tweet.read%20users.read&state={state}\
                 &code_challenge={challenge}&code_challenge_method=S256"
            )
        );
    }

    #[test]
    fn debug_output_holds_neither_verifier_nor_state() {
        let (address, pending) = begun();
        let shown = format!("{address:?} {pending:?}");
        assert!(!shown.contains(&URL_SAFE_NO_PAD.encode([1; 32])));
        assert!(!shown.contains(&URL_SAFE_NO_PAD.encode([2; 32])));
    }

    #[test]
    fn the_code_is_redeemed_with_the_verifier_and_the_same_redirect_uri() {
        let (_address, pending) = begun();
        let state = URL_SAFE_NO_PAD.encode([2; 32]);
        let Reading::Code { code, .. } = pending.read(&format!("state={state}&code=a%2Bb")) else {
            unreachable!("the state is right");
        };
        let token = Endpoint::parse("https://api.x.com/2/oauth2/token").unwrap();
        let request = pending.redeem(code, &token, &ClientAuthentication::Public);

        let Method::PostForm(body) = &request.method else { unreachable!() };
        let verifier = URL_SAFE_NO_PAD.encode([1; 32]);
        assert!(body.expose().contains("code=a%2Bb&"));
        assert!(body.expose().contains(&format!("code_verifier={verifier}")));
        assert!(body.expose().contains("redirect_uri=http%3A%2F%2F127.0.0.1%3A8731%2Fcallback"));
        assert!(body.expose().contains("client_id=client"));
        assert!(request.authorization.is_none());
    }
}
