//! Proxies that lead every host to one server on loopback.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, copy_bidirectional};
use tokio::net::TcpStream;

use super::server::{Server, read_head};

/// Tunnels every CONNECT to `target`.
pub(super) async fn connect_proxy(target: SocketAddr) -> Server {
    Server::running(move |mut stream, seen| async move {
        let head = read_head(&mut stream).await;
        seen.lock().unwrap().push(head);
        stream.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").await.unwrap();
        join(stream, target).await;
    })
    .await
}

/// Answers every CONNECT with `answer`.
pub(super) async fn refusing_proxy(answer: &'static [u8]) -> Server {
    Server::running(move |mut stream, seen| async move {
        let head = read_head(&mut stream).await;
        seen.lock().unwrap().push(head);
        stream.write_all(answer).await.unwrap();
        stream.shutdown().await.unwrap();
    })
    .await
}

/// SOCKS 5 without authentication; remembers the host names asked for (RFC 1928 §3–6).
pub(super) async fn socks_proxy(target: SocketAddr) -> Server {
    Server::running(move |mut stream, seen| async move {
        let mut greeting = [0; 2];
        stream.read_exact(&mut greeting).await.unwrap();
        let mut methods = vec![0; usize::from(greeting[1])];
        stream.read_exact(&mut methods).await.unwrap();
        stream.write_all(&[5, 0]).await.unwrap();

        let mut request = [0; 5];
        stream.read_exact(&mut request).await.unwrap();
        assert_eq!(request[..4], [5, 1, 0, 3], "CONNECT to a host by its name");
        let mut host = vec![0; usize::from(request[4])];
        stream.read_exact(&mut host).await.unwrap();
        let port = stream.read_u16().await.unwrap();
        let host = String::from_utf8(host).unwrap();
        seen.lock().unwrap().push(format!("{host}:{port}"));
        stream.write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0]).await.unwrap();
        join(stream, target).await;
    })
    .await
}

async fn join(mut stream: TcpStream, target: SocketAddr) {
    let mut upstream = TcpStream::connect(target).await.unwrap();
    // Either side may close in the middle: that is what some tests are about.
    let _ = copy_bidirectional(&mut stream, &mut upstream).await;
}
