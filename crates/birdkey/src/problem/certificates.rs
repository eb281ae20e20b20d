//! Words for connections that are not secure: what is wrong with a certificate, and what helps.
//!
//! The advice never is what was just done: a certificate named in `SSL_CERT_FILE` that is not
//! accepted there is not to be named there again.

use birdkey_messages::{Words, words};

use super::{Code, Problem};
use crate::effects::http::{
    CertificateFault, NamedCertificates, NamedFault, NamedFaultKind, ProxyName, Untrusted,
};

/// The handshake failed.
pub(super) fn untrusted(
    host: &str,
    proxy: Option<&ProxyName>,
    Untrusted { subject, issuer, faults, named }: &Untrusted,
) -> Problem {
    let seen = match (subject.as_ref(), issuer.as_ref()) {
        (Some(subject), Some(issuer)) => {
            Some(words!("tls_failed.issued", subject = subject, issuer = issuer))
        }
        (Some(subject), None) => Some(words!("tls_failed.shown", subject = subject)),
        (None, _) => None,
    };
    let way = proxy.map(|proxy| words!("tls_failed.proxy", proxy = &proxy.address));
    // What the environment names can be the cause of one kind of distrust alone.
    let matters = faults.iter().any(is_about_trust) && !faults.iter().any(needs_another);
    let named = Some(named).filter(|_| matters);
    let trusted = named.and_then(|named| match (&named.fault, named.variables.first()) {
        (Some(fault), _) => Some(named_fault(fault)),
        (None, Some(variable)) if NamedCertificates::REPLACE_THE_SYSTEMS => {
            Some(words!("certificate.only_named", variable = *variable))
        }
        (None, _) => None,
    });
    let why = faults.iter().map(sentence).map(Some).chain([seen, way, trusted]).flatten();
    let hint = hint(host, faults, named);
    let nothing_sent = words!("tls_failed.nothing_sent");
    Problem::of(
        Code::TlsFailed,
        words!("tls_failed.what", host = host),
        Words::sentences(why),
        Words::sentences([hint, nothing_sent]),
    )
}

/// There is no certificate to trust.
pub(super) fn none(fault: Option<&NamedFault>) -> Problem {
    let usual = problem!(Code::NoCertificates, "no_certificates");
    match fault {
        Some(fault) => Problem { why: named_fault(fault), hint: named_fix(fault), ..usual },
        None => usual,
    }
}

/// Whether trusting the certificate or its issuer would help.
fn is_about_trust(fault: &CertificateFault) -> bool {
    matches!(fault, CertificateFault::UnknownIssuer | CertificateFault::SelfSigned)
}

/// Whether nothing helps but another certificate for the server.
fn needs_another(fault: &CertificateFault) -> bool {
    matches!(
        fault,
        CertificateFault::Authority
            | CertificateFault::WeakSignature(_)
            | CertificateFault::ShortKey(_)
            | CertificateFault::NoNames
            | CertificateFault::Purpose
    )
}

fn sentence(fault: &CertificateFault) -> Words {
    match fault {
        CertificateFault::Expired(None) => words!("certificate.expired"),
        CertificateFault::Expired(Some(day)) => words!("certificate.expired_on", day = day),
        CertificateFault::NotYet(None) => words!("certificate.not_yet"),
        CertificateFault::NotYet(Some(day)) => words!("certificate.not_before", day = day),
        CertificateFault::OtherName(names) => {
            words!("certificate.other_name", names = names)
        }
        CertificateFault::NoNames => words!("certificate.no_names"),
        CertificateFault::Revoked => words!("certificate.revoked"),
        CertificateFault::UnknownIssuer => words!("certificate.unknown_issuer"),
        CertificateFault::SelfSigned => words!("certificate.self_signed"),
        CertificateFault::Authority => words!("certificate.authority"),
        CertificateFault::WeakSignature(algorithm) => {
            words!("certificate.weak_signature", algorithm = *algorithm)
        }
        CertificateFault::WeakAbove(algorithm) => {
            words!("certificate.weak_above", algorithm = *algorithm)
        }
        CertificateFault::ShortKey(bits) => words!("certificate.short_key", bits = *bits),
        CertificateFault::ShortKeyAbove(bits) => {
            words!("certificate.short_key_above", bits = *bits)
        }
        CertificateFault::UnknownSignature => words!("certificate.unknown_signature"),
        CertificateFault::BadSignature => words!("certificate.bad_signature"),
        CertificateFault::Purpose => words!("certificate.purpose"),
        CertificateFault::Invalid => words!("certificate.invalid"),
        CertificateFault::Unchecked => words!("certificate.unchecked"),
        CertificateFault::NoTls => words!("certificate.no_tls"),
        CertificateFault::Handshake => words!("certificate.handshake"),
    }
}

