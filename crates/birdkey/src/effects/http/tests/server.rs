//! A server that says what a test tells it to, and remembers what it was asked.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use rustls::ServerConfig;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

/// Texts that arrived, in order.
pub(super) type Seen = Arc<Mutex<Vec<String>>>;

pub(super) struct Server {
    pub(super) address: SocketAddr,
    seen: Seen,
}

impl Server {
    /// Answers every request with `answer` and closes.
    pub(super) async fn answering(answer: impl Into<Vec<u8>>) -> Self {
        let answer = Arc::new(answer.into());
        Self::running(move |stream, seen| {
            let answer = Arc::clone(&answer);
            async move { converse(stream, &answer, &seen).await }
        })
        .await
    }

    /// The same behind TLS; a connection whose handshake fails is dropped.
    pub(super) async fn secured(answer: impl Into<Vec<u8>>, tls: Arc<ServerConfig>) -> Self {
        let answer = Arc::new(answer.into());
        let acceptor = TlsAcceptor::from(tls);
        Self::running(move |stream, seen| {
            let (answer, acceptor) = (Arc::clone(&answer), acceptor.clone());
            async move {
                if let Ok(stream) = acceptor.accept(stream).await {
                    converse(stream, &answer, &seen).await;
                }
            }
        })
        .await
    }

    /// Hands each connection to `talk`.
    pub(super) async fn running<T, F>(talk: T) -> Self
    where
        T: Fn(TcpStream, Seen) -> F + Send + 'static,
        F: Future<Output = ()> + Send + 'static,
    {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let seen = Seen::default();
        let remembering = Arc::clone(&seen);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(talk(stream, Arc::clone(&remembering)));
            }
        });
        Self { address, seen }
    }

    pub(super) fn url(&self) -> String {
        format!("http://{}/token", self.address)
    }

    /// What arrived so far.
    pub(super) fn seen(&self) -> Vec<String> {
        self.seen.lock().unwrap().clone()
    }
}

/// An answer with a body, after which the connection closes.
pub(super) fn answer(status: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let head = format!(
        "HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {length}\r\n{headers}\r\n"
    );
    [head.as_bytes(), body].concat()
}

/// Reads a head, byte by byte, so that nothing behind it is taken.
pub(super) async fn read_head(stream: &mut (impl AsyncRead + Unpin)) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let Ok(byte) = stream.read_u8().await else { break };
        head.push(byte);
    }
    String::from_utf8(head).unwrap()
}

/// Reads a request with its body.
pub(super) async fn read_request(stream: &mut (impl AsyncRead + Unpin)) -> String {
    let head = read_head(stream).await;
    let length = head
        .lines()
        .find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    stream.read_exact(&mut body).await.unwrap();
    head + std::str::from_utf8(&body).unwrap()
}

async fn converse(mut stream: impl AsyncRead + AsyncWrite + Unpin, answer: &[u8], seen: &Seen) {
    let request = read_request(&mut stream).await;
    seen.lock().unwrap().push(request);
    // A client that has read enough may be gone by now.
    let _ = stream.write_all(answer).await;
    let _ = stream.shutdown().await;
}
