//! `application/x-www-form-urlencoded` bodies that may hold secrets.

use super::secret::Secret;

/// Encodes one value as the form encoding does.
pub(super) fn form_encoded(value: &str) -> String {
    form_urlencoded::byte_serialize(value.as_bytes()).collect()
}

/// Builds a form body in the order given.
pub(super) fn form(fields: &[(&str, &str)]) -> Secret {
    let mut serializer = form_urlencoded::Serializer::new(String::new());
    serializer.extend_pairs(fields);
    Secret::new(serializer.finish())
}
