//! Whose grant it is: X's `/2/users/me`, or `userinfo` of OpenID Connect.

use birdkey_foreign::Foreign;
use serde::Deserialize;

use super::endpoint::Endpoint;
use super::message::{Answer, Method, Request};
use super::secret::Secret;

/// A user as the provider names them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// The id, stable at this provider.
    pub user_id: Foreign,
    /// The user name without `@`, if given.
    pub username: Option<Foreign>,
    /// The display name, if given.
    pub name: Option<Foreign>,
}

/// Why the profile is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProfileFailure {
    /// 401: the access token is not accepted, or X has an outage.
    #[error("the access token was not accepted")]
    Unauthorized,
    /// 402: the developer account has no credits.
    #[error("the developer account has no credits")]
    NoCredits,
    /// 403 with reason `client-not-enrolled`: the app is in no package.
    #[error("the app is not enrolled")]
    NotEnrolled,
    /// 403: a scope is missing.
    #[error("a scope is missing")]
    Forbidden,
    /// 429.
    #[error("too many requests")]
    RateLimited,
    /// Another status.
    #[error("status {status}")]
    Unavailable {
        /// The HTTP status.
        status: u16,
    },
    /// 200, but no user in it.
    #[error("the answer names no user")]
    NoUser,
}

/// Builds the request for the profile (RFC 6750 §2.1: the token only in the header).
pub fn profile_request(profile: &Endpoint, access_token: &Secret) -> Request {
    Request {
        url: profile.url().clone(),
        method: Method::Get,
        authorization: Some(Secret::new(format!("Bearer {}", access_token.expose()))),
    }
}

#[derive(Deserialize)]
struct Wire {
    data: Option<XUser>,
    sub: Option<String>,
    preferred_username: Option<String>,
    name: Option<String>,
}

#[derive(Deserialize)]
struct XUser {
    id: String,
    username: Option<String>,
    name: Option<String>,
}

#[derive(Deserialize)]
struct Refusal {
    reason: Option<String>,
}

/// Reads a profile in either form: X's `data`, or the claims of `OpenID` Connect Core §5.3.
///
/// # Errors
///
/// [`ProfileFailure`] by cause; none of them makes the grant less valid.
pub fn read_profile(answer: &Answer) -> Result<Profile, ProfileFailure> {
    if answer.status != 200 {
        return Err(read_refusal(answer));
    }
    let wire: Wire =
        serde_json::from_str(answer.body.expose()).map_err(|_| ProfileFailure::NoUser)?;
    let named = |text: Option<String>| text.map(Foreign::from).filter(|text| !text.is_empty());
    let profile = match (wire.data, wire.sub) {
        (Some(user), _) => Profile {
            user_id: user.id.into(),
            username: named(user.username),
            name: named(user.name),
        },
        (None, Some(sub)) => Profile {
            user_id: sub.into(),
            username: named(wire.preferred_username),
            name: named(wire.name),
        },
        (None, None) => return Err(ProfileFailure::NoUser),
    };
    if profile.user_id.is_empty() {
        return Err(ProfileFailure::NoUser);
    }
    Ok(profile)
}

fn read_refusal(answer: &Answer) -> ProfileFailure {
    let reason = serde_json::from_str::<Refusal>(answer.body.expose())
        .ok()
        .and_then(|refusal| refusal.reason);
    match (answer.status, reason.as_deref()) {
        (401, _) => ProfileFailure::Unauthorized,
        (402, _) => ProfileFailure::NoCredits,
        (403, Some("client-not-enrolled" | "official-client-forbidden")) => {
            ProfileFailure::NotEnrolled
        }
        (403, _) => ProfileFailure::Forbidden,
        (429, _) => ProfileFailure::RateLimited,
        (status, _) => ProfileFailure::Unavailable { status },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::tests::answer;

    #[test]
    fn both_forms_of_a_profile_are_read() {
        let x = r#"{"data":{"id":"2244994945","name":"X Developers","username":"XDevelopers"},"errors":[]}"#;
        let claims = r#"{"sub":"u-1","preferred_username":"ada","name":"Ada","email":"a@b"}"#;
        for (body, id, username) in [(x, "2244994945", "XDevelopers"), (claims, "u-1", "ada")] {
            let profile = read_profile(&answer(200, body)).unwrap();
            assert_eq!((profile.user_id, profile.username), (id.into(), Some(username.into())));
        }
    }

    #[test]
    fn each_refusal_has_its_cause() {
        let table = [
            (401, "", ProfileFailure::Unauthorized),
            (402, r#"{"title":"CreditsDepleted"}"#, ProfileFailure::NoCredits),
            (
                403,
                r#"{"title":"Client Forbidden","reason":"client-not-enrolled"}"#,
                ProfileFailure::NotEnrolled,
            ),
            (403, r#"{"title":"Forbidden"}"#, ProfileFailure::Forbidden),
            (429, "", ProfileFailure::RateLimited),
            (503, "<html>", ProfileFailure::Unavailable { status: 503 }),
            (200, "{}", ProfileFailure::NoUser),
            (200, "<html>", ProfileFailure::NoUser),
            (200, r#"{"data":{"id":""}}"#, ProfileFailure::NoUser),
        ];
        for (status, body, expected) in table {
            assert_eq!(read_profile(&answer(status, body)), Err(expected), "{status} {body}");
        }
    }

    #[test]
    fn a_name_cannot_turn_the_text_around() {
        let body = "{\"data\":{\"id\":\"1\",\"name\":\"a\u{202e}b\\n\",\"username\":\"x\"}}";
        assert_eq!(read_profile(&answer(200, body)).unwrap().name, Some("ab".into()));
    }
}
