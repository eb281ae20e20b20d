//! Requests that no login sends: they show what a server does with what it does not expect.
//!
//! Only the recording of a server's behavior (`record`) uses them; nothing that comes of them is kept.

use super::client::ClientAuthentication;
use super::endpoint::Endpoint;
use super::form::form;
use super::message::{Method, Request};
use super::secret::Secret;
use super::token::authenticated;

/// An address for the browser with just these parameters, right or wrong.
pub fn page(authorize: &Endpoint, fields: &[(&str, &str)]) -> Secret {
    let query = form(fields).expose().replace('+', "%20");
    let mut url = authorize.url().clone();
    url.set_query(Some(&query));
    Secret::new(url.into())
}

/// A form with just these fields, besides what shows which app sends it.
pub fn post(
    url: &Endpoint,
    authentication: &ClientAuthentication,
    client_id: &str,
    fields: &[(&str, &str)],
) -> Request {
    authenticated(url, authentication, client_id, fields)
}

/// The same of a public app, with the header of a confidential one (and an empty secret) besides.
pub fn post_with_basic(url: &Endpoint, client_id: &str, fields: &[(&str, &str)]) -> Request {
    let request = authenticated(url, &ClientAuthentication::Public, client_id, fields);
    let basic = ClientAuthentication::Confidential(Secret::new(String::new()));
    Request { authorization: basic.authorization(client_id), ..request }
}

/// A document that anyone may read.
pub fn read(url: &Endpoint) -> Request {
    Request { url: url.url().clone(), method: Method::Get, authorization: None }
}

/// The parameters of a redirect in their order, repeats and unknown ones included.
pub fn parameters(query: &Secret) -> Vec<(String, Secret)> {
    form_urlencoded::parse(query.expose().as_bytes())
        .map(|(name, value)| (name.into_owned(), Secret::new(value.into_owned())))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_has_the_parameters_given_and_no_other() {
        let authorize = Endpoint::parse("https://x.com/i/oauth2/authorize").unwrap();
        let address = page(&authorize, &[("response_type", "code"), ("scope", "a b")]);
        let expected = "https://x.com/i/oauth2/authorize?response_type=code&scope=a%20b";
        assert_eq!(address.expose(), expected);
    }

    #[test]
    fn a_public_app_can_send_a_header_besides_its_id() {
        let token = Endpoint::parse("https://api.x.com/2/oauth2/token").unwrap();
        let request = post_with_basic(&token, "id", &[("grant_type", "refresh_token")]);
        let Method::PostForm(body) = &request.method else { unreachable!() };
        assert_eq!(body.expose(), "grant_type=refresh_token&client_id=id");
        assert_eq!(request.authorization.unwrap().expose(), "Basic aWQ6");
    }

    #[test]
    fn parameters_keep_order_and_repeats() {
        let given = parameters(&Secret::new("state=a&code=b%20c&state=d".into()));
        let given: Vec<_> = given.iter().map(|(n, v)| format!("{n}={}", v.expose())).collect();
        assert_eq!(given, ["state=a", "code=b c", "state=d"]);
    }
}
