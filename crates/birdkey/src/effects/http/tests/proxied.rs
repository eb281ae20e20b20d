//! The way through a proxy.

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::proxy::{connect_proxy, refusing_proxy, socks_proxy};
use super::server::{Server, answer};
use super::{Authority, FAR_HOST, HttpError, ask, client};
use crate::effects::http::{NoConnection, ProxyFault, ProxySource};

fn through(proxy: &Server) -> ProxySource {
    ProxySource::Url(format!("http://{}", proxy.address))
}

#[tokio::test]
async fn a_proxy_leads_to_a_server_with_a_private_authority() {
    let authority = Authority::named("Private CA");
    let server = Server::secured(answer("200 OK", "", b"{}"), authority.for_host(FAR_HOST)).await;
    let proxy = connect_proxy(server.address).await;

    let client = client(through(&proxy), Some(&authority));
    let answered = ask(&client, "https://auth.example.test/token?state=hidden").await.unwrap();

    assert_eq!(answered.body.expose(), "{}");
    let connects = proxy.seen();
    assert_eq!(connects.len(), 1);
    assert!(connects[0].starts_with("CONNECT auth.example.test:443 HTTP/1.1\r\n"));
    assert!(!connects[0].contains("hidden"), "a proxy learns the host and no more");
    assert!(server.seen()[0].starts_with("GET /token?state=hidden HTTP/1.1\r\n"));
}

#[tokio::test]
async fn a_socks_proxy_is_handed_the_name() {
    let authority = Authority::named("Private CA");
    let server = Server::secured(answer("200 OK", "", b"{}"), authority.for_host(FAR_HOST)).await;
    let proxy = socks_proxy(server.address).await;

    let source = ProxySource::Url(format!("socks5h://{}", proxy.address));
    let answered = ask(&client(source, Some(&authority)), "https://auth.example.test/").await;

    assert_eq!(answered.unwrap().status, 200);
    assert_eq!(proxy.seen(), ["auth.example.test:443"]);
}

#[tokio::test]
async fn a_proxy_that_wants_a_password_is_told_by_its_address_alone() {
    let refusal = b"HTTP/1.1 407 Proxy Authentication Required\r\n\
        Proxy-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\n\r\n";
    let proxy = refusing_proxy(refusal).await;
    let source = ProxySource::Url(format!("http://ada:hunter2@{}", proxy.address));

    let error = ask(&client(source, None), "https://auth.example.test/").await.unwrap_err();

    let expected = format!("http://{}", proxy.address);
    assert!(
        matches!(&error, HttpError::ProxyAuthentication { proxy }
            if proxy.address == expected && proxy.with_login),
        "{error:?}"
    );
    assert!(error.was_not_sent());
    let shown = format!("{error} {error:?}");
    assert!(!shown.contains("hunter2") && !shown.contains("ada"), "{shown}");
    // `ada:hunter2` in base64: the proxy itself does get the credentials.
    let sent = proxy.seen()[0].to_ascii_lowercase();
    assert!(sent.contains("proxy-authorization: basic ywrhomh1bnrlcji="), "{sent}");
}

