//! Why a certificate is not trusted: what the verifier said, and what the certificates show.

use std::net::{Ipv4Addr, Ipv6Addr};

use birdkey_foreign::Foreign;
use rustls::pki_types::{CertificateDer, UnixTime};
use rustls::{CertificateError, Error};
use x509_parser::certificate::X509Certificate;
use x509_parser::extensions::GeneralName;
use x509_parser::prelude::FromDer as _;
use x509_parser::public_key::PublicKey;
use x509_parser::time::ASN1Time;

use super::trust::NamedCertificates;

/// The shortest RSA key that is accepted, in bits.
const MIN_RSA_BITS: usize = 2048;
/// How many names of a certificate are shown.
const MAX_NAMES: usize = 5;
/// Signatures that are no longer accepted: object identifier, name.
const WEAK_SIGNATURES: [(&str, &str); 5] = [
    ("1.2.840.113549.1.1.2", "MD2"),
    ("1.2.840.113549.1.1.4", "MD5"),
    ("1.2.840.113549.1.1.5", "SHA-1"),
    ("1.2.840.10040.4.3", "SHA-1"),
    ("1.2.840.10045.4.1", "SHA-1"),
];

/// What is wrong with a certificate, or with the handshake it was shown in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CertificateFault {
    /// It has expired; on which day, when it is its own.
    Expired(Option<String>),
    /// It is not valid yet; from which day on it is.
    NotYet(Option<String>),
    /// It is for these names only, commas between them.
    OtherName(Foreign),
    /// It names no host at all where names are looked for (subjectAltName).
    NoNames,
    /// It was revoked.
    Revoked,
    /// Its issuer is not trusted.
    UnknownIssuer,
    /// It was issued by itself, and is not trusted.
    SelfSigned,
    /// It is that of an authority, which a server must not show as its own.
    Authority,
    /// It is signed in a way that is no longer accepted.
    WeakSignature(&'static str),
    /// A certificate above it is.
    WeakAbove(&'static str),
    /// Its RSA key is too short, in bits.
    ShortKey(usize),
    /// The RSA key of its issuer is.
    ShortKeyAbove(usize),
    /// It is signed in a way that Birdkey does not know.
    UnknownSignature,
    /// The signature does not fit.
    BadSignature,
    /// It is not meant for servers.
    Purpose,
    /// It is of a form that is not accepted.
    Invalid,
    /// It could not be checked.
    Unchecked,
    /// What answers does not speak TLS.
    NoTls,
    /// The handshake failed without a word on the certificate.
    Handshake,
}

/// A server whose certificate, or handshake, was not accepted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Untrusted {
    /// Whom the certificate was issued to.
    pub subject: Option<Foreign>,
    /// Who issued it.
    pub issuer: Option<Foreign>,
    /// What was wrong, the verifier's reason first.
    pub faults: Vec<CertificateFault>,
    /// What the environment says about certificates to trust.
    pub named: NamedCertificates,
}

/// What is wrong, the verifier's reason first. `above` are the certificates that were shown with it,
/// and those named by the environment.
pub(super) fn faults(
    error: &Error,
    certificate: &CertificateDer<'_>,
    above: &[CertificateDer<'_>],
    now: UnixTime,
) -> Vec<CertificateFault> {
    let Ok((_, shown)) = X509Certificate::from_der(certificate) else {
        return vec![CertificateFault::Invalid];
    };
    let above: Vec<_> = above
        .iter()
        .filter_map(|other| X509Certificate::from_der(other).ok().map(|(_, other)| other))
        .filter(|other| other.subject() == shown.issuer() && *other != shown)
        .collect();
    let mut faults = vec![verdict(error, &shown, &above, now)];
    faults.extend(weak_signature(&shown).map(CertificateFault::WeakSignature));
    faults.extend(short_key(&shown).map(CertificateFault::ShortKey));
    if shown.is_ca() {
        faults.push(CertificateFault::Authority);
    }
    // A more exact one says it.
    if faults.len() > 1 {
        faults.retain(|fault| *fault != CertificateFault::Invalid);
    }
    faults
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the enums are rustls's and non-exhaustive; the rest share one clause"
)]
fn verdict(
    error: &Error,
    shown: &X509Certificate<'_>,
    above: &[X509Certificate<'_>],
    now: UnixTime,
) -> CertificateFault {
    let Error::InvalidCertificate(error) = error else { return CertificateFault::Unchecked };
    let (start, end) = (shown.validity().not_before, shown.validity().not_after);
    let is_early = start.timestamp() > seconds(now);
    match error {
        // Windows reports this as expired, too.
        CertificateError::Expired | CertificateError::ExpiredContext { .. } if is_early => {
            CertificateFault::NotYet(Some(day(&start)))
        }
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            CertificateFault::Expired((end.timestamp() < seconds(now)).then(|| day(&end)))
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            CertificateFault::NotYet(is_early.then(|| day(&start)))
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            other_name(shown)
        }
        CertificateError::Revoked => CertificateFault::Revoked,
        CertificateError::UnknownIssuer if shown.subject() == shown.issuer() => {
            CertificateFault::SelfSigned
        }
        CertificateError::UnknownIssuer => CertificateFault::UnknownIssuer,
        CertificateError::BadSignature => bad_signature(shown, above),
        CertificateError::UnsupportedSignatureAlgorithmContext { .. } => {
            unsupported_signature(shown, above).unwrap_or(CertificateFault::UnknownSignature)
        }
        // The trusted authority of that name has a key of another kind.
        CertificateError::UnsupportedSignatureAlgorithmForPublicKeyContext { .. } => {
            unsupported_signature(shown, above).unwrap_or(CertificateFault::BadSignature)
        }
        CertificateError::InvalidPurpose | CertificateError::InvalidPurposeContext { .. } => {
            CertificateFault::Purpose
        }
        CertificateError::Other(_) if is_for_clients_only(shown) => CertificateFault::Purpose,
        _ => CertificateFault::Invalid,
    }
}

