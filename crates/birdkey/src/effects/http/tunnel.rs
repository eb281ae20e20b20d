//! Why an HTTP proxy opens no tunnel (RFC 9110 §9.3.6 <https://www.rfc-editor.org/rfc/rfc9110#section-9.3.6>).
//!
//! reqwest tells 200 and 407 apart and nothing else, but a person has to know the status. So a proxy
//! that refused is asked once more, for its answer alone.

use std::io;
use std::sync::Arc;

use http::{HeaderValue, Uri};
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
#[expect(
    clippy::disallowed_types,
    reason = "one connection, to the proxy, to read its answer"
)]
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use super::causes::ProxyFault;
use super::client::USER_AGENT;
use super::proxies::{Kind, Proxy};

/// The longest head of an answer that is read, in bytes.
const MAX_HEAD_BYTES: usize = 8192;
/// The most headers that are read.
const MAX_HEADERS: usize = 100;

/// What a proxy that refused a tunnel to `destination` answers; `None` when it opens one now.
#[expect(clippy::disallowed_types, reason = "one connection, to the proxy, to read its answer")]
pub(super) async fn refusal(
    proxy: &Proxy,
    destination: &Uri,
    tls: ClientConfig,
) -> Option<ProxyFault> {
    let host = proxy.address.host().unwrap_or_default();
    let name = host.trim_start_matches('[').trim_end_matches(']');
    let port = proxy.address.port_u16().unwrap_or_default();
    let answered = async {
        let stream = TcpStream::connect((name, port)).await.map_err(|error| fault_of(&error))?;
        let request = connect_request(destination, proxy.basic.as_ref());
        if proxy.kind != Kind::Https {
            return asked(stream, &request).await;
        }
        let server = ServerName::try_from(name.to_owned()).map_err(|_| ProxyFault::Unusable)?;
        let secured = TlsConnector::from(Arc::new(tls)).connect(server, stream).await;
        asked(secured.map_err(|error| fault_of(&error))?, &request).await
    };
    match answered.await {
        Ok(200) => None,
        Ok(status) => Some(ProxyFault::Status(status)),
        Err(fault) => Some(fault),
    }
}

/// The status that a proxy answers with.
async fn asked(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    request: &[u8],
) -> Result<u16, ProxyFault> {
    stream.write_all(request).await.map_err(|error| fault_of(&error))?;
    read_status(&mut stream).await
}

fn connect_request(destination: &Uri, authorization: Option<&HeaderValue>) -> Vec<u8> {
    let host = destination.host().unwrap_or_default();
    let port = destination.port_u16().unwrap_or(443);
    let head = format!(
        "CONNECT {host}:{port} HTTP/1.1\r\nHost: {host}:{port}\r\nUser-Agent: {USER_AGENT}\r\n"
    );
    let mut request = head.into_bytes();
    if let Some(authorization) = authorization {
        request.extend_from_slice(b"Proxy-Authorization: ");
        request.extend_from_slice(authorization.as_bytes());
        request.extend_from_slice(b"\r\n");
    }
    request.extend_from_slice(b"\r\n");
    request
}

async fn read_status(stream: &mut (impl AsyncRead + Unpin)) -> Result<u16, ProxyFault> {
    let mut head = vec![0; MAX_HEAD_BYTES];
    let mut length = 0;
    loop {
        let read = stream.read(&mut head[length..]).await.map_err(|error| fault_of(&error))?;
        if read == 0 {
            // A full head without an end, or an end without a head.
            let full = length == head.len();
            return Err(if full { ProxyFault::NotAProxy } else { ProxyFault::HungUp });
        }
        length += read;
        let mut headers = vec![httparse::EMPTY_HEADER; MAX_HEADERS];
        let mut answer = httparse::Response::new(&mut headers);
        match answer.parse(&head[..length]) {
            Ok(httparse::Status::Complete(_)) => return answer.code.ok_or(ProxyFault::NotAProxy),
            Ok(httparse::Status::Partial) => {}
            Err(_) => return Err(ProxyFault::NotAProxy),
        }
    }
}

/// What a failed exchange with a proxy means.
pub(super) fn fault_of(error: &io::Error) -> ProxyFault {
    let hung_up = [
        io::ErrorKind::UnexpectedEof,
        io::ErrorKind::ConnectionReset,
        io::ErrorKind::ConnectionAborted,
        io::ErrorKind::BrokenPipe,
    ];
    if hung_up.contains(&error.kind()) { ProxyFault::HungUp } else { ProxyFault::Unreached }
}
