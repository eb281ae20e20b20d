//! Proof Key for Code Exchange (RFC 7636), as lax as X or as strict as the RFC.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// A challenge that its verifier has to meet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Challenge {
    S256(String),
    Plain(String),
}

impl Challenge {
    /// The method is compared without case, as on X.
    pub(super) fn parse(method: &str, challenge: &str) -> Option<Self> {
        if method.eq_ignore_ascii_case("S256") {
            Some(Self::S256(challenge.to_owned()))
        } else if method.eq_ignore_ascii_case("plain") {
            Some(Self::Plain(challenge.to_owned()))
        } else {
            None
        }
    }

    /// Whether RFC 7636 §4.2 allows it and it hides its verifier.
    pub(super) fn is_strict(&self) -> bool {
        match self {
            Self::S256(challenge) => challenge.len() == 43 && challenge.bytes().all(is_unreserved),
            Self::Plain(_) => false,
        }
    }

    pub(super) fn is_met_by(&self, verifier: &str) -> bool {
        match self {
            Self::S256(challenge) => {
                let computed = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()));
                computed.as_bytes().ct_eq(challenge.as_bytes()).into()
            }
            Self::Plain(challenge) => verifier.as_bytes().ct_eq(challenge.as_bytes()).into(),
        }
    }
}

/// Whether RFC 7636 §4.1 allows `verifier`.
pub(super) fn is_strict_verifier(verifier: &str) -> bool {
    (43..=128).contains(&verifier.len()) && verifier.bytes().all(is_unreserved)
}

fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::{Challenge, is_strict_verifier};

    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    #[test]
    fn the_vector_of_rfc_7636_appendix_b_holds() {
        let challenge = Challenge::parse("s256", CHALLENGE).unwrap();
        assert!(challenge.is_met_by(VERIFIER) && challenge.is_strict());
        assert!(!challenge.is_met_by(CHALLENGE));
        assert!(is_strict_verifier(VERIFIER));
    }

    #[test]
    fn plain_is_met_by_itself_and_never_strict() {
        let challenge = Challenge::parse("PLAIN", "challenge").unwrap();
        assert!(challenge.is_met_by("challenge") && !challenge.is_met_by("challengE"));
        assert!(!challenge.is_strict() && !is_strict_verifier("challenge"));
        assert_eq!(Challenge::parse("S512", "challenge"), None);
    }
}
