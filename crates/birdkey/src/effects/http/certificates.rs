//! Certificates: the system decides; what it refuses is remembered inside the error, so that a
//! message can name the subject and issuer that were seen on that very connection.

use std::env;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use birdkey_foreign::Foreign;
use birdkey_messages::{Words, words};
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

/// A certificate that was refused.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{reason:?}")]
pub(super) struct Refused {
    /// Whom it was issued to.
    pub(super) subject: Option<Foreign>,
    /// Who issued it.
    pub(super) issuer: Option<Foreign>,
    /// What is wrong with it, in one sentence.
    pub(super) reason: Words,
}

/// TLS that trusts what the system trusts, and `extra_roots_pem`.
pub(super) fn of_the_system(extra_roots_pem: &[u8]) -> Result<ClientConfig, HttpError> {
    let provider = provider();
    let extra: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(extra_roots_pem).collect();
    let mut extra = extra.map_err(|_| HttpError::NoCertificates)?;
    extra.extend(named_by_environment());
    let system = Verifier::new_with_extra_roots(extra, Arc::clone(&provider))
        .map_err(|_| HttpError::NoCertificates)?;
    let verifier = Arc::new(Remembering { system });
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|_| HttpError::NoCertificates)?
        .dangerous()
        .with_custom_certificate_verifier(verifier)
        .with_no_client_auth();
    Ok(config)
}

/// What `SSL_CERT_FILE` and `SSL_CERT_DIR` name, where the platform's verifier ignores them: there
/// they add to the system's certificates. Elsewhere it reads them itself, in place of the system's.
fn named_by_environment() -> Vec<CertificateDer<'static>> {
    if !cfg!(any(windows, target_vendor = "apple")) {
        return Vec::new();
    }
    let file = env::var_os("SSL_CERT_FILE").map(PathBuf::from);
    let folders = env::var_os("SSL_CERT_DIR").unwrap_or_default();
    let folders: Vec<_> = env::split_paths(&folders).collect();
    certificates_in(file.as_deref(), &folders)
}

/// The certificates of a PEM file and of the PEM files in folders; what can't be read is left out.
pub(super) fn certificates_in(
    file: Option<&Path>,
    folders: &[PathBuf],
) -> Vec<CertificateDer<'static>> {
    let entries = folders.iter().filter_map(|folder| folder.read_dir().ok()).flatten();
    let paths = entries.filter_map(Result::ok).map(|entry| entry.path());
    file.map(Path::to_path_buf)
        .into_iter()
        .chain(paths)
        .filter_map(|path| CertificateDer::pem_file_iter(path).ok())
        .flatten()
        .filter_map(Result::ok)
        .collect()
}

/// TLS that trusts nobody, for a client that never needs it.
pub(super) fn nobody_trusted() -> Result<ClientConfig, HttpError> {
    let config = ClientConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .map_err(|_| HttpError::NoCertificates)?
        .with_root_certificates(RootCertStore::empty())
        .with_no_client_auth();
    Ok(config)
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::aws_lc_rs::default_provider())
}

/// The system's verifier, which adds to a refusal what it saw. It never accepts what the system refuses.
#[derive(Debug)]
struct Remembering {
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
            .map_err(|error| remembered(&error, end_entity))
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.system.verify_tls12_signature(message, certificate, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.system.verify_tls13_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.system.supported_verify_schemes()
    }
}

fn remembered(error: &Error, certificate: &CertificateDer<'_>) -> Error {
    let seen = X509Certificate::from_der(certificate).ok().map(|(_, seen)| seen);
    let refused = Refused {
        subject: seen.as_ref().map(|seen| Foreign::new(&seen.subject().to_string())),
        issuer: seen.as_ref().map(|seen| Foreign::new(&seen.issuer().to_string())),
        reason: reason(error),
    };
    Error::InvalidCertificate(CertificateError::Other(OtherError(Arc::new(refused))))
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the enums are rustls's and non-exhaustive; the rest share one clause"
)]
fn reason(error: &Error) -> Words {
    let Error::InvalidCertificate(error) = error else {
        return words!("certificate.unchecked");
    };
    match error {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            words!("certificate.expired")
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            words!("certificate.not_yet")
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            words!("certificate.other_name")
        }
        CertificateError::Revoked => words!("certificate.revoked"),
        CertificateError::UnknownIssuer => {
            words!("certificate.unknown_issuer")
        }
        _ => words!("certificate.invalid"),
    }
}
