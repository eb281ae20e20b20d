//! The end of a login: repeats, the outcome page, the port closing.

use std::sync::Arc;
use std::time::Duration;

use super::{
    ask, connect, failed, get, is_dropped, listening, login, reply, right, send, system_clock,
    until_closed,
};
use crate::effects::loopback::{Outcome, Verdict};
use crate::effects::manual_clock::ManualClock;

#[tokio::test]
async fn the_browser_is_sent_to_a_page_that_tells_the_outcome() {
    let Outcome::Failed(problem) = failed() else { unreachable!() };
    let cases = [
        (Outcome::Done, "You are logged in."),
        (Outcome::Denied(problem.clone()), "X did not finish logging you in."),
        (Outcome::Failed(problem), "The code was older than 30 seconds."),
    ];
    for (outcome, text) in cases {
        let (redirects, port) = listening(system_clock()).await;
        let browser = send(port, right(port)).await;
        let (redirects, _) = login(redirects).await.unwrap();
        let finished = tokio::spawn(redirects.finish(outcome));

        let sent_on = reply(browser).await;
        sent_on.assert_sends_to_done();
        assert!(!sent_on.has("code="));
        let page = ask(port, get(port, "/done")).await;

        assert_eq!(page.status(), 200);
        assert!(page.has(text), "{text} is missing in {}", page.0);
        finished.await.unwrap();
        until_closed(port).await;
    }
}

#[tokio::test]
async fn a_repeat_gets_the_same_outcome_and_is_not_handed_over_again() {
    let (redirects, port) = listening(system_clock()).await;
    let first = send(port, right(port)).await;
    let (mut redirects, _) = login(redirects).await.unwrap();

    // While the exchange is running: the same one, and another one that is not it.
    let repeat = send(port, right(port)).await;
    let other = ask(port, get(port, "/callback?state=s&code=righu")).await;
    assert_eq!(other.status(), 404);
    let nobody = tokio::select! {
        biased;
        _ = redirects.next() => false,
        stray = ask(port, get(port, "/callback")) => stray.status() == 404,
    };
    assert!(nobody, "the login is not bothered again");

    let finished = tokio::spawn(redirects.finish(failed()));
    for browser in [first, repeat] {
        reply(browser).await.assert_sends_to_done();
        assert!(ask(port, get(port, "/done")).await.has("X did not finish logging you in."));
    }
    finished.await.unwrap();
}

#[tokio::test]
async fn a_repeat_that_came_before_the_verdict_gets_the_same_outcome() {
    let (mut redirects, port) = listening(system_clock()).await;
    let first = send(port, right(port)).await;
    let arrival = redirects.next().await;
    let repeat = send(port, right(port)).await;
    let queued = redirects.next().await;

    queued.verdict.send(Verdict::Accepted).unwrap();
    let finished = tokio::spawn(redirects.finish(Outcome::Done));
    for browser in [first, repeat] {
        reply(browser).await.assert_sends_to_done();
        ask(port, get(port, "/done")).await;
    }
    finished.await.unwrap();
    drop(arrival);
}

#[tokio::test]
async fn a_repeat_still_in_the_queue_at_the_end_gets_the_same_outcome() {
    let clock = ManualClock::at(0);
    let (mut redirects, port) = listening(Arc::new(clock.clone())).await;
    let first = send(port, right(port)).await;
    let arrival = redirects.next().await;
    let repeat = send(port, right(port)).await;
    clock.sleepers(2).await;

    arrival.verdict.send(Verdict::Accepted).unwrap();
    let finished = tokio::spawn(redirects.finish(Outcome::Done));
    for browser in [first, repeat] {
        reply(browser).await.assert_sends_to_done();
        ask(port, get(port, "/done")).await;
    }
    finished.await.unwrap();
}

#[tokio::test]
async fn with_nobody_waiting_the_port_closes_at_once() {
    let clock = ManualClock::at(0);
    let (redirects, port) = listening(Arc::new(clock)).await;
    let mut idle = connect(port).await;

    redirects.finish(failed()).await;

    until_closed(port).await;
    assert!(is_dropped(&mut idle).await);
}

#[tokio::test]
async fn a_browser_that_never_fetches_the_page_holds_the_port_for_two_seconds() {
    let clock = ManualClock::at(0);
    let (redirects, port) = listening(Arc::new(clock.clone())).await;
    let browser = send(port, right(port)).await;
    let (redirects, _) = login(redirects).await.unwrap();
    let finished = tokio::spawn(redirects.finish(Outcome::Done));
    reply(browser).await.assert_sends_to_done();

    clock.until_sleeping(Duration::from_secs(2)).await;
    clock.advance(Duration::from_millis(1_999));
    assert_eq!(ask(port, get(port, "/favicon.ico")).await.status(), 404, "still open");
    clock.advance(Duration::from_millis(1));

    finished.await.unwrap();
    until_closed(port).await;
}

#[tokio::test]
async fn dropping_the_listener_closes_port_and_connections() {
    let (mut redirects, port) = listening(system_clock()).await;
    let idle = connect(port).await;
    let undecided = send(port, right(port)).await;
    let arrival = redirects.next().await;

    drop(redirects);

    for mut stream in [idle, undecided] {
        assert!(is_dropped(&mut stream).await);
    }
    until_closed(port).await;
    drop(arrival);
}
