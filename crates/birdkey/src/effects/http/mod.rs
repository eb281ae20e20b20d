//! HTTP: sends the protocol's requests and brings back the answers.
//!
//! No redirects are followed, no cookies kept, nothing is retried. Loopback never goes through a
//! proxy; everything else honors the system's proxy (`HTTPS_PROXY`, `NO_PROXY`, OS settings, SOCKS)
//! and its certificates (`SSL_CERT_FILE` and `SSL_CERT_DIR` too).

mod client;
mod stream;

mod causes;
mod certificates;
mod connect;
pub(crate) mod dates;
mod distrust;
mod errors;
mod network;
mod proxies;
#[cfg(test)]
mod tests;
mod trust;
mod tunnel;
mod upload;

pub use causes::{NoConnection, ProxyFault, ProxyName, ProxyOrigin, UnusableProxy};
pub use client::{ProxySource, ReqwestHttp, Settings};
pub use distrust::{CertificateFault, Untrusted};
pub use stream::{Pieces, Streamed};
pub use trust::{NamedCertificates, NamedFault, NamedFaultKind};

use super::BoxFuture;
use crate::protocol::api::Call;
use crate::protocol::message::{Answer, Request};
use crate::protocol::secret::Secret;

/// Sends one request and reads one answer, whatever its status. Follows no redirects.
pub trait Http: Send + Sync {
    /// Sends `request` once; never retries.
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Answer, HttpError>>;

    /// Sends a request of a user once, with the token; its answer comes piece by piece.
    fn call(&self, call: Call, token: Secret) -> BoxFuture<'_, Result<Streamed, HttpError>>;

    /// Whether this machine has a way to any other; asks nobody.
    fn has_network(&self) -> bool;
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum HttpError {
    /// The host's name could not be resolved.
    #[error("{host} could not be found")]
    Dns {
        /// The host asked for.
        host: String,
        /// The variable that should have named a proxy.
        unusable: Option<Box<UnusableProxy>>,
    },
    /// No connection, to the server or to the proxy in between.
    #[error("no connection to {host}: {cause:?}")]
    Connect {
        /// The host asked for.
        host: String,
        /// The proxy in between.
        proxy: Option<ProxyName>,
        /// Why not.
        cause: NoConnection,
        /// The variable that should have named a proxy.
        unusable: Option<Box<UnusableProxy>>,
    },
    /// The proxy wants a user name and password (407).
    #[error("the proxy {} wants a user name and password", proxy.address)]
    ProxyAuthentication {
        /// The proxy.
        proxy: ProxyName,
    },
    /// The TLS handshake failed.
    #[error("no secure connection to {host}")]
    Tls {
        /// The host asked for.
        host: String,
        /// The proxy in between.
        proxy: Option<ProxyName>,
        /// What was seen, and what is wrong with it.
        untrusted: Box<Untrusted>,
    },
    /// No complete answer within 30 s, or no sign of one for as long; the request may have been processed.
    #[error("{host} did not answer within 30 seconds")]
    TimedOut {
        /// The host asked.
        host: String,
    },
    /// The connection broke after the request was sent; it may have been processed.
    #[error("the connection to {host} broke off")]
    BrokeOff {
        /// The host asked.
        host: String,
    },
    /// The answer is larger than 1 MiB.
    #[error("the answer of {host} is larger than 1 MiB")]
    TooLarge {
        /// The host asked.
        host: String,
    },
    /// The answer is not text.
    #[error("the answer of {host} is not text")]
    NotText {
        /// The host asked.
        host: String,
    },
    /// The address is neither `https` nor `http` on a loopback address.
    #[error("{host} is not asked without a secure connection")]
    NotProtected {
        /// The host meant.
        host: String,
    },
    /// There is no certificate to trust.
    #[error("no usable certificates to trust")]
    NoCertificates {
        /// What is wrong with those that the environment names.
        fault: Option<NamedFault>,
    },
}

impl HttpError {
    /// Whether the request certainly never reached the server.
    pub fn was_not_sent(&self) -> bool {
        match self {
            Self::Dns { .. }
            | Self::Connect { .. }
            | Self::ProxyAuthentication { .. }
            | Self::Tls { .. }
            | Self::NotProtected { .. }
            | Self::NoCertificates { .. } => true,
            Self::TimedOut { .. }
            | Self::BrokeOff { .. }
            | Self::TooLarge { .. }
            | Self::NotText { .. } => false,
        }
    }
}
