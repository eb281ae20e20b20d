//! The listener as a browser, a stranger and the login see it: real sockets, ports bound here.

mod idle;
mod outcome;
mod ports;
mod requests;

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};
use tokio::task::JoinHandle;

use super::bind::BACKLOG;
use super::{Explanation, Loopback, Outcome, RedirectSource as _, Redirects, Verdict};
use crate::effects::clock::{Clock, SystemClock, within};

/// Only reached when the listener is broken: the test then fails and does not hang.
const HANG: Duration = Duration::from_secs(30);

/// The query that the login of these tests waits for.
const RIGHT: &str = "state=s&code=right";

/// An open listener at `http://127.0.0.1:{port}/callback`.
async fn listening(clock: Arc<dyn Clock>) -> (Box<dyn Redirects>, u16) {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind((Ipv4Addr::LOCALHOST, 0).into()).unwrap();
    // As long a queue as the listener's own: with that of std, a burst waits for repeated SYNs.
    let listener = socket.listen(BACKLOG).unwrap().into_std().unwrap();
    let port = listener.local_addr().unwrap().port();
    let uri = format!("http://127.0.0.1:{port}/callback");
    let redirects = Loopback::handed(clock, vec![listener]).listen(&[uri]).await.unwrap();
    (redirects, port)
}

fn system_clock() -> Arc<dyn Clock> {
    Arc::new(SystemClock::new())
}

/// A login: answers strays until [`RIGHT`] comes; ends with the listener and all queries it was handed.
fn login(mut redirects: Box<dyn Redirects>) -> JoinHandle<(Box<dyn Redirects>, Vec<String>)> {
    tokio::spawn(async move {
        let mut seen = Vec::new();
        loop {
            let arrival = redirects.next().await;
            let query = arrival.query.expose().to_owned();
            seen.push(query.clone());
            if query == RIGHT {
                arrival.verdict.send(Verdict::Accepted).unwrap();
                return (redirects, seen);
            }
            let _ = arrival.verdict.send(Verdict::Stray);
        }
    })
}

fn get(port: u16, target: &str) -> String {
    format!("GET {target} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n")
}

fn right(port: u16) -> String {
    get(port, &format!("/callback?{RIGHT}"))
}

async fn connect(port: u16) -> TcpStream {
    TcpStream::connect(SocketAddr::from((Ipv4Addr::LOCALHOST, port))).await.unwrap()
}

async fn send(port: u16, request: impl AsRef<[u8]>) -> TcpStream {
    let mut stream = connect(port).await;
    stream.write_all(request.as_ref()).await.unwrap();
    stream
}

async fn reply(mut stream: TcpStream) -> Reply {
    let mut bytes = Vec::new();
    let read = within(&SystemClock::new(), HANG, stream.read_to_end(&mut bytes)).await;
    read.expect("a reply in time").unwrap();
    Reply(String::from_utf8(bytes).unwrap())
}

async fn ask(port: u16, request: impl AsRef<[u8]>) -> Reply {
    reply(send(port, request).await).await
}

struct Reply(String);

impl Reply {
    fn status(&self) -> u16 {
        self.0.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0)
    }

    fn has(&self, text: &str) -> bool {
        self.0.contains(text)
    }

    #[track_caller]
    fn assert_sends_to_done(&self) {
        assert_eq!(self.status(), 303, "{}", self.0);
        assert!(self.has("location: /done\r\n"), "{}", self.0);
    }
}

/// Waits for the end; whether it came without any reply.
async fn is_dropped(stream: &mut TcpStream) -> bool {
    !matches!(stream.read(&mut [0]).await, Ok(count) if count > 0)
}

async fn until_closed(port: u16) {
    while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await.is_ok() {
        tokio::task::yield_now().await;
    }
}

fn failed() -> Outcome {
    Outcome::Failed(Explanation {
        what: "X did not finish logging you in.".into(),
        why: "The code was older than 30 seconds.".into(),
        hint: "Select Log in to try again.".into(),
    })
}
