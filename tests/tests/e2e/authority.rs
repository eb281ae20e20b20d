//! A small OAuth server of another make than X, over TLS with a private certificate authority.

use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use sha2::{Digest as _, Sha256};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

/// The host of the authorize page and the token endpoint.
pub const AUTH: &str = "auth.example.test";
/// The host of the profile.
pub const API: &str = "api.example.test";

/// A certificate authority that only the test trusts.
pub struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
}

impl Authority {
    pub fn new() -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, "Private Test Authority");
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        Self { issuer }
    }

    /// The certificate to trust.
    pub fn pem(&self) -> Vec<u8> {
        self.issuer.pem().into_bytes()
    }

    /// TLS for `names`, valid from 1975 until the given year.
    pub fn acceptor(&self, names: &[&str], until_year: i32) -> TlsAcceptor {
        let names: Vec<_> = names.iter().map(|name| (*name).to_owned()).collect();
        let common_name = names[0].clone();
        let mut params = CertificateParams::new(names).unwrap();
        params.distinguished_name.push(DnType::CommonName, common_name);
        params.not_after = rcgen::date_time_ymd(until_year, 1, 1);
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        let provider = Arc::new(tokio_rustls::rustls::crypto::aws_lc_rs::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key)
            .unwrap();
        TlsAcceptor::from(Arc::new(config))
    }
}

/// What the server answers with, and what it was asked.
#[derive(Default)]
pub struct Server {
    /// The challenge of the login under way.
    pub challenge: Mutex<String>,
    /// The paths asked for.
    pub asked: Mutex<Vec<String>>,
}

impl Server {
    /// Answers over TLS on a port of its own; returns the port.
    pub async fn run(self: &Arc<Self>, tls: TlsAcceptor) -> u16 {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let server = Arc::clone(self);
        tokio::spawn(async move {
            loop {
                let (socket, _) = listener.accept().await.unwrap();
                let (server, tls) = (Arc::clone(&server), tls.clone());
                tokio::spawn(async move {
                    // A client that does not trust the certificate breaks off.
                    let Ok(mut stream) = tls.accept(socket).await else { return };
                    let request = read_request(&mut stream).await;
                    let answer = server.answer(&request);
                    stream.write_all(answer.as_bytes()).await.ok();
                    stream.shutdown().await.ok();
                });
            }
        });
        port
    }

    fn answer(&self, request: &str) -> String {
        let path = request.split(' ').nth(1).unwrap_or_default().to_owned();
        self.asked.lock().unwrap().push(path.clone());
        let (status, body) = match path.as_str() {
            "/token" if self.proves(request) => (
                200,
                r#"{"access_token":"AT-custom","token_type":"Bearer","refresh_token":"RT-custom"}"#,
            ),
            "/token" => (400, r#"{"error":"invalid_grant"}"#),
            "/userinfo" if request.to_lowercase().contains("bearer at-custom") => {
                (200, r#"{"sub":"u-7","preferred_username":"ada","name":"Ada Custom"}"#)
            }
            "/revoke" => (200, ""),
            _ => (404, ""),
        };
        format!(
            "HTTP/1.1 {status} X\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
            body.len()
        )
    }

    /// Whether the verifier in a token request fits the challenge (RFC 7636 §4.6).
    fn proves(&self, request: &str) -> bool {
        let verifier = request.split("code_verifier=").nth(1).unwrap_or_default();
        let verifier = verifier.split('&').next().unwrap_or_default();
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier));
        challenge == *self.challenge.lock().unwrap() && request.contains("client_id=custom-app")
    }
}

/// Reads head and body of one request.
async fn read_request(stream: &mut (impl tokio::io::AsyncRead + Unpin)) -> String {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let read = stream.read(&mut buffer).await.unwrap_or(0);
        bytes.extend_from_slice(&buffer[..read]);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            if read == 0 {
                return text;
            }
            continue;
        };
        let length = head.to_lowercase().split("content-length: ").nth(1).map_or(0, |rest| {
            rest.split("\r\n").next().and_then(|length| length.parse().ok()).unwrap_or(0)
        });
        if body.len() >= length || read == 0 {
            return text;
        }
    }
}
