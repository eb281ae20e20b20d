//! 500 idle sockets and 100,000 forged redirects, then the real one (10,000 in unoptimized builds).

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::net::TcpStream;
use tokio::sync::watch;

use super::{RIGHT, ask, connect, get, listening, reply, right, send, system_clock};
use crate::effects::loopback::{Outcome, Redirects, Verdict};

/// An unoptimized build takes half a millisecond for each.
const FORGED: usize = if cfg!(debug_assertions) { 10_000 } else { 100_000 };
const FORGERS: usize = 100;
const IDLE: usize = 500;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_real_redirect_gets_through_a_flood_within_a_second() {
    let (redirects, port) = listening(system_clock()).await;
    let login = tokio::spawn(unimpressed_login(redirects));
    let mut idle: Vec<TcpStream> = Vec::new();
    for _ in 0..IDLE {
        idle.push(connect(port).await);
    }
    let before = resident_bytes();
    let sent = Arc::new(watch::Sender::new(0));
    let forgers: Vec<_> =
        (0..FORGERS).map(|_| tokio::spawn(forge(port, Arc::clone(&sent)))).collect();
    // The flood goes on when the real one comes.
    sent.subscribe().wait_for(|sent| *sent >= FORGED).await.unwrap();
    for _ in 0..IDLE {
        idle.push(connect(port).await);
    }

    let started = Instant::now();
    let browser = send(port, right(port)).await;
    let redirects = login.await.unwrap();
    let finished = tokio::spawn(redirects.finish(Outcome::Done));
    reply(browser).await.assert_sends_to_done();
    let took = started.elapsed();
    let done = ask(port, get(port, "/done")).await;
    let grown = resident_bytes().saturating_sub(before);

    println!("real redirect after {took:?}, memory grew by {} KiB", grown / 1024);
    assert!(done.has("You are logged in."));
    assert!(took < Duration::from_secs(1), "{took:?}");
    assert!(grown < 32 * 1024 * 1024, "{grown} bytes");
    finished.await.unwrap();
    for forger in forgers {
        forger.abort();
    }
}

/// Remembers nothing, so that the memory measured is the listener's.
async fn unimpressed_login(mut redirects: Box<dyn Redirects>) -> Box<dyn Redirects> {
    loop {
        let arrival = redirects.next().await;
        if arrival.query.matches(RIGHT) {
            arrival.verdict.send(Verdict::Accepted).unwrap();
            return redirects;
        }
        let _ = arrival.verdict.send(Verdict::Stray);
    }
}

/// Goes on until the login ends and the port is closed.
async fn forge(port: u16, sent: Arc<watch::Sender<usize>>) {
    loop {
        let mut number = 0;
        sent.send_if_modified(|sent| {
            *sent += 1;
            number = *sent;
            number == FORGED
        });
        let Ok(mut stream) = TcpStream::connect(("127.0.0.1", port)).await else {
            return;
        };
        let request = get(port, &format!("/callback?state=forged&code={number}"));
        let _ = tokio::io::AsyncWriteExt::write_all(&mut stream, request.as_bytes()).await;
        let _ = tokio::io::AsyncReadExt::read_to_end(&mut stream, &mut Vec::new()).await;
    }
}

/// Memory of this process; 0 where the system does not say.
fn resident_bytes() -> usize {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    statm.split(' ').nth(1).and_then(|pages| pages.parse::<usize>().ok()).unwrap_or(0) * 4096
}
