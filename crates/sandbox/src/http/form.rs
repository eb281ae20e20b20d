//! What bodies and headers of requests say.

use axum::body::Bytes;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::HeaderMap;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use serde_json::Value;

use crate::rules::Credentials;

/// The pairs of a form; a body of another content type has none.
pub(super) fn pairs(headers: &HeaderMap, body: &Bytes) -> Vec<(String, String)> {
    if !is(headers, "application/x-www-form-urlencoded") {
        return Vec::new();
    }
    form_urlencoded::parse(body).into_owned().collect()
}

/// The pairs of a form or of a JSON object; what is no text in the object is left out.
pub(super) fn pairs_or_json(headers: &HeaderMap, body: &Bytes) -> Vec<(String, String)> {
    if !is(headers, "application/json") {
        return pairs(headers, body);
    }
    let object: serde_json::Map<String, Value> = serde_json::from_slice(body).unwrap_or_default();
    let text = |(name, value): (String, Value)| Some((name, value.as_str()?.to_owned()));
    object.into_iter().filter_map(text).collect()
}

fn is(headers: &HeaderMap, media_type: &str) -> bool {
    let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let given = content_type.and_then(|value| value.split(';').next()).unwrap_or_default();
    given.trim().eq_ignore_ascii_case(media_type)
}

/// Fills each field with its parameter and tells whether one came twice.
pub(super) fn fill(
    pairs: Vec<(String, String)>,
    fields: &mut [(&str, &mut Option<String>)],
) -> bool {
    let mut repeated = false;
    let mut seen = vec![false; fields.len()];
    for (name, value) in pairs {
        let Some(at) = fields.iter().position(|(known, _)| *known == name) else {
            continue;
        };
        repeated |= seen[at];
        seen[at] = true;
        *fields[at].1 = Some(value).filter(|value| !value.is_empty());
    }
    repeated
}

/// The credentials of HTTP Basic, form-decoded (RFC 6749 §2.3.1).
pub(super) fn basic(headers: &HeaderMap) -> Option<Credentials> {
    let encoded = credentials(headers, "basic")?;
    let decoded = String::from_utf8(STANDARD.decode(encoded).ok()?).ok()?;
    let (client_id, secret) = decoded.split_once(':')?;
    Some(Credentials { client_id: form_decoded(client_id), secret: form_decoded(secret) })
}

/// The token of `Authorization: Bearer` (RFC 6750 §2.1).
pub(super) fn bearer(headers: &HeaderMap) -> Option<&str> {
    credentials(headers, "bearer")
}

fn credentials<'a>(headers: &'a HeaderMap, scheme: &str) -> Option<&'a str> {
    let (found, credentials) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    found.eq_ignore_ascii_case(scheme).then(|| credentials.trim())
}

fn form_decoded(text: &str) -> String {
    let spaced = text.replace('+', " ");
    percent_encoding::percent_decode_str(&spaced).decode_utf8_lossy().into_owned()
}
