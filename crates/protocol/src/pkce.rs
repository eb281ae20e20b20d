//! Proof Key for Code Exchange, `S256` only (RFC 7636 <https://www.rfc-editor.org/rfc/rfc7636>).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

use super::secret::Secret;

/// Random bytes in a verifier and in a state: 256 bits (RFC 7636 §7.1).
pub const RANDOM_BYTES: usize = 32;

/// The secret half; deliberately not `Clone`, so that it can't serve twice.
#[derive(Debug)]
pub struct Verifier(Secret);

impl Verifier {
    /// Makes a verifier of 43 characters (RFC 7636 §4.1).
    pub fn new(random: [u8; RANDOM_BYTES]) -> Self {
        Self(Secret::new(URL_SAFE_NO_PAD.encode(random)))
    }

    /// The public half: base64url of the SHA-256 of the verifier (RFC 7636 §4.2).
    pub fn challenge(&self) -> String {
        URL_SAFE_NO_PAD.encode(Sha256::digest(self.0.expose()))
    }

    /// Gives the verifier up for the one token request it is for.
    pub(super) fn into_secret(self) -> Secret {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::Verifier;

    /// RFC 7636 Appendix B.
    #[test]
    fn the_vector_of_the_rfc_comes_out() {
        let verifier = Verifier::new([
            116, 24, 223, 180, 151, 153, 224, 37, 79, 250, 96, 125, 216, 173, 187, 186, 22, 212,
            37, 77, 105, 214, 191, 240, 91, 88, 5, 88, 83, 132, 141, 121,
        ]);
        assert_eq!(verifier.challenge(), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
        assert_eq!(verifier.into_secret().expose(), "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
    }
}
