//! The token endpoint: exchange of a code, refresh, and the credential probe.

use birdkey_foreign::Foreign;

use super::callback::AuthorizationCode;
use super::client::ClientAuthentication;
use super::endpoint::Endpoint;
use super::failure::{TokenFailure, read_failure, unreadable};
use super::form::form;
use super::message::{Answer, Method, Request};
use super::object::Object;
use super::pkce::Verifier;
use super::secret::Secret;

/// The longest name of a scope that is kept, in bytes.
const MAX_SCOPE_BYTES: usize = 200;

/// How many scopes of an answer are kept.
const MAX_SCOPES: usize = 200;

/// A refresh token that no server ever issued; used by [`probe_request`].
const JUNK_REFRESH_TOKEN: &str = "birdkey-credential-probe";

/// What a code is exchanged with.
pub(super) struct CodeExchange<'a> {
    pub(super) client_id: &'a str,
    pub(super) redirect_uri: &'a str,
    pub(super) code: AuthorizationCode,
    pub(super) verifier: Verifier,
}

/// Builds the exchange of a code (RFC 6749 §4.1.3, RFC 7636 §4.5).
pub(super) fn code_request(
    token: &Endpoint,
    authentication: &ClientAuthentication,
    exchange: CodeExchange<'_>,
) -> Request {
    let verifier = exchange.verifier.into_secret();
    let fields = [
        ("grant_type", "authorization_code"),
        ("code", exchange.code.0.expose()),
        ("redirect_uri", exchange.redirect_uri),
        ("code_verifier", verifier.expose()),
    ];
    authenticated(token, authentication, exchange.client_id, &fields)
}

/// Builds a request for a new grant (RFC 6749 §6 <https://www.rfc-editor.org/rfc/rfc6749#section-6>).
pub fn refresh_request(
    token: &Endpoint,
    authentication: &ClientAuthentication,
    client_id: &str,
    refresh_token: &Secret,
) -> Request {
    let fields = [("grant_type", "refresh_token"), ("refresh_token", refresh_token.expose())];
    authenticated(token, authentication, client_id, &fields)
}

/// Builds a refresh with a junk token: it costs nothing and tells whether id and secret are right.
///
/// X answers "token was invalid" when they are, `unauthorized_client` for a wrong secret and
/// `invalid_client` for a wrong id (reported by developers; not in X's docs).
pub fn probe_request(
    token: &Endpoint,
    authentication: &ClientAuthentication,
    client_id: &str,
) -> Request {
    refresh_request(token, authentication, client_id, &Secret::new(JUNK_REFRESH_TOKEN.into()))
}

/// Adds what shows which app is asking: never both ways, never `client_secret_post`.
pub(super) fn authenticated(
    url: &Endpoint,
    authentication: &ClientAuthentication,
    client_id: &str,
    fields: &[(&str, &str)],
) -> Request {
    let mut fields = fields.to_vec();
    let authorization = authentication.authorization(client_id);
    if authorization.is_none() {
        fields.push(("client_id", client_id));
    }
    Request { url: url.url().clone(), method: Method::PostForm(form(&fields)), authorization }
}

/// A successful answer of the token endpoint (RFC 6749 §5.1
/// <https://www.rfc-editor.org/rfc/rfc6749#section-5.1>).
#[derive(Debug)]
pub struct TokenResponse {
    /// As sent, e.g. `bearer`.
    pub token_type: String,
    /// The access token.
    pub access_token: Secret,
    /// The refresh token, when there is one.
    pub refresh_token: Option<Secret>,
    /// `expires_in` as sent, in seconds; may be missing or senseless.
    pub expires_in: Option<i64>,
    /// `scope` as sent.
    pub scope: Option<String>,
}

/// Reads an answer of the token endpoint; looks at the status before the body.
///
/// The pair is kept from any 2xx answer that is a JSON object with an access token: a server that
/// answers so has issued it, and may have retired the refresh token it was sent. A field that is not
/// what it should be counts as not sent.
///
/// # Errors
///
/// [`TokenFailure`] by cause.
pub fn read_token_answer(answer: &Answer) -> Result<TokenResponse, TokenFailure> {
    if !(200..300).contains(&answer.status) {
        return Err(read_failure(answer));
    }
    let object =
        Object::read(answer.body.expose()).map_err(|error| unreadable(answer.status, error))?;
    // Before anything of it is used: an answer with half a token is none.
    let refresh_token = object.token("refresh_token")?;
    let access_token = object.token("access_token")?.ok_or(TokenFailure::NoAccessToken)?;
    let token_type = object.text("token_type").unwrap_or_else(|| "bearer".into());
    if !token_type.eq_ignore_ascii_case("bearer") {
        return Err(TokenFailure::TokenType { given: Foreign::new(&token_type) });
    }
    Ok(TokenResponse {
        token_type,
        access_token,
        refresh_token,
        expires_in: object.whole_number("expires_in"),
        scope: object.text("scope").map(|scope| sent(&scope)),
    })
}

