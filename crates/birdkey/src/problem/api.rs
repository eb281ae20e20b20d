//! Words for requests of users to the API: why one was not sent, and what the server's refusal means.

use birdkey_foreign::Foreign;
use birdkey_messages::{Words, words};
use serde::Deserialize;

use super::{About, Code, Problem};
use crate::protocol::api::ApiRefusal;
use crate::protocol::provider::ProviderKind;

/// Why a request was not sent.
pub(crate) fn api_refused(refusal: &ApiRefusal) -> Problem {
    let (why, hint) = match refusal {
        ApiRefusal::NotAPath { given } => {
            (words!("api_not_sent.no_path.why", given = given), words!("api_not_sent.no_path.hint"))
        }
        ApiRefusal::Elsewhere { host, origin } => (
            words!("api_not_sent.elsewhere.why", host = host, origin = origin),
            words!("api_not_sent.elsewhere.hint"),
        ),
        ApiRefusal::TokenEndpoint => {
            (words!("api_not_sent.token_endpoint.why"), words!("api_not_sent.token_endpoint.hint"))
        }
        ApiRefusal::Header { name } => {
            (words!("api_not_sent.header.why", name = name), words!("api_not_sent.header.hint"))
        }
        ApiRefusal::Method { given } => {
            (words!("api_not_sent.method.why", given = given), words!("api_not_sent.method.hint"))
        }
        ApiRefusal::NoApi => {
            (words!("api_not_sent.no_api.why"), words!("api_not_sent.no_api.hint"))
        }
    };
    Problem::of(Code::ApiNotSent, words!("api_not_sent.what"), why, hint)
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
    about: &About,
) -> Problem {
    let document: Document = serde_json::from_slice(body).unwrap_or_default();
    let said = document.detail.or(document.title).map(Foreign::from);
    let said = said.filter(|said| !said.is_empty());
    let said = said.map(|said| words!("api_answer.says", said = said));
    let answered = words!("api_answer.status", status = status);
    let why = Words::sentences([Some(answered), said].into_iter().flatten());
    let (code, what, hint) = match (status, document.reason.as_deref()) {
        (401, _) => (
            Code::ApiUnauthorized,
            words!("api_unauthorized.what"),
            words!("api_unauthorized.hint"),
        ),
        (402, _) => no_credits(about),
        (403, Some("client-not-enrolled" | "official-client-forbidden")) => not_enrolled(about),
        (403, _) => forbidden(),
        (429, _) => return too_many(why, limit, until_reset),
        (500.., _) => (
            Code::ServerUnavailable,
            words!("api_refused.unavailable.what"),
            words!("api_refused.unavailable.hint"),
        ),
        _ => (Code::ApiRefused, words!("api_refused.what"), words!("api_refused.hint")),
    };
    Problem::of(code, what, why, hint)
}

fn no_credits(about: &About) -> (Code, Words, Words) {
    let (what, hint) = match about.provider {
        Some(ProviderKind::X) => {
            (words!("api_refused.no_credits.what"), words!("api_refused.no_credits.hint"))
        }
        Some(ProviderKind::Sandbox) => {
            (words!("api_refused.no_credits.what_in_sandbox"), words!("imitated.hint"))
        }
        Some(ProviderKind::Custom) | None => (
            words!("api_refused.no_credits.what_elsewhere"),
            words!("api_refused.no_credits.hint_elsewhere", host = about.host_inside()),
        ),
    };
    (Code::ApiRefused, what, hint)
}

fn not_enrolled(about: &About) -> (Code, Words, Words) {
    let (what, hint) = match about.provider {
        Some(ProviderKind::X) => {
            (words!("api_refused.not_enrolled.what"), words!("api_refused.not_enrolled.hint"))
        }
        Some(ProviderKind::Sandbox) => {
            (words!("api_refused.not_enrolled.what_in_sandbox"), words!("imitated.hint"))
        }
        // Packages are X's; of another server only the 403 means something.
        Some(ProviderKind::Custom) | None => return forbidden(),
    };
    (Code::ApiRefused, what, hint)
}

fn forbidden() -> (Code, Words, Words) {
    let what = words!("api_refused.forbidden.what");
    (Code::ApiRefused, what, words!("api_refused.forbidden.hint"))
}

fn too_many(why: Words, limit: Option<&str>, until_reset: Option<u64>) -> Problem {
    let limit =
        limit.map(|limit| words!("api_refused.too_many.limit", limit = Foreign::new(limit)));
    let hint = match until_reset {
        None => words!("api_refused.too_many.hint"),
        Some(seconds) => words!("api_refused.too_many.hint_until", seconds = seconds.max(1)),
    };
    let why = Words::sentences([Some(why), limit].into_iter().flatten());
    Problem::of(Code::RateLimited, words!("api_refused.too_many.what"), why, hint)
}

#[cfg(test)]
mod tests {
    use super::{About, Code, ProviderKind, api_answer};

    #[test]
    fn each_refusal_is_told_by_its_cause() {
        let body =
            br#"{"title":"Forbidden","detail":"Not allowed\u202e","reason":"client-not-enrolled"}"#;
        let about = About { provider: Some(ProviderKind::X), ..About::default() };
        let problem = api_answer(403, body, None, None, &about);
        assert_eq!(problem.code, Code::ApiRefused);
        assert!(
            problem.what.contains("package") && problem.why.contains("says: Not allowed"),
            "{problem:?}"
        );
        let problem = api_answer(429, b"not json", Some("75"), Some(12), &about);
        assert_eq!(problem.code, Code::RateLimited);
        assert!(problem.why.contains("75") && problem.hint.contains("12 s"), "{problem:?}");
        for (status, code) in
            [(401, Code::ApiUnauthorized), (404, Code::ApiRefused), (503, Code::ServerUnavailable)]
        {
            assert_eq!(api_answer(status, b"", None, None, &about).code, code, "{status}");
        }
    }
}
