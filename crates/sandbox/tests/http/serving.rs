//! Connections: the end comes promptly.

use std::sync::Arc;

use birdkey_sandbox::{Approve, Canned, Registration, Route, Sandbox, Settings, serve};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, oneshot};
use tokio::time::{Duration, timeout};

use crate::support::{Bench, exchange};

/// Far more than the half second that an answer under way may take.
const PROMPTLY: Duration = Duration::from_secs(5);

#[tokio::test]
async fn a_shutdown_drops_idle_connections_and_ends() {
    let sandbox = Sandbox::open(Settings::default()).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let serving = tokio::spawn(serve(sandbox, listener, async {
        let _stopped_or_dropped = stopped.await;
    }));
    let mut silent = TcpStream::connect(address).await.unwrap();
    let mut kept_alive = TcpStream::connect(address).await.unwrap();
    kept_alive.write_all(b"GET / HTTP/1.1\r\nhost: a\r\n\r\n").await.unwrap();
    kept_alive.read_exact(&mut [0; 15]).await.unwrap();

    stop.send(()).unwrap();
    timeout(PROMPTLY, serving).await.expect("the end").unwrap().unwrap();
    let mut rest = Vec::new();
    for connection in [&mut silent, &mut kept_alive] {
        let _reset_or_end = timeout(PROMPTLY, connection.read_to_end(&mut rest)).await.unwrap();
    }
    assert!(TcpStream::connect(address).await.is_err(), "the port is free again");
}

#[tokio::test]
async fn a_held_answer_waits_until_it_is_let_go() {
    let bench = Bench::start().await;
    let hold = Arc::new(Notify::new());
    let canned = Canned {
        status: 429,
        headers: Vec::new(),
        body: Vec::new(),
        hold: Some(Arc::clone(&hold)),
    };
    bench.sandbox.answer_next(Route::Token, canned);
    let pairs = exchange("any");
    let request = bench.token(&pairs);
    tokio::pin!(request);
    tokio::select! {
        _early = &mut request => panic!("answered while held"),
        page = bench.client.get(bench.url("/")).send() => assert!(page.is_ok()),
    }
    hold.notify_one();
    assert_eq!(timeout(PROMPTLY, request).await.unwrap().status, 429);
}

#[tokio::test]
async fn a_held_answer_does_not_hold_the_end_up() {
    let mut bench = Bench::start().await;
    let hold = Some(Arc::new(Notify::new()));
    let canned = Canned { status: 200, headers: Vec::new(), body: Vec::new(), hold };
    bench.sandbox.answer_next(Route::UsersMe, canned);
    let request = bench.client.get(bench.url("/2/users/me")).send();
    tokio::pin!(request);
    tokio::select! {
        _early = &mut request => panic!("answered while held"),
        page = bench.client.get(bench.url("/")).send() => assert!(page.is_ok()),
    }
    bench.stop();
    assert!(timeout(PROMPTLY, request).await.unwrap().is_err());
}

#[tokio::test]
async fn nothing_printable_holds_a_secret() {
    let registration = Registration {
        client_secret: Some("very-secret".to_owned()),
        ..crate::support::confidential()
    };
    assert!(!format!("{registration:?}").contains("very-secret"));
    let bench = Bench::start().await;
    bench.sandbox.register(registration);
    assert!(bench.sandbox.registrations().iter().all(|app| app.client_secret.is_none()));
    bench.sandbox.set_approve(Approve::Ask);
    assert_eq!(format!("{:?}", bench.ledger), "Ledger(..)");
}