fn other_name(shown: &X509Certificate<'_>) -> CertificateFault {
    let names = names(shown);
    if names.is_empty() {
        return CertificateFault::NoNames;
    }
    CertificateFault::OtherName(Foreign::new(&names.join(", ")))
}

fn bad_signature(shown: &X509Certificate<'_>, above: &[X509Certificate<'_>]) -> CertificateFault {
    match above.iter().find_map(short_key) {
        _ if short_key(shown).is_some() => CertificateFault::Invalid,
        Some(bits) => CertificateFault::ShortKeyAbove(bits),
        None => CertificateFault::BadSignature,
    }
}

/// Where an algorithm that is too weak is to blame.
fn unsupported_signature(
    shown: &X509Certificate<'_>,
    above: &[X509Certificate<'_>],
) -> Option<CertificateFault> {
    if weak_signature(shown).is_some() {
        return Some(CertificateFault::Invalid);
    }
    above.iter().find_map(weak_signature).map(CertificateFault::WeakAbove)
}

/// Only mapped by its text elsewhere, so the certificate is looked at.
fn is_for_clients_only(shown: &X509Certificate<'_>) -> bool {
    let usage = shown.extended_key_usage().ok().flatten();
    usage.is_some_and(|usage| !usage.value.server_auth && !usage.value.any)
}

fn weak_signature(shown: &X509Certificate<'_>) -> Option<&'static str> {
    let identifier = shown.signature_algorithm.algorithm.to_id_string();
    WEAK_SIGNATURES.iter().find(|(known, _)| *known == identifier).map(|(_, name)| *name)
}

fn short_key(shown: &X509Certificate<'_>) -> Option<usize> {
    let Ok(PublicKey::RSA(key)) = shown.public_key().parsed() else { return None };
    Some(key.key_size()).filter(|bits| *bits < MIN_RSA_BITS)
}

fn names(shown: &X509Certificate<'_>) -> Vec<String> {
    let names = shown.subject_alternative_name().ok().flatten();
    let names = names.iter().flat_map(|names| &names.value.general_names);
    names.filter_map(host).take(MAX_NAMES).collect()
}

/// A name of a certificate, when it is that of a host.
fn host(name: &GeneralName<'_>) -> Option<String> {
    if let GeneralName::DNSName(name) = name {
        return Some((*name).to_owned());
    }
    let GeneralName::IPAddress(bytes) = name else { return None };
    let v4 = <[u8; 4]>::try_from(*bytes).map(|bytes| Ipv4Addr::from(bytes).to_string());
    let v6 = || <[u8; 16]>::try_from(*bytes).map(|bytes| Ipv6Addr::from(bytes).to_string());
    v4.or_else(|_| v6()).ok()
}

fn day(time: &ASN1Time) -> String {
    time.to_datetime().date().to_string()
}

fn seconds(now: UnixTime) -> i64 {
    i64::try_from(now.as_secs()).unwrap_or(i64::MAX)
}
