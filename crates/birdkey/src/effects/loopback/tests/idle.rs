//! Connections that send nothing, or not enough.

use std::sync::Arc;
use std::time::Duration;

use tokio::io::AsyncWriteExt as _;

use super::{
    RIGHT, ask, connect, get, is_dropped, listening, login, reply, right, send, system_clock,
};
use crate::effects::loopback::connection::HEAD_DEADLINE;
use crate::effects::loopback::connections::SEATS;
use crate::effects::loopback::{Outcome, Verdict};
use crate::effects::manual_clock::ManualClock;

#[tokio::test]
async fn a_head_that_takes_five_seconds_is_dropped() {
    let clock = ManualClock::at(0);
    let (_redirects, port) = listening(Arc::new(clock.clone())).await;
    let mut slow = send(port, format!("GET /callback?{RIGHT} HTTP/1.1\r\n")).await;
    clock.until_sleeping(HEAD_DEADLINE).await;

    clock.advance(Duration::from_millis(4_999));
    slow.write_all(b"Host: 127").await.unwrap();
    assert_eq!(clock.sleeping(), 1, "still waiting for the rest");
    clock.advance(Duration::from_millis(1));

    assert!(is_dropped(&mut slow).await);
}

#[tokio::test]
async fn a_complete_request_may_wait_as_long_as_the_login_needs() {
    let clock = ManualClock::at(0);
    let (mut redirects, port) = listening(Arc::new(clock.clone())).await;
    let browser = send(port, right(port)).await;
    let arrival = redirects.next().await;

    clock.advance(Duration::from_mins(1));
    arrival.verdict.send(Verdict::Accepted).unwrap();
    let finished = tokio::spawn(redirects.finish(Outcome::Done));

    reply(browser).await.assert_sends_to_done();
    ask(port, get(port, "/done")).await;
    finished.await.unwrap();
}

#[tokio::test]
async fn when_full_the_oldest_without_a_complete_request_makes_room() {
    let clock = ManualClock::at(0);
    let (mut redirects, port) = listening(Arc::new(clock.clone())).await;
    let browser = send(port, right(port)).await;
    let arrival = redirects.next().await;
    let mut idle = Vec::new();
    for _ in 1..SEATS {
        idle.push(connect(port).await);
    }
    clock.sleepers(SEATS).await;

    let stray = ask(port, get(port, "/favicon.ico")).await;

    assert_eq!(stray.status(), 404, "the newcomer got in");
    assert!(is_dropped(&mut idle[0]).await, "the oldest idle one made room");
    // The stray's seat is free again by its end of file: exactly the second oldest was spared.
    idle[1].write_all(get(port, "/favicon.ico").as_bytes()).await.unwrap();
    assert_eq!(reply(idle.swap_remove(1)).await.status(), 404);

    arrival.verdict.send(Verdict::Accepted).unwrap();
    let finished = tokio::spawn(redirects.finish(Outcome::Done));
    reply(browser).await.assert_sends_to_done();
    ask(port, get(port, "/done")).await;
    finished.await.unwrap();
}

#[tokio::test]
async fn requests_beyond_the_seats_wait_until_the_login_has_time() {
    let (mut redirects, port) = listening(system_clock()).await;
    let mut browsers = Vec::new();
    for number in 0..SEATS + 10 {
        browsers.push(send(port, get(port, &format!("/callback?forged={number}"))).await);
    }
    for _ in 0..browsers.len() {
        drop(redirects.next().await);
    }
    for browser in browsers {
        assert_eq!(reply(browser).await.status(), 404, "nobody was dropped");
    }
}

#[tokio::test]
async fn a_tab_closed_right_after_the_redirect_is_handed_over_all_the_same() {
    let (redirects, port) = listening(system_clock()).await;
    // More than the login's queue holds, all gone before it looks.
    for number in 0..40 {
        drop(send(port, get(port, &format!("/callback?forged={number}"))).await);
    }
    drop(send(port, right(port)).await);

    let (redirects, seen) = login(redirects).await.unwrap();
    assert_eq!(seen.len(), 41);
    redirects.finish(Outcome::Done).await;
}
