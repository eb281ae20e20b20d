//! The way through a proxy.

use super::proxy::{connect_proxy, refusing_proxy, socks_proxy};
use super::server::{Server, answer};
use super::{Authority, FAR_HOST, HttpError, ask, client};
use crate::effects::http::ProxySource;

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
        matches!(&error, HttpError::ProxyAuthentication { proxy } if *proxy == expected),
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
async fn a_proxy_that_makes_no_tunnel_is_named() {
    let table: [&'static [u8]; 3] =
        [b"HTTP/1.1 403 Forbidden\r\n\r\n", b"HTTP/1.1 502 Bad Gateway\r\n\r\n", b""];
    for refusal in table {
        let proxy = refusing_proxy(refusal).await;

        let error = ask(&client(through(&proxy), None), "https://auth.example.test/").await;

        let named = Some(format!("http://{}", proxy.address));
        match error.unwrap_err() {
            HttpError::Connect { host, proxy, refused: false } => {
                assert_eq!((host.as_str(), proxy), (FAR_HOST, named));
            }
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn a_proxy_that_is_not_there_is_named() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    for scheme in ["http", "socks5h"] {
        let proxy = format!("{scheme}://{address}");

        let source = ProxySource::Url(proxy.clone());
        let error = ask(&client(source, None), "https://auth.example.test/").await.unwrap_err();

        assert!(
            matches!(&error, HttpError::Connect { proxy: Some(named), refused: true, .. } if *named == proxy),
            "{error:?}"
        );
    }
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