/// The scopes of an answer, without names that no scope can have (RFC 6749 §3.3) or that are too long to
/// be read.
fn sent(scope: &str) -> String {
    let is_name = |name: &&str| {
        name.len() <= MAX_SCOPE_BYTES
            && name.bytes().all(|byte| matches!(byte, b'!' | b'#'..=b'[' | b']'..=b'~'))
    };
    scope.split_whitespace().filter(is_name).take(MAX_SCOPES).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::tests::answer;

    #[test]
    fn the_answer_of_x_is_read() {
        let body = r#"{"token_type":"bearer","expires_in":7200,"access_token":"AT",
            "scope":"users.read tweet.read","refresh_token":"RT","future":{"a":1}}"#;
        let response = read_token_answer(&answer(200, body)).unwrap();
        assert_eq!(response.access_token.expose(), "AT");
        assert_eq!(response.refresh_token.unwrap().expose(), "RT");
        assert_eq!(response.expires_in, Some(7_200));
        assert_eq!(response.scope.as_deref(), Some("users.read tweet.read"));
    }

    #[test]
    fn odd_lifetimes_do_not_lose_the_grant() {
        let table = [
            (r#""expires_in":-5,"#, Some(-5)),
            (r#""expires_in":"3600","#, Some(3_600)),
            (r#""expires_in":7200.0,"#, Some(7_200)),
            (r#""expires_in":1.5,"#, None),
            (r#""expires_in":1e999,"#, None),
            (r#""expires_in":"soon","#, None),
            (r#""expires_in":null,"#, None),
            ("", None),
        ];
        for (field, expected) in table {
            let body = format!(r#"{{{field}"access_token":"AT","token_type":"Bearer"}}"#);
            let response = read_token_answer(&answer(200, &body)).unwrap();
            assert_eq!(response.expires_in, expected, "{field}");
        }
    }

    #[test]
    fn a_pair_is_kept_whatever_the_other_fields_hold() {
        let table = [
            (200, r#"{"access_token":"AT","refresh_token":"RT","scope":["tweet.read"]}"#),
            (200, r#"{"access_token":"AT","refresh_token":"RT","scope":{"a":1}}"#),
            (200, r#"{"access_token":"AT","refresh_token":"RT","scope":false,"token_type":1}"#),
            (200, r#"{"access_token":"old","access_token":"AT","refresh_token":"RT"}"#),
            (200, r#"{"access_token":"AT","refresh_token":"old","refresh_token":"RT"}"#),
            (200, r#"{"access_token":"AT","refresh_token":"RT","scope":"a","scope":"\ud800"}"#),
            (200, "\u{feff}{\"access_token\":\"AT\",\"refresh_token\":\"RT\"}"),
            (201, r#"{"access_token":"AT","refresh_token":"RT"}"#),
        ];
        for (status, body) in table {
            let response = read_token_answer(&answer(status, body)).unwrap();
            assert_eq!(response.access_token.expose(), "AT", "{body}");
            assert_eq!(response.refresh_token.unwrap().expose(), "RT", "{body}");
            assert_eq!((response.token_type.as_str(), response.scope), ("bearer", None), "{body}");
        }
        let odd = r#"{"access_token":"AT","refresh_token":123}"#;
        let response = read_token_answer(&answer(200, odd)).unwrap();
        assert!(response.refresh_token.is_none(), "not said, so the old one stays");
    }

    #[test]
    fn an_answer_without_a_usable_token_is_a_failure_of_its_own() {
        let table = [
            (r#"{"token_type":"bearer"}"#, "NoAccessToken"),
            (r#"{"access_token":""}"#, "NoAccessToken"),
            (r#"{"access_token":"AT","token_type":"mac"}"#, "TokenType { given: \"mac\" }"),
            (r#"{"access_token":"A\nT: x"}"#, "TokenUnusable"),
            (r#"{"access_token":"\u009bA"}"#, "TokenUnusable"),
            (r#"{"access_token":"AT","refresh_token":"R\r\nT"}"#, "TokenUnusable"),
            (r#"{"access_token":"AT"#, "Truncated"),
            ("", "Truncated"),
            ("<!DOCTYPE html><p>hello", "NotJson { status: 200 }"),
            (r#"{"access_token":7}"#, "NoAccessToken"),
            (r#"["access_token"]"#, "NoAccessToken"),
            (r#"{"access_token":"old","access_token":7}"#, "NoAccessToken"),
        ];
        for (body, expected) in table {
            let failure = read_token_answer(&answer(200, body)).unwrap_err();
            assert_eq!(format!("{failure:?}"), expected, "{body}");
        }
    }

    #[test]
    fn a_scope_is_no_way_to_a_terminal() {
        let body = r#"{"access_token":"AT","scope":"a.read \u001b[2J \u202ex \u00f6 a:b/c"}"#;
        let response = read_token_answer(&answer(200, body)).unwrap();
        assert_eq!(response.scope.as_deref(), Some("a.read a:b/c"));
    }

    #[test]
    fn a_confidential_app_sends_basic_and_no_client_id() {
        let token = Endpoint::parse("https://api.x.com/2/oauth2/token").unwrap();
        let authentication = ClientAuthentication::Confidential(Secret::new("s".into()));
        let request = refresh_request(&token, &authentication, "id", &Secret::new("RT".into()));

        let Method::PostForm(body) = &request.method else { unreachable!() };
        assert_eq!(body.expose(), "grant_type=refresh_token&refresh_token=RT");
        assert_eq!(request.authorization.unwrap().expose(), "Basic aWQ6cw==");
    }
}
