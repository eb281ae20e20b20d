//! JSON objects of servers, read leniently: what a field holds must not lose the fields beside it.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

use super::secret::Secret;

/// The fields of an object as sent; of a doubled one the last.
pub(super) struct Object<'a>(BTreeMap<String, &'a RawValue>);

/// Why a text is no object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NoObject {
    /// It stops in the middle, or there is none.
    Truncated,
    /// It is not JSON.
    NotJson,
    /// It is JSON, but an array, a text or the like.
    OtherJson,
}

/// A text that holds what no token may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NoToken;

impl<'a> Object<'a> {
    /// Reads the body of an answer; a byte-order mark before it is skipped (RFC 8259 §8.1).
    pub(super) fn read(body: &'a str) -> Result<Self, NoObject> {
        let text = body.strip_prefix('\u{feff}').unwrap_or(body);
        serde_json::from_str(text).map(Self).map_err(|error| match error.classify() {
            serde_json::error::Category::Eof => NoObject::Truncated,
            serde_json::error::Category::Data => NoObject::OtherJson,
            serde_json::error::Category::Syntax | serde_json::error::Category::Io => {
                NoObject::NotJson
            }
        })
    }

    /// A text; `None` when the field is missing or something else.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        serde_json::from_str(self.0.get(name)?.get()).ok()
    }

    /// A token, if there is one that is a text and not empty.
    pub(super) fn token(&self, name: &str) -> Result<Option<Secret>, NoToken> {
        let given = self.0.get(name).and_then(|it| serde_json::from_str::<Secret>(it.get()).ok());
        let Some(token) = given.filter(|token| !token.is_empty()) else { return Ok(None) };
        if token.is_token() { Ok(Some(token)) } else { Err(NoToken) }
    }

    /// A whole number, also as a fraction of zero (7200.0) or as a text (some servers send that).
    pub(super) fn whole_number(&self, name: &str) -> Option<i64> {
        let value: serde_json::Value = serde_json::from_str(self.0.get(name)?.get()).ok()?;
        let number = value.as_i64().or_else(|| whole(value.as_f64()?));
        number.or_else(|| value.as_str()?.trim().parse().ok())
    }
}

/// A float without a fraction; beyond the range of an `i64` the nearest end of it.
#[expect(clippy::cast_possible_truncation, reason = "a cast of floats saturates")]
fn whole(number: f64) -> Option<i64> {
    (number.fract() == 0.0).then_some(number as i64)
}