/// What to do, by the gravest fault.
fn hint(host: &str, faults: &[CertificateFault], named: Option<&NamedCertificates>) -> Words {
    if faults.iter().any(needs_another) {
        return words!("certificate.another.hint", host = host);
    }
    match faults.first() {
        Some(CertificateFault::Expired(_) | CertificateFault::NotYet(_)) => {
            words!("certificate.clock.hint")
        }
        Some(CertificateFault::OtherName(_)) => words!("certificate.other_name.hint", host = host),
        Some(CertificateFault::UnknownIssuer | CertificateFault::SelfSigned) => {
            trust_fix(faults, named)
        }
        Some(CertificateFault::WeakAbove(_) | CertificateFault::ShortKeyAbove(_)) => {
            words!("certificate.authority.hint")
        }
        Some(CertificateFault::BadSignature) => words!("certificate.bad_signature.hint"),
        Some(CertificateFault::NoTls | CertificateFault::Handshake) => {
            words!("certificate.handshake.hint")
        }
        Some(
            CertificateFault::Revoked
            | CertificateFault::UnknownSignature
            | CertificateFault::Invalid
            | CertificateFault::Unchecked
            | CertificateFault::NoNames
            | CertificateFault::Authority
            | CertificateFault::WeakSignature(_)
            | CertificateFault::ShortKey(_)
            | CertificateFault::Purpose,
        )
        | None => words!("certificate.operator.hint"),
    }
}

fn trust_fix(faults: &[CertificateFault], named: Option<&NamedCertificates>) -> Words {
    let variable = named.and_then(|named| named.variables.first().copied());
    match (named.and_then(|named| named.fault.as_ref()), variable) {
        (Some(fault), _) => named_fix(fault),
        (None, Some(variable)) => words!("certificate.named.hint", variable = variable),
        (None, None) if faults.contains(&CertificateFault::SelfSigned) => {
            words!("certificate.self_signed.hint")
        }
        (None, None) => words!("tls_failed.hint"),
    }
}

fn named_fault(fault: &NamedFault) -> Words {
    let (variable, path) = (fault.variable, fault.path.display());
    match fault.kind {
        NamedFaultKind::Blank => words!("named.blank", variable = variable),
        NamedFaultKind::Missing => words!("named.missing", variable = variable, path = path),
        NamedFaultKind::Unreadable => words!("named.unreadable", variable = variable, path = path),
        NamedFaultKind::Folder => words!("named.folder", variable = variable, path = path),
        NamedFaultKind::NotAFolder => words!("named.no_folder", variable = variable, path = path),
        NamedFaultKind::Empty => words!("named.empty", variable = variable, path = path),
        NamedFaultKind::Der => words!("named.der", variable = variable, path = path),
        NamedFaultKind::NoCertificate => words!("named.none", variable = variable, path = path),
        NamedFaultKind::Broken => words!("named.broken", variable = variable, path = path),
    }
}

fn named_fix(fault: &NamedFault) -> Words {
    match fault.kind {
        NamedFaultKind::Der => {
            words!("named.der.hint", variable = fault.variable, path = fault.path.display())
        }
        NamedFaultKind::Blank
        | NamedFaultKind::Missing
        | NamedFaultKind::Unreadable
        | NamedFaultKind::Folder
        | NamedFaultKind::NotAFolder
        | NamedFaultKind::Empty
        | NamedFaultKind::NoCertificate
        | NamedFaultKind::Broken => words!("named.hint", variable = fault.variable),
    }
}
