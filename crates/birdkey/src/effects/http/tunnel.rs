//! A tunnel through an HTTP proxy (RFC 9110 §9.3.6 <https://www.rfc-editor.org/rfc/rfc9110#section-9.3.6>).
//!
//! The library's own tunnel tells 200 and 407 apart and nothing else; a person has to know the status.

use std::io;

use http::{HeaderValue, Uri};
use hyper::rt::{Read, Write};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::causes::ProxyFault;
use super::client::USER_AGENT;

/// The longest head of an answer that is read, in bytes.
const MAX_HEAD_BYTES: usize = 8192;
/// The most headers that are read.
const MAX_HEADERS: usize = 100;

/// Asks the proxy at the other end of `stream` for a tunnel to `destination`.
pub(super) async fn open<S: Read + Write + Unpin>(
    stream: S,
    destination: &Uri,
    authorization: Option<&HeaderValue>,
) -> Result<S, ProxyFault> {
    let mut stream = TokioIo::new(stream);
    let request = connect_request(destination, authorization);
    stream.write_all(&request).await.map_err(|error| fault_of(&error))?;
    match read_status(&mut stream).await? {
        200..=299 => Ok(stream.into_inner()),
        status => Err(ProxyFault::Status(status)),
    }
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

/// Nothing stands behind the head of an answer that opens a tunnel: in TLS the client begins.
async fn read_status(stream: &mut (impl tokio::io::AsyncRead + Unpin)) -> Result<u16, ProxyFault> {
    let mut head = [0; MAX_HEAD_BYTES];
    let mut length = 0;
    loop {
        let read = stream.read(&mut head[length..]).await.map_err(|error| fault_of(&error))?;
        if read == 0 {
            // A full head without an end, or an end without a head.
            let full = length == head.len();
            return Err(if full { ProxyFault::NotAProxy } else { ProxyFault::HungUp });
        }
        length += read;
        let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
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
    match error.kind() {
        io::ErrorKind::UnexpectedEof
        | io::ErrorKind::ConnectionReset
        | io::ErrorKind::ConnectionAborted
        | io::ErrorKind::BrokenPipe => ProxyFault::HungUp,
        _ => ProxyFault::Unreached,
    }
}
