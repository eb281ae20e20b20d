//! Time and size, both limited.

use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::sync::{Mutex, mpsc};

use super::server::{Server, answer, read_head, read_request};
use super::{HttpError, ReqwestHttp, Settings, ask, direct};
use crate::effects::clock::Clock as _;
use crate::effects::http::{Http as _, NoConnection, ProxySource};
use crate::effects::manual_clock::ManualClock;
use crate::protocol::api::Call;
use crate::protocol::secret::Secret;

const MIB: usize = 1024 * 1024;
const SECOND: Duration = Duration::from_secs(1);

fn on(clock: &ManualClock) -> ReqwestHttp {
    let settings = Settings { proxy: ProxySource::None, ..Settings::default() };
    ReqwestHttp::with(Arc::new(clock.clone()), settings)
}

#[tokio::test]
async fn a_body_of_one_mebibyte_is_read_whole() {
    let server = Server::answering(answer("200 OK", "", &vec![b'a'; MIB])).await;

    assert_eq!(ask(&direct(), &server.url()).await.unwrap().body.len(), MIB);
}

#[tokio::test]
async fn one_byte_more_is_too_much() {
    let server = Server::answering(answer("200 OK", "", &vec![b'a'; MIB + 1])).await;

    let error = ask(&direct(), &server.url()).await.unwrap_err();

    assert!(matches!(error, HttpError::TooLarge { .. }), "{error:?}");
}

#[tokio::test]
async fn a_body_without_end_is_given_up() {
    let server = Server::running(|mut stream, seen| async move {
        read_request(&mut stream).await;
        let head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
        stream.write_all(head).await.unwrap();
        let chunk = [b"10000\r\n".to_vec(), vec![b'a'; 0x10000], b"\r\n".to_vec()].concat();
        while stream.write_all(&chunk).await.is_ok() {}
        seen.lock().unwrap().push("the client hung up".into());
    })
    .await;
    let client = direct();

    let error = ask(&client, &server.url()).await.unwrap_err();

    assert!(matches!(error, HttpError::TooLarge { .. }), "{error:?}");
    while server.seen().is_empty() {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_length_that_lies_is_not_believed() {
    let long =
        "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 18446744073709551615\r\n\r\n";
    let table = [("2", "{}{}", Some("{}")), ("9", "{}", None)];
    for (length, body, expected) in table {
        let head = format!("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {length}");
        let server = Server::answering(format!("{head}\r\n\r\n{body}")).await;

        let answered = ask(&direct(), &server.url()).await.ok();

        assert_eq!(answered.as_ref().map(|answer| answer.body.expose()), expected, "{length}");
    }
    let server = Server::answering(long).await;
    assert!(ask(&direct(), &server.url()).await.is_err());
}

#[tokio::test]
async fn an_answer_that_only_drips_ends_after_30_seconds() {
    let (drip, drops) = mpsc::unbounded_channel::<()>();
    let drops = Arc::new(Mutex::new(drops));
    let server = Server::running(move |mut stream, seen| {
        let drops = Arc::clone(&drops);
        async move {
            read_request(&mut stream).await;
            stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n").await.unwrap();
            while drops.lock().await.recv().await.is_some() {
                let _ = stream.write_all(b"a").await;
                seen.lock().unwrap().push("a".into());
            }
        }
    })
    .await;
    let clock = ManualClock::at(0);
    let (client, url) = (on(&clock), server.url());
    let asking = tokio::spawn(async move { ask(&client, &url).await.map(drop) });

    for second in 1..=30 {
        drip.send(()).unwrap();
        while server.seen().len() < second {
            tokio::task::yield_now().await;
        }
        assert!(!asking.is_finished(), "after {} s", second - 1);
        clock.advance(SECOND);
    }

    let error = asking.await.unwrap().unwrap_err();
    assert!(matches!(error, HttpError::TimedOut { .. }), "{error:?}");
    assert!(!error.was_not_sent());
}

#[tokio::test]
async fn a_handshake_that_hangs_ends_after_10_seconds() {
    let server = Server::running(|stream, _| async move {
        let _held = stream;
        std::future::pending::<()>().await;
    })
    .await;
    let clock = ManualClock::at(0);
    let (client, url) = (on(&clock), format!("https://{}/", server.address));
    let asking = tokio::spawn(async move { ask(&client, &url).await.map(drop) });

    clock.until_sleeping(Duration::from_secs(10)).await;
    clock.advance(Duration::from_millis(9_999));
    tokio::task::yield_now().await;
    assert!(!asking.is_finished());
    clock.advance(Duration::from_millis(1));

    let error = asking.await.unwrap().unwrap_err();
    assert!(matches!(error, HttpError::Connect { cause: NoConnection::Slow, .. }), "{error:?}");
    assert!(error.was_not_sent());
}

#[tokio::test]
async fn a_closed_port_is_told_as_refused() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);

    let error = ask(&direct(), &format!("http://{address}/")).await.unwrap_err();

    assert!(
        matches!(&error, HttpError::Connect { host, proxy: None, cause: NoConnection::Refused, .. }
            if host == "127.0.0.1"),
        "{error:?}"
    );
}

