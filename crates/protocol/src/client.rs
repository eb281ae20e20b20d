//! The client side of a registration: its id, its type and how it authenticates.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

use super::form::form_encoded;
use super::secret::Secret;

/// Whether an app can keep a secret (RFC 6749 §2.1 <https://www.rfc-editor.org/rfc/rfc6749#section-2.1>).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClientType {
    /// It has none; X calls it a Native App or Single page App.
    Public,
    /// It has one; X calls it a Web App, Automated App or Bot.
    Confidential,
}

/// How a request shows which app sends it.
#[derive(Debug, Clone)]
pub enum ClientAuthentication {
    /// `client_id` in the body and no `Authorization` header.
    Public,
    /// HTTP Basic with id and secret; nothing in the body.
    Confidential(Secret),
}

impl ClientAuthentication {
    /// The `Authorization` header, if this kind sends one.
    ///
    /// Id and secret are form-encoded first (RFC 6749 §2.3.1
    /// <https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1>), which changes nothing for X's alphabet.
    pub fn authorization(&self, client_id: &str) -> Option<Secret> {
        let Self::Confidential(secret) = self else { return None };
        let pair =
            Secret::new(format!("{}:{}", form_encoded(client_id), form_encoded(secret.expose())));
        Some(Secret::new(format!("Basic {}", STANDARD.encode(pair.expose()))))
    }
}

/// What is wrong with a text given as OAuth 2.0 client id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ClientIdError {
    /// There is none.
    #[error("the client id is empty")]
    Empty,
    /// It holds white space or control characters in the middle.
    #[error("the client id holds white space")]
    WhiteSpace,
    /// It looks like an API key (consumer key) of OAuth 1.0a.
    #[error("this looks like an API key")]
    ApiKey,
    /// It is the numeric app id.
    #[error("this is a numeric app id")]
    AppNumber,
    /// It looks like an access token or bearer token.
    #[error("this looks like a token")]
    Token,
    /// It holds characters that no client id of X has, as an address of mail or of a page does.
    #[error("no client id holds such characters")]
    OddCharacters,
}

/// Trims a pasted client id and recognizes what is often pasted in its place.
///
/// # Errors
///
/// [`ClientIdError`] by cause. An X client id is 34 characters, base64url of
/// `<20 characters>:1:ci` or `…:na`; API keys have 25 letters and digits. Only shapes that are
/// certainly something else are refused.
pub fn parse_client_id(pasted: &str, at_x: AtX) -> Result<String, ClientIdError> {
    let id = pasted.trim();
    if id.is_empty() {
        return Err(ClientIdError::Empty);
    }
    if id.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return Err(ClientIdError::WhiteSpace);
    }
    match at_x {
        AtX::No => Ok(id.to_owned()),
        AtX::Yes => recognize_x_id(id),
    }
}

/// Whether the shapes of X apply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AtX {
    /// A client id of X.
    Yes,
    /// A client id of any other server.
    No,
}

fn recognize_x_id(id: &str) -> Result<String, ClientIdError> {
    if is_decoded_x_id(id) {
        return Ok(id.to_owned());
    }
    if id.chars().all(|c| c.is_ascii_digit()) {
        return Err(ClientIdError::AppNumber);
    }
    if id.len() == 25 && id.chars().all(|c| c.is_ascii_alphanumeric()) {
        return Err(ClientIdError::ApiKey);
    }
    if id.len() > 80 || id.contains('%') {
        return Err(ClientIdError::Token);
    }
    // All that were seen are base64url, or letters and digits.
    if !id.chars().all(|c| c.is_ascii_alphanumeric() || "-_=".contains(c)) {
        return Err(ClientIdError::OddCharacters);
    }
    Ok(id.to_owned())
}

fn is_decoded_x_id(id: &str) -> bool {
    URL_SAFE_NO_PAD
        .decode(id)
        .is_ok_and(|bytes| bytes.ends_with(b":1:ci") || bytes.ends_with(b":1:na"))
}

#[cfg(test)]
mod tests {
    use super::{AtX, ClientAuthentication, ClientIdError, parse_client_id};
    use crate::secret::Secret;

    #[test]
    fn a_pasted_client_id_is_trimmed_and_mistakes_are_recognized() {
        let native = "YmlyZGtleS1zYW5kYm94LWRlbW86MTpuYQ";
        let table = [
            (format!(" {native}\r\n"), Ok(native.to_owned())),
            (String::new(), Err(ClientIdError::Empty)),
            (" \n".into(), Err(ClientIdError::Empty)),
            (format!("{native} x"), Err(ClientIdError::WhiteSpace)),
            ("aB3dEfGh1jKlMn0pQrStUvWx9".into(), Err(ClientIdError::ApiKey)),
            ("27912345".into(), Err(ClientIdError::AppNumber)),
            ("A".repeat(110), Err(ClientIdError::Token)),
            ("me@example.com".into(), Err(ClientIdError::OddCharacters)),
            ("https://console.x.com/apps/1".into(), Err(ClientIdError::OddCharacters)),
            ("some-other_shape".into(), Ok("some-other_shape".into())),
        ];
        for (pasted, expected) in table {
            assert_eq!(parse_client_id(&pasted, AtX::Yes), expected, "{pasted:?}");
        }
    }

    #[test]
    fn other_servers_may_use_any_shape() {
        assert_eq!(parse_client_id("27912345", AtX::No).as_deref(), Ok("27912345"));
    }

    #[test]
    fn basic_encodes_id_and_secret_first() {
        let authentication = ClientAuthentication::Confidential(Secret::new("s:e cret".into()));
        let header = authentication.authorization("id+1").unwrap();
        // base64 of "id%2B1:s%3Ae+cret"
        assert_eq!(header.expose(), "Basic aWQlMkIxOnMlM0FlK2NyZXQ=");
        assert!(ClientAuthentication::Public.authorization("id").is_none());
    }
}
