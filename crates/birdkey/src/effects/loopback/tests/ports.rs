//! Which port is opened.

use std::net::{Ipv4Addr, Ipv6Addr, TcpListener as StdListener};

use tokio::net::TcpStream;

use super::{get, system_clock};
use crate::effects::loopback::{Loopback, RedirectError, RedirectSource as _};

fn taken() -> (StdListener, u16) {
    let listener = StdListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    (listener, port)
}

fn uris(ports: &[u16]) -> Vec<String> {
    ports.iter().map(|port| format!("http://127.0.0.1:{port}/callback")).collect()
}

#[tokio::test]
async fn the_first_free_port_is_taken_in_the_registered_order() {
    let (_held, busy) = taken();
    let (free, port) = taken();
    let mut registered =
        vec!["app.birdkey:/callback".to_owned(), "https://example.com/callback".to_owned()];
    registered.extend(uris(&[busy, port]));
    registered.push("http://localhost:1/other".to_owned());

    let redirects = Loopback::handed(system_clock(), vec![free]).listen(&registered).await.unwrap();

    assert_eq!(redirects.redirect_uri(), registered[3]);
}

#[tokio::test]
async fn all_ports_taken_is_said_with_the_ports() {
    let (_one, first) = taken();
    let (_other, second) = taken();
    let refused = Loopback::new(system_clock()).listen(&uris(&[first, second])).await.err();
    assert!(
        matches!(&refused, Some(RedirectError::PortsTaken { tried }) if *tried == [first, second]),
        "{refused:?}"
    );
}

#[tokio::test]
async fn an_app_without_loopback_uri_is_said_so() {
    for registered in [
        vec![],
        vec!["app.birdkey:/callback".to_owned()],
        vec!["http://example.com:8731/".to_owned()],
    ] {
        let refused = Loopback::new(system_clock()).listen(&registered).await.err();
        assert!(matches!(refused, Some(RedirectError::NoLoopback)), "{refused:?}");
    }
}

#[tokio::test]
async fn the_same_port_opens_again_after_a_login() {
    let (listener, port) = taken();
    let source = Loopback::handed(system_clock(), vec![listener]);
    let redirects = source.listen(&uris(&[port])).await.unwrap();
    let reply = super::ask(port, get(port, "/favicon.ico")).await;
    assert_eq!(reply.status(), 404);
    drop(redirects);
    super::until_closed(port).await;

    assert!(source.listen(&uris(&[port])).await.is_ok());
}

#[tokio::test]
async fn a_registered_localhost_listens_on_both_loopbacks_or_not_at_all() {
    let Ok(v6) = StdListener::bind((Ipv6Addr::LOCALHOST, 0)) else {
        return; // A machine without IPv6.
    };
    let port = v6.local_addr().unwrap().port();
    let Ok(v4) = StdListener::bind((Ipv4Addr::LOCALHOST, port)) else {
        return; // Somebody else's; rare.
    };
    let uri = [format!("http://localhost:{port}/callback")];

    let refused =
        Loopback::handed(system_clock(), vec![v4.try_clone().unwrap()]).listen(&uri).await.err();
    assert!(
        matches!(&refused, Some(RedirectError::PortsTaken { tried }) if *tried == [port]),
        "{refused:?}"
    );

    let redirects = Loopback::handed(system_clock(), vec![v4, v6]).listen(&uri).await.unwrap();
    assert_eq!(redirects.redirect_uri(), uri[0]);
    for stream in [
        TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await.unwrap(),
        TcpStream::connect((Ipv6Addr::LOCALHOST, port)).await.unwrap(),
    ] {
        let mut stream = stream;
        let request = format!("GET /favicon.ico HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n");
        tokio::io::AsyncWriteExt::write_all(&mut stream, request.as_bytes()).await.unwrap();
        assert_eq!(super::reply(stream).await.status(), 404);
    }
}

#[tokio::test]
async fn a_registered_ipv6_loopback_is_listened_at() {
    let Ok(v6) = StdListener::bind((Ipv6Addr::LOCALHOST, 0)) else {
        return; // A machine without IPv6.
    };
    let port = v6.local_addr().unwrap().port();
    let uri = [format!("http://[::1]:{port}/callback")];
    let redirects = Loopback::handed(system_clock(), vec![v6]).listen(&uri).await.unwrap();

    assert!(TcpStream::connect((Ipv6Addr::LOCALHOST, port)).await.is_ok());
    assert!(TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await.is_err(), "nowhere else");
    drop(redirects);
}
