//! What may be told of an answer: names, lengths, lifetimes and the words of errors, no other value.

use birdkey_foreign::Foreign;
use serde_json::{Map, Value};

use crate::protocol::secret::Secret;

/// Fields whose text is the server's own words.
const WORDS: [&str; 11] = [
    "error",
    "error_description",
    "title",
    "detail",
    "type",
    "reason",
    "message",
    "token_type",
    "scope",
    "issuer",
    "iss",
];
/// Fields whose number says how long something lives or what went wrong.
const NUMBERS: [&str; 4] = ["expires_in", "status", "code", "refresh_token_expires_in"];
/// Entries of a list that are told.
const LIST_ENTRIES: usize = 3;
/// A word without spaces that is this long and holds a digit may be a token or an id.
const LONG_WORD: usize = 16;
/// So may a number with so many digits.
const LONG_NUMBER: usize = 6;
/// Shorter values are no secrets, and would turn up in any text.
const SHORTEST_SECRET: usize = 3;

/// What was seen and must not be told.
#[derive(Default)]
pub(super) struct Seen(Vec<Secret>);

impl Seen {
    /// Remembers a code, token, state or id.
    pub(super) fn note(&mut self, secret: &Secret) {
        if secret.len() >= SHORTEST_SECRET && !self.0.iter().any(|seen| seen.is_same_as(secret)) {
            self.0.push(secret.clone());
        }
    }

    /// A text of the server without any of them, nor anything that looks like one.
    pub(super) fn masked(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for secret in &self.0 {
            text = text.replace(secret.expose(), "[redacted]");
        }
        let words: Vec<_> = Foreign::new(&text).raw().split(' ').map(without_long_parts).collect();
        words.join(" ")
    }

    /// A body: its fields with the words and numbers that may be told, all else by its length.
    pub(super) fn body(&self, body: &Secret) -> Value {
        match serde_json::from_str(body.expose()) {
            Ok(value) => self.described("", &value),
            Err(_) if body.is_empty() => Value::Null,
            Err(_) => Value::String(format!("not JSON, {} characters", body.len())),
        }
    }

    fn described(&self, name: &str, value: &Value) -> Value {
        match value {
            Value::Object(fields) => {
                let fields = fields.iter();
                let told = fields.map(|(name, it)| (self.masked(name), self.described(name, it)));
                Value::Object(told.collect::<Map<_, _>>())
            }
            Value::Array(entries) => {
                entries.iter().take(LIST_ENTRIES).map(|it| self.described(name, it)).collect()
            }
            Value::String(text) if WORDS.contains(&name) => Value::String(self.masked(text)),
            Value::String(text) => Value::String(format!("{} characters", text.chars().count())),
            Value::Number(number) if NUMBERS.contains(&name) => Value::Number(number.clone()),
            Value::Number(number) => {
                Value::String(format!("a number of {} digits", number.to_string().len()))
            }
            Value::Bool(_) | Value::Null => value.clone(),
        }
    }

    /// The parameters of a redirect, in their order.
    pub(super) fn parameters(&self, parameters: &[(String, Secret)]) -> Vec<String> {
        parameters.iter().map(|(name, value)| self.parameter(name, value)).collect()
    }

    fn parameter(&self, name: &str, value: &Secret) -> String {
        let told = matches!(name, "error" | "error_description" | "iss");
        let name = self.masked(name);
        if told {
            format!("{name}={}", self.masked(value.expose()))
        } else {
            format!("{name} of {} characters", value.expose().chars().count())
        }
    }
}

/// Masks what looks like a token or an id within a word; addresses keep their parts.
fn without_long_parts(word: &str) -> String {
    let separators = ['/', '?', '&', '=', ':', '.', ',', '"', '\'', '[', ']', '(', ')', '{', '}'];
    word.split_inclusive(separators)
        .map(|part| {
            let bare = part.trim_end_matches(separators);
            let digits = bare.chars().filter(char::is_ascii_digit).count();
            let long = bare.len() >= LONG_WORD && digits > 0 || digits >= LONG_NUMBER;
            if long {
                part.replace(bare, &format!("<{} characters>", bare.chars().count()))
            } else {
                part.to_owned()
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Seen;
    use crate::protocol::secret::Secret;

    #[test]
    fn an_answer_is_told_by_its_names_lengths_and_lifetimes() {
        let body = json!({
            "token_type": "bearer", "expires_in": 7200, "access_token": "abc", "new_field": "x y",
            "scope": "users.read", "data": { "id": "2244994945", "count": 42 }, "revoked": true,
        });
        let told = Seen::default().body(&Secret::new(body.to_string()));
        let expected = json!({
            "token_type": "bearer", "expires_in": 7200, "access_token": "3 characters",
            "new_field": "3 characters", "scope": "users.read", "revoked": true,
            "data": { "id": "10 characters", "count": "a number of 2 digits" },
        });
        assert_eq!(told, expected);
    }

    #[test]
    fn the_words_of_errors_stay_and_what_looks_like_a_secret_in_them_goes() {
        let mut seen = Seen::default();
        seen.note(&Secret::new("ann_x".into()));
        for (text, expected) in [
            ("Value passed for the token was invalid.", "Value passed for the token was invalid."),
            (
                "https://api.twitter.com/2/problems/client-forbidden",
                "https://api.twitter.com/2/problems/client-forbidden",
            ),
            ("user ann_x is gone", "user [redacted] is gone"),
            ("id 2244994945!", "id <11 characters>"),
            ("no dGhpcyBpcyBhIHRva2Vu0 here", "no <21 characters> here"),
            ("see https://x/t/abcdefghijkl01234", "see https://x/t/<17 characters>"),
        ] {
            assert_eq!(seen.masked(text), expected);
        }
    }

    #[test]
    fn what_is_no_json_is_told_by_its_length() {
        let told = |body: &str| Seen::default().body(&Secret::new(body.into()));
        assert_eq!(told("<html>token</html>"), "not JSON, 18 characters");
        assert_eq!(told(""), serde_json::Value::Null);
    }
}
