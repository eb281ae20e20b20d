//! Sealing: encrypting a text to a key, so that it can wait in a file for whoever holds the key.

use std::str::FromStr as _;

use age::secrecy::ExposeSecret as _;
use age::x25519::Identity;

use crate::protocol::secret::Secret;

/// A new key, from the system's randomness.
pub fn new_key() -> Secret {
    Secret::new(Identity::generate().to_string().expose_secret().to_owned())
}

/// Encrypts a text to a key; `None` when that is no key.
pub fn seal(key: &Secret, text: &Secret) -> Option<Vec<u8>> {
    let identity = Identity::from_str(key.expose()).ok()?;
    age::encrypt(&identity.to_public(), text.expose().as_bytes()).ok()
}

/// Decrypts what was sealed to a key; `None` when it was not, or was changed.
pub fn open(key: &Secret, sealed: &[u8]) -> Option<Secret> {
    let identity = Identity::from_str(key.expose()).ok()?;
    Secret::from_utf8(age::decrypt(&identity, sealed).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_its_key_opens_what_was_sealed() {
        let (key, text) = (new_key(), Secret::new("token-123".into()));
        let mut sealed = seal(&key, &text).unwrap();
        assert!(!String::from_utf8_lossy(&sealed).contains("token-123"));
        assert!(open(&key, &sealed).unwrap().is_same_as(&text));
        assert!(open(&new_key(), &sealed).is_none());
        *sealed.last_mut().unwrap() ^= 1;
        assert!(open(&key, &sealed).is_none());
        assert!(seal(&Secret::new("no key".into()), &text).is_none());
    }
}