/// What is sent, in the tests of uploads: more than all buffers on the way hold together.
const PART: usize = 16 * MIB;

/// Sends `bytes` to a server.
fn upload(
    clock: &ManualClock,
    url: &str,
    bytes: usize,
) -> tokio::task::JoinHandle<Result<u16, HttpError>> {
    let call = Call {
        method: "POST".into(),
        url: url.parse().unwrap(),
        headers: Vec::new(),
        body: Some(vec![b'a'; bytes]),
    };
    let client = on(clock);
    tokio::spawn(async move {
        let answered = client.call(call, Secret::new("token".into())).await;
        answered.map(|answer| answer.status)
    })
}

#[tokio::test]
async fn an_upload_may_take_longer_than_30_seconds_while_its_pieces_are_taken() {
    let (take, parts) = mpsc::unbounded_channel::<()>();
    let parts = Arc::new(Mutex::new(parts));
    let server = Server::running(move |mut stream, seen| {
        let parts = Arc::clone(&parts);
        async move {
            read_head(&mut stream).await;
            let mut part = vec![0; PART];
            while parts.lock().await.recv().await.is_some() {
                stream.read_exact(&mut part).await.unwrap();
                seen.lock().unwrap().push("a part".into());
            }
            stream.write_all(&answer("201 Created", "", b"")).await.unwrap();
        }
    })
    .await;
    let clock = ManualClock::at(0);
    let sending = upload(&clock, &server.url(), 3 * PART);

    for part in 1..=3 {
        take.send(()).unwrap();
        while server.seen().len() < part {
            assert!(!sending.is_finished(), "given up before part {part} was taken");
            tokio::task::yield_now().await;
        }
        clock.advance(25 * SECOND);
    }
    drop(take);

    assert_eq!(sending.await.unwrap().unwrap(), 201);
}

#[tokio::test]
async fn an_upload_that_nothing_is_taken_of_ends_after_30_seconds() {
    let server = Server::running(|mut stream, _| async move {
        read_head(&mut stream).await;
        std::future::pending::<()>().await;
    })
    .await;
    let clock = ManualClock::at(0);
    let sending = upload(&clock, &server.url(), 2 * PART);

    // What the buffers on the way take counts as taken, so that the 30 s begin when they are full.
    while !sending.is_finished() {
        clock.advance(SECOND);
        tokio::task::yield_now().await;
    }

    let elapsed = clock.elapsed();
    assert!((30 * SECOND..=60 * SECOND).contains(&elapsed), "{elapsed:?}");
    let error = sending.await.unwrap().unwrap_err();
    assert!(matches!(error, HttpError::TimedOut { .. }), "{error:?}");
}
