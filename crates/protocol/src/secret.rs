//! Values that must not be shown, logged, compared by accident or left behind in memory.

use std::fmt;

use serde::{Deserialize, Deserializer};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// A text that redacts itself and is zeroized when dropped.
///
/// It has no `Display`, `Serialize`, `Deref` or `PartialEq`; the one way out is [`Secret::expose`].
///
/// ```
/// let token = birdkey_protocol::secret::Secret::new("abc".to_owned());
/// assert_eq!(format!("{token:?}"), "[redacted]");
/// ```
///
/// # Security
///
/// A tidy test lists the files that call `expose`.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct Secret(String);

impl Secret {
    /// Takes a text over; the caller keeps no copy.
    pub fn new(text: String) -> Self {
        Self(text)
    }

    /// Takes over bytes that must be UTF-8; the bytes are zeroized when they are not.
    pub fn from_utf8(bytes: Vec<u8>) -> Option<Self> {
        String::from_utf8(bytes).map(Self).map_err(|error| error.into_bytes().zeroize()).ok()
    }

    /// The text itself: the only way out.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Length in bytes.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is no text at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether it is what a token may be: visible ASCII characters and spaces, at least one
    /// (RFC 6749 appendices A.12 and A.17 <https://www.rfc-editor.org/rfc/rfc6749#appendix-A.12>).
    ///
    /// # Security
    ///
    /// Every token is asked this when it arrives, so that none ends a line of a header, of a script or
    /// of a program's environment.
    pub fn is_token(&self) -> bool {
        !self.0.is_empty() && self.0.bytes().all(|byte| matches!(byte, b' '..=b'~'))
    }

    /// Tells this secret from others without showing it: the first 16 hex digits of its SHA-256.
    ///
    /// # Security
    ///
    /// 64 bits of the hash of 256 or more random ones say nothing about them; not for anything a person
    /// could have thought up, which can be guessed and compared.
    pub fn fingerprint(&self) -> String {
        let digest = Sha256::digest(self.0.as_bytes());
        let beginning = digest.iter().take(8).fold(0, |sum, byte| sum << 8 | u64::from(*byte));
        format!("{beginning:016x}")
    }

    /// Compares two secrets in constant time for texts of equal length.
    pub fn is_same_as(&self, other: &Self) -> bool {
        self.matches(&other.0)
    }

    /// Compares in constant time for texts of equal length.
    pub fn matches(&self, other: &str) -> bool {
        self.0.as_bytes().ct_eq(other.as_bytes()).into()
    }
}

/// Reading is safe; there is no `Serialize` on purpose.
impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("[redacted]")
    }
}

#[cfg(test)]
mod tests {
    use super::Secret;

    #[test]
    fn debug_output_hides_the_text() {
        assert_eq!(format!("{:?}", Secret::new("abc".into())), "[redacted]");
    }

    #[test]
    fn only_the_same_text_matches() {
        let secret = Secret::new("abc".into());
        for (other, expected) in [("abc", true), ("abd", false), ("ab", false), ("", false)] {
            assert_eq!(secret.matches(other), expected, "{other:?}");
        }
    }

    #[test]
    fn a_fingerprint_is_the_beginning_of_the_hash() {
        // FIPS 180-2, appendix B.1.
        assert_eq!(Secret::new("abc".into()).fingerprint(), "ba7816bf8f01cfea");
    }

    #[test]
    fn a_token_is_visible_ascii() {
        let is_token = |text: &str| Secret::new(text.into()).is_token();
        assert!(is_token("aZ09-._~+/=") && is_token("!\"#$%&'()*,:;<>?@[\\]^`{|} x"));
        for text in ["", "a\nb", "a\r", "\0", "a\tb", "\u{7f}", "\u{9b}", "t\u{f6}ken", "\u{202e}"]
        {
            assert!(!is_token(text), "{text:?}");
        }
    }

    #[test]
    fn bytes_that_are_no_text_are_refused() {
        assert!(Secret::from_utf8(vec![0xff, 0xfe]).is_none());
    }
}
