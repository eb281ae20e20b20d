//! Words for requests of users to the API: why one was not sent, and what the server's refusal means.

use serde::Deserialize;

use super::{Code, Problem};
use crate::protocol::api::ApiRefusal;
use crate::protocol::callback::shown;

/// Why a request was not sent.
pub(crate) fn api_refused(refusal: &ApiRefusal) -> Problem {
    let (why, fix) = match refusal {
        ApiRefusal::NotAPath { given } => (
            format!("“{given}” is neither a path of the API nor an address of it."),
            "Give a path that begins with a slash, like /2/users/me.",
        ),
        ApiRefusal::Elsewhere { host, origin } => (
            format!("“{host}” is not {origin}, the only server that may get this token."),
            "Give a path alone, or choose an account of that server.",
        ),
        ApiRefusal::TokenEndpoint => (
            "Tokens are refreshed and revoked by Birdkey alone: a refresh beside it would lose the login.".to_owned(),
            "Run birdkey refresh or birdkey logout instead.",
        ),
        ApiRefusal::Header { name } => (
            format!("The header “{name}” is set by Birdkey, or is none."),
            "Leave it out. The token goes along by itself.",
        ),
        ApiRefusal::Method { given } => (
            format!("“{given}” is no method that the API has."),
            "Use GET, POST, PUT, PATCH, DELETE or HEAD.",
        ),
        ApiRefusal::NoApi => (
            "The account's app has no API address.".to_owned(),
            "Add profile_url to the app in config.toml; its server is the API's.",
        ),
    };
    Problem::of(Code::ApiNotSent, "The request was not sent.", why, fix)
}

/// X's form of a failure (RFC 9457), as far as it is used.
#[derive(Deserialize, Default)]
struct Document {
    title: Option<String>,
    detail: Option<String>,
    reason: Option<String>,
}

/// What an answer of 400 or more means; `until_reset` is how many seconds a rate limit still lasts.
pub fn api_answer(
    status: u16,
    body: &[u8],
    limit: Option<&str>,
    until_reset: Option<u64>,
) -> Problem {
    let document: Document = serde_json::from_slice(body).unwrap_or_default();
    let said = document.detail.or(document.title).map(|said| shown(&said));
    let said = said.filter(|said| !said.is_empty());
    let said = said.map_or_else(String::new, |said| format!(" It says: {said}"));
    let why = format!("It answered with status {status}.{said}");
    let (code, what, fix) = match (status, document.reason.as_deref()) {
        (401, _) => (
            Code::ApiUnauthorized,
            "The server does not accept the token, not even a new one.",
            "Log in again: birdkey login. If that does not help, the server may have an outage.",
        ),
        (402, _) => (
            Code::ApiRefused,
            "The developer account has no credits.",
            "Add credits in the developer console.",
        ),
        (403, Some("client-not-enrolled" | "official-client-forbidden")) => (
            Code::ApiRefused,
            "The app is in no package that has this.",
            "Move the app into a package (Pay-per-use, Production) in the developer console.",
        ),
        (403, _) => (
            Code::ApiRefused,
            "The server does not allow this.",
            "Check with birdkey status which scopes were granted; log in again with what is missing.",
        ),
        (429, _) => return too_many(&why, limit, until_reset),
        (500.., _) => (
            Code::ServerUnavailable,
            "The server is out of order at the moment.",
            "Try again in a few minutes.",
        ),
        _ => (
            Code::ApiRefused,
            "The server refused the request.",
            "Compare path and parameters with the API's documentation.",
        ),
    };
    Problem::of(code, what, why, fix)
}

fn too_many(why: &str, limit: Option<&str>, until_reset: Option<u64>) -> Problem {
    let limit = limit.map(|limit| format!(" The limit is {} requests.", shown(limit)));
    let fix = until_reset.map_or_else(
        || "Wait a few minutes, then try again.".to_owned(),
        |seconds| format!("Try again in {} s, when the limit starts anew.", seconds.max(1)),
    );
    let why = format!("{why}{}", limit.unwrap_or_default());
    Problem::of(Code::RateLimited, "There were too many requests.", why, fix)
}

#[cfg(test)]
mod tests {
    use super::{Code, api_answer};

    #[test]
    fn each_refusal_is_told_by_its_cause() {
        let body =
            br#"{"title":"Forbidden","detail":"Not allowed\u202e","reason":"client-not-enrolled"}"#;
        let problem = api_answer(403, body, None, None);
        assert_eq!(problem.code, Code::ApiRefused);
        assert!(
            problem.what.contains("package") && problem.why.ends_with("Not allowed"),
            "{problem:?}"
        );
        let problem = api_answer(429, b"not json", Some("75"), Some(12));
        assert_eq!(problem.code, Code::RateLimited);
        assert!(problem.why.contains("75") && problem.fix.contains("12 s"), "{problem:?}");
        for (status, code) in
            [(401, Code::ApiUnauthorized), (404, Code::ApiRefused), (503, Code::ServerUnavailable)]
        {
            assert_eq!(api_answer(status, b"", None, None).code, code, "{status}");
        }
    }
}
