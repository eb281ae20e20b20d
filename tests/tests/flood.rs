//! 500 idle sockets and 100,000 forged redirects, then the real one.
//!
//! A binary of its own, because the memory measured is that of the whole process.

use std::net::TcpListener;
use std::sync::Arc;
use std::time::{Duration, Instant};

use birdkey::effects::clock::SystemClock;
use birdkey::effects::loopback::{Loopback, Outcome, RedirectSource as _, Redirects, Verdict};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::watch;

const FORGED: usize = 100_000;
const FORGERS: usize = 32;
const IDLE: usize = 500;
const RIGHT: &str = "state=right&code=right";
/// More than all connections and buffers together may take.
const MAX_GROWTH_BYTES: usize = 32 * 1024 * 1024;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_real_redirect_gets_through_a_flood_within_a_second() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let source = Loopback::handed(Arc::new(SystemClock::new()), vec![listener]);
    let uri = format!("http://127.0.0.1:{port}/callback");
    let redirects = source.listen(&[uri]).await.unwrap();
    let login = tokio::spawn(unimpressed_login(redirects));
    let mut idle = Vec::new();
    for _ in 0..IDLE {
        idle.push(TcpStream::connect(("127.0.0.1", port)).await.unwrap());
    }
    let before = resident_bytes();
    let sent = Arc::new(watch::Sender::new(0));
    let forgers: Vec<_> =
        (0..FORGERS).map(|_| tokio::spawn(forge(port, Arc::clone(&sent)))).collect();
    // The flood goes on when the real one comes.
    sent.subscribe().wait_for(|sent| *sent >= FORGED).await.unwrap();

    let began = Instant::now();
    let browser = tokio::spawn(get(port, format!("/callback?{RIGHT}")));
    let redirects = login.await.unwrap();
    let finished = tokio::spawn(redirects.finish(Outcome::Done));
    let answer = browser.await.unwrap().unwrap();
    let took = began.elapsed();

    let grown = resident_bytes().saturating_sub(before);
    println!("the real redirect took {took:?}, memory grew by {} KiB", grown / 1024);
    assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
    assert!(took < Duration::from_secs(1), "{took:?}");
    assert!(grown < MAX_GROWTH_BYTES, "{grown} bytes");
    for forger in forgers {
        forger.abort();
    }
    finished.await.unwrap();
}

/// Remembers nothing, so that the memory measured is the listener's.
async fn unimpressed_login(mut redirects: Box<dyn Redirects>) -> Box<dyn Redirects> {
    loop {
        let arrival = redirects.next().await;
        let right = arrival.query.matches(RIGHT);
        let verdict = if right { Verdict::Accepted } else { Verdict::Stray };
        // A forger may be gone already.
        arrival.verdict.send(verdict).ok();
        if right {
            return redirects;
        }
    }
}

/// Goes on until the port is closed.
async fn forge(port: u16, sent: Arc<watch::Sender<usize>>) {
    loop {
        let answer = get(port, "/callback?state=forged&code=forged".to_owned()).await;
        if answer.is_none() {
            return;
        }
        sent.send_if_modified(|sent| {
            *sent += 1;
            *sent == FORGED
        });
    }
}

/// The answer to one request; `None` when nobody listens.
async fn get(port: u16, path: String) -> Option<String> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.ok()?;
    let request = format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n");
    // Dropped connections are part of a flood.
    stream.write_all(request.as_bytes()).await.ok();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.ok();
    Some(String::from_utf8_lossy(&answer).into_owned())
}

/// Memory of this process; 0 where the system does not say.
fn resident_bytes() -> usize {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    statm.split(' ').nth(1).and_then(|pages| pages.parse::<usize>().ok()).unwrap_or(0) * 4096
}
