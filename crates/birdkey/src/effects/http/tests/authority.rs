//! A private certificate authority.

use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, date_time_ymd};
use rustls::ServerConfig;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

pub(super) struct Authority {
    certificate: rcgen::Certificate,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    pub(super) fn named(name: &str) -> Self {
        let mut params = named(name, Vec::new());
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        let certificate = params.self_signed(&key).unwrap();
        Self { certificate, issuer: Issuer::new(params, key) }
    }

    /// The authority's own certificate.
    pub(super) fn pem(&self) -> String {
        self.certificate.pem()
    }

    /// TLS for a server with this name.
    pub(super) fn for_host(&self, host: &str) -> Arc<ServerConfig> {
        self.signed(&named(host, vec![host.to_owned()]))
    }

    /// TLS for a server with this name, issued to `subject`.
    pub(super) fn for_subject(&self, subject: &str, host: &str) -> Arc<ServerConfig> {
        self.signed(&named(subject, vec![host.to_owned()]))
    }

    /// TLS with a certificate that ended in 2020.
    pub(super) fn expired(&self, host: &str) -> Arc<ServerConfig> {
        let mut params = named(host, vec![host.to_owned()]);
        params.not_before = date_time_ymd(2019, 1, 1);
        params.not_after = date_time_ymd(2020, 1, 1);
        self.signed(&params)
    }

    /// TLS with a certificate that starts in 3000.
    pub(super) fn not_yet_valid(&self, host: &str) -> Arc<ServerConfig> {
        let mut params = named(host, vec![host.to_owned()]);
        params.not_before = date_time_ymd(3000, 1, 1);
        self.signed(&params)
    }

    /// TLS that shows the authority's own certificate, as if it were a server's.
    pub(super) fn as_a_server(host: &str) -> (Arc<ServerConfig>, String) {
        let mut params = named(host, vec![host.to_owned()]);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        self_signed(&params)
    }

    /// TLS with a certificate that no authority signed.
    pub(super) fn none(host: &str) -> (Arc<ServerConfig>, String) {
        self_signed(&named("Made by hand", vec![host.to_owned()]))
    }

    fn signed(&self, params: &CertificateParams) -> Arc<ServerConfig> {
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        config(&certificate, &key)
    }
}

fn self_signed(params: &CertificateParams) -> (Arc<ServerConfig>, String) {
    let key = KeyPair::generate().unwrap();
    let certificate = params.self_signed(&key).unwrap();
    (config(&certificate, &key), certificate.pem())
}

fn config(certificate: &rcgen::Certificate, key: &KeyPair) -> Arc<ServerConfig> {
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)
        .unwrap();
    Arc::new(config)
}

fn named(name: &str, hosts: Vec<String>) -> CertificateParams {
    let mut params = CertificateParams::new(hosts).unwrap();
    params.distinguished_name.push(DnType::CommonName, name);
    params
}
