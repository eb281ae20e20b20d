//! Certificates: the system decides; what it refuses is remembered inside the error, so that a
//! message can name the subject and issuer that were seen on that very connection.

use std::sync::Arc;

use birdkey_foreign::Foreign;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error, OtherError, RootCertStore,
    SignatureScheme,
};
use rustls_platform_verifier::Verifier;
use x509_parser::prelude::{FromDer as _, X509Certificate};

use super::HttpError;
use super::distrust::{Untrusted, faults};
use super::trust::{NamedCertificates, named_by_environment};

/// A certificate that was refused.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{:?}", .0.faults)]
pub(super) struct Refused(pub(super) Untrusted);

/// TLS that trusts what the system trusts, and `extra_roots_pem`.
pub(super) fn of_the_system(extra_roots_pem: &[u8]) -> Result<ClientConfig, HttpError> {
    let verifier = Arc::new(verifier(extra_roots_pem)?);
    let config = ClientConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .map_err(|_| HttpError::NoCertificates { fault: None })?
        .dangerous()
        .with_custom_certificate_verifier(verifier)
        .with_no_client_auth();
    Ok(config)
}

/// What decides about certificates.
pub(super) fn verifier(extra_roots_pem: &[u8]) -> Result<Remembering, HttpError> {
    let (named, found) = named_by_environment();
    let none = || HttpError::NoCertificates { fault: named.fault.clone() };
    let extra: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(extra_roots_pem).collect();
    let mut extra = extra.map_err(|_| none())?;
    if !NamedCertificates::REPLACE_THE_SYSTEMS {
        extra.extend(found);
    }
    // On Windows extra roots need a certificate engine of their own, which not every version offers;
    // most people have none.
    let system = if extra.is_empty() {
        Verifier::new(provider())
    } else {
        Verifier::new_with_extra_roots(extra, provider())
    };
    Ok(Remembering { system: system.map_err(|_| none())? })
}

/// TLS that trusts nobody, for a client that never needs it.
pub(super) fn trusting_no_certificate() -> Result<ClientConfig, HttpError> {
    let config = ClientConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .map_err(|_| HttpError::NoCertificates { fault: None })?
        .with_root_certificates(RootCertStore::empty())
        .with_no_client_auth();
    Ok(config)
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::aws_lc_rs::default_provider())
}

/// The system's verifier, which adds to a refusal what it saw. It never accepts what the system refuses.
#[derive(Debug)]
pub(super) struct Remembering {
    system: Verifier,
}

impl ServerCertVerifier for Remembering {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        self.system
            .verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
            .map_err(|error| remembered(&error, end_entity, intermediates, now))
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let verified = self.system.verify_tls12_signature(message, certificate, signature);
        verified.map_err(|error| remembered(&error, certificate, &[], UnixTime::now()))
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let verified = self.system.verify_tls13_signature(message, certificate, signature);
        verified.map_err(|error| remembered(&error, certificate, &[], UnixTime::now()))
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.system.supported_verify_schemes()
    }
}

fn remembered(
    error: &Error,
    certificate: &CertificateDer<'_>,
    above: &[CertificateDer<'_>],
    now: UnixTime,
) -> Error {
    let seen = X509Certificate::from_der(certificate).ok().map(|(_, seen)| seen);
    let (named, trusted) = named_by_environment();
    let above: Vec<_> = above.iter().chain(&trusted).cloned().collect();
    let refused = Refused(Untrusted {
        subject: seen.as_ref().map(|seen| Foreign::new(&seen.subject().to_string())),
        issuer: seen.as_ref().map(|seen| Foreign::new(&seen.issuer().to_string())),
        faults: faults(error, certificate, &above, now),
        named,
    });
    Error::InvalidCertificate(CertificateError::Other(OtherError(Arc::new(refused))))
}
