//! A CONNECT proxy that knows the test's hosts and writes down where it was asked to go.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};

/// The proxy and what it saw.
pub struct Proxy {
    /// `http://127.0.0.1:PORT`.
    pub url: String,
    destinations: Arc<Mutex<BTreeSet<String>>>,
}

impl Proxy {
    /// Leads every destination to `port` of this machine.
    pub async fn to(port: u16) -> Self {
        Self::start(Some(port)).await
    }

    /// Answers 407 to everything.
    pub async fn closed() -> Self {
        Self::start(None).await
    }

    async fn start(port: Option<u16>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let destinations = Arc::new(Mutex::new(BTreeSet::new()));
        let seen = Arc::clone(&destinations);
        tokio::spawn(async move {
            loop {
                let (socket, _) = listener.accept().await.unwrap();
                tokio::spawn(serve(socket, port, Arc::clone(&seen)));
            }
        });
        Self { url, destinations }
    }

    /// Where it was asked to go, `host:port`.
    pub fn destinations(&self) -> Vec<String> {
        self.destinations.lock().unwrap().iter().cloned().collect()
    }
}

async fn serve(mut socket: TcpStream, port: Option<u16>, seen: Arc<Mutex<BTreeSet<String>>>) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let Ok(byte) = socket.read_u8().await else { return };
        head.push(byte);
    }
    let line = String::from_utf8_lossy(&head).lines().next().unwrap_or_default().to_owned();
    assert!(line.starts_with("CONNECT "), "only tunnels: {line}");
    seen.lock().unwrap().insert(line.split(' ').nth(1).unwrap_or_default().to_owned());
    let Some(port) = port else {
        let refusal = b"HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n";
        socket.write_all(refusal).await.ok();
        return;
    };
    let mut upstream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    socket.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").await.unwrap();
    // Either side may end first.
    copy_bidirectional(&mut socket, &mut upstream).await.ok();
}
