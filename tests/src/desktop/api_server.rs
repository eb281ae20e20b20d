//! An API on loopback that keeps what it was sent, and answers large or half when told to.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// The size of the large answer, in bytes.
pub const LARGE_BYTES: usize = 10 * 1024 * 1024;

/// JSON that would write to a terminal, in an order and with a number that a reader would change.
pub const HOSTILE: &str = "{\"z\":1.10,\"a\":\"\u{9b}2J\u{7f}\u{202e}\u{61c}\u{e0041}\",\"b\":[ ]}";

/// A request as it came.
#[derive(Debug, Clone, Default)]
pub struct Seen {
    /// Method and target.
    pub line: String,
    /// Names in small letters, and values.
    pub headers: Vec<(String, String)>,
    /// The whole body.
    pub body: Vec<u8>,
}

impl Seen {
    /// The value of a header.
    pub fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(found, _)| found == name);
        found.map_or("", |(_, value)| value.as_str())
    }
}

/// Until the test's runtime ends.
pub struct ApiServer {
    /// Where it listens.
    pub address: String,
    seen: Arc<Mutex<Vec<Seen>>>,
    second_half: watch::Sender<bool>,
}

impl ApiServer {
    /// `/large` answers with 10 MiB, the second half only after [`ApiServer::go_on`]; `/hostile` with
    /// [`HOSTILE`], `/hostile-broken` with that but its first character, and `/hostile-text` with the same
    /// as plain text.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let (seen, second_half) = (Arc::new(Mutex::new(Vec::new())), watch::Sender::new(false));
        let (kept, told) = (Arc::clone(&seen), second_half.clone());
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(answer(stream, Arc::clone(&kept), told.subscribe()));
            }
        });
        Self { address, seen, second_half }
    }

    /// Lets large answers come to their end.
    pub fn go_on(&self) {
        self.second_half.send_replace(true);
    }

    /// The requests so far.
    pub fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }
}

/// One request for each connection; a caller that goes away ends it.
async fn answer(
    stream: TcpStream,
    seen: Arc<Mutex<Vec<Seen>>>,
    mut told: watch::Receiver<bool>,
) -> Option<()> {
    let mut stream = BufReader::new(stream);
    let request = read(&mut stream).await?;
    let request_line = request.line.clone();
    let large = request_line.contains("/large");
    seen.lock().unwrap().push(request);
    let is_for = |path: &str| request_line.contains(&format!(" {path} "));
    let body = if large {
        vec![b'x'; LARGE_BYTES]
    } else if is_for("/2/hostile") {
        HOSTILE.as_bytes().to_vec()
    } else if is_for("/2/hostile-broken") || is_for("/2/hostile-text") {
        HOSTILE.as_bytes()[1..].to_vec()
    } else {
        b"{\"data\":{}}".to_vec()
    };
    let kind = if is_for("/2/hostile-text") { "text/plain" } else { "application/json" };
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: {kind}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).await.ok()?;
    let half = if large { body.len() / 2 } else { body.len() };
    stream.write_all(&body[..half]).await.ok()?;
    if large {
        told.wait_for(|told| *told).await.ok()?;
    }
    stream.write_all(&body[half..]).await.ok()?;
    stream.flush().await.ok()
}

async fn read(stream: &mut BufReader<TcpStream>) -> Option<Seen> {
    let mut request = Seen::default();
    let mut line = String::new();
    stream.read_line(&mut line).await.ok()?;
    line.trim_end().clone_into(&mut request.line);
    loop {
        line.clear();
        stream.read_line(&mut line).await.ok()?;
        let Some((name, value)) = line.trim_end().split_once(": ") else { break };
        request.headers.push((name.to_ascii_lowercase(), value.to_owned()));
    }
    let length = request.header("content-length").parse().unwrap_or(0);
    request.body = vec![0; length];
    stream.read_exact(&mut request.body).await.ok()?;
    Some(request)
}