#[tokio::test]
async fn a_proxy_that_makes_no_tunnel_is_named_with_its_reason() {
    let table: [(&'static [u8], ProxyFault); 8] = [
        (b"HTTP/1.1 403 Forbidden\r\n\r\n", ProxyFault::Status(403)),
        (b"HTTP/1.0 502 Bad Gateway\r\nVia: x\r\n\r\n<html>", ProxyFault::Status(502)),
        (b"HTTP/1.1 503 \r\n\r\n", ProxyFault::Status(503)),
        (b"HTTP/1.1 302 Found\r\nLocation: http://portal/\r\n\r\n", ProxyFault::Status(302)),
        (b"", ProxyFault::HungUp),
        (b"HTTP/1.1 200 Conn", ProxyFault::HungUp),
        (b"SSH-2.0-OpenSSH_9.2\r\n", ProxyFault::NotAProxy),
        // The alert of a TLS server that was sent plain text.
        (b"\x15\x03\x01\x00\x02\x02\x16", ProxyFault::NotAProxy),
    ];
    for (refusal, expected) in table {
        let proxy = refusing_proxy(refusal).await;

        let error = ask(&client(through(&proxy), None), "https://auth.example.test/").await;

        let error = error.unwrap_err();
        assert!(error.was_not_sent());
        match error {
            HttpError::Connect { host, proxy: Some(named), cause, unusable: None } => {
                assert_eq!(host, FAR_HOST);
                assert_eq!(named.address, format!("http://{}", proxy.address));
                assert_eq!(cause, NoConnection::Proxy(expected));
            }
            other => panic!("{other:?}"),
        }
        let asked = if matches!(expected, ProxyFault::HungUp) { 1 } else { 2 };
        assert_eq!(proxy.seen().len(), asked, "once more only to read the answer");
    }
}

#[tokio::test]
async fn a_socks_proxy_that_is_none_or_refuses_is_named() {
    // No acceptable method (RFC 1928 §3); an answer of HTTP; a hang-up.
    let table: [(&'static [u8], ProxyFault); 3] = [
        (b"\x05\xff", ProxyFault::Socks),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", ProxyFault::NotAProxy),
        (b"", ProxyFault::HungUp),
    ];
    for (refusal, expected) in table {
        let proxy = Server::running(move |mut stream, _| async move {
            let mut greeting = [0; 3];
            stream.read_exact(&mut greeting).await.unwrap();
            stream.write_all(refusal).await.unwrap();
            stream.shutdown().await.unwrap();
        })
        .await;

        let source = ProxySource::Url(format!("socks5h://{}", proxy.address));
        let error = ask(&client(source, None), "https://auth.example.test/").await.unwrap_err();

        assert_eq!(proxy_fault(&error), expected, "{error:?}");
    }
}

/// What was wrong at the proxy.
fn proxy_fault(error: &HttpError) -> ProxyFault {
    match error {
        HttpError::Connect { cause: NoConnection::Proxy(fault), proxy: Some(_), .. } => *fault,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_proxy_that_is_not_there_is_named() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    for scheme in ["http", "https", "socks4a", "socks5h"] {
        let source = ProxySource::Url(format!("{scheme}://ada:hunter2@{address}"));
        let error = ask(&client(source, None), "https://auth.example.test/").await.unwrap_err();

        assert_eq!(proxy_fault(&error), ProxyFault::Refused, "{scheme}");
        let shown = format!("{error:?}");
        assert!(shown.contains(&format!("\"{scheme}://{address}\"")), "{shown}");
        assert!(!shown.contains("hunter2"), "{shown}");
    }
    let source = ProxySource::Url("http://proxy.invalid:3128".into());
    let error = ask(&client(source, None), "https://auth.example.test/").await.unwrap_err();
    assert_eq!(proxy_fault(&error), ProxyFault::NotFound);
}

#[tokio::test]
async fn a_server_behind_a_proxy_that_hangs_up_is_told_from_the_proxy() {
    let server = Server::running(|stream, _| async move { drop(stream) }).await;
    let proxy = connect_proxy(server.address).await;
    let client = client(through(&proxy), Some(&Authority::named("Private CA")));

    let error = ask(&client, "https://auth.example.test/").await.unwrap_err();

    assert!(
        matches!(&error, HttpError::Connect { cause: NoConnection::HungUp, proxy: Some(_), .. }),
        "{error:?}"
    );
}

#[tokio::test]
async fn an_address_that_is_no_proxy_is_told_without_its_password() {
    let source = ProxySource::Url("http://ada:hunter2@[broken".into());

    let error = ask(&client(source, None), "https://auth.example.test/").await.unwrap_err();

    assert!(matches!(error, HttpError::Connect { .. }), "{error:?}");
    assert!(!format!("{error} {error:?}").contains("hunter2"));
}

#[tokio::test]
async fn loopback_is_never_proxied() {
    let authority = Authority::named("Private CA");
    let proxy = refusing_proxy(b"HTTP/1.1 500 No\r\n\r\n").await;
    let plain = Server::answering(answer("200 OK", "", b"")).await;
    let localhost =
        Server::secured(answer("200 OK", "", b""), authority.for_host("localhost")).await;
    let client = client(through(&proxy), Some(&authority));

    let urls = [
        format!("http://127.0.0.1:{}/", plain.address.port()),
        format!("http://localhost:{}/", plain.address.port()),
        format!("https://localhost:{}/", localhost.address.port()),
    ];
    for url in urls {
        assert_eq!(ask(&client, &url).await.unwrap().status, 200, "{url}");
    }
    assert!(proxy.seen().is_empty());
}
