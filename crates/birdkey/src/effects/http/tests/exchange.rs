//! What is sent, and what of an answer comes back.

use super::server::{Server, answer, read_request};
use super::{HttpError, Request, Secret, ask, client, direct, get, post};
use crate::effects::http::{Http as _, ProxySource};

fn headers_of(request: &str) -> Vec<String> {
    let head = request.split("\r\n\r\n").next().unwrap_or_default();
    head.lines().skip(1).map(str::to_ascii_lowercase).collect()
}

#[tokio::test]
async fn a_form_goes_out_as_a_form_and_the_answer_comes_back() {
    let headers = "Content-Type: application/json\r\nRetry-After: 7\r\nX-Rate-Limit-Reset: 99\r\n";
    let server = Server::answering(answer("429 Too Many", headers, b"{\"a\":\"\xc3\xa9\"}")).await;

    let answered = direct().send(post(&server.url(), "code=a%20b&client_id=c")).await.unwrap();

    let request = server.seen().remove(0);
    assert!(request.starts_with("POST /token HTTP/1.1\r\n"), "{request}");
    assert!(request.ends_with("\r\n\r\ncode=a%20b&client_id=c"), "{request}");
    let form = "content-type: application/x-www-form-urlencoded";
    assert!(headers_of(&request).iter().any(|header| header == form), "{request}");
    assert_eq!(answered.status, 429);
    assert_eq!(answered.content_type.as_deref(), Some("application/json"));
    assert_eq!(answered.retry_after_seconds, Some(7));
    assert_eq!(answered.rate_limit_reset_unix, Some(99));
    assert_eq!(answered.body.expose(), "{\"a\":\"é\"}");
}

#[tokio::test]
async fn a_refusal_that_repeats_what_was_sent_in_secret_is_told_without_it() {
    let (token, header) = ("refresh/token+of-32-characters==", "bearer-token-of-the-user");
    let body =
        format!("{{\"error_description\":\"{token} and {header} of client-id-of-the-app\"}}");
    let form =
        "refresh_token=refresh%2Ftoken%2Bof-32-characters%3D%3D&client_id=client-id-of-the-app";
    for (status, expected) in [
        (
            "400 Bad",
            "{\"error_description\":\"[redacted] and [redacted] of client-id-of-the-app\"}",
        ),
        // What is granted may well be what was sent.
        ("200 OK", body.as_str()),
    ] {
        let server = Server::answering(answer(status, "", body.as_bytes())).await;
        let authorization = Some(Secret::new(format!("Bearer {header}")));

        let request = Request { authorization, ..post(&server.url(), form) };
        let answered = direct().send(request).await.unwrap();

        assert_eq!(answered.body.expose(), expected);
    }
}

#[tokio::test]
async fn a_request_says_who_asks_and_what_it_takes_and_nothing_else() {
    let server = Server::answering(answer("200 OK", "", b"")).await;

    ask(&direct(), &server.url()).await.unwrap();

    let mut headers = headers_of(&server.seen()[0]);
    headers.sort();
    let agent = format!("user-agent: birdkey/{}", env!("CARGO_PKG_VERSION"));
    let host = format!("host: {}", server.address);
    assert_eq!(headers, ["accept: application/json", &host, &agent]);
}

#[tokio::test]
async fn the_authorization_header_is_the_one_given() {
    let server = Server::answering(answer("200 OK", "", b"")).await;
    let authorization = Some(Secret::new("Basic YTpi".into()));

    direct().send(Request { authorization, ..get(&server.url()) }).await.unwrap();

    assert!(server.seen()[0].contains("authorization: Basic YTpi\r\n"), "{:?}", server.seen());
}

#[tokio::test]
async fn a_redirect_is_an_answer_and_is_not_followed() {
    let elsewhere = Server::answering(answer("200 OK", "", b"")).await;
    let location = format!("Location: {}\r\n", elsewhere.url());
    for status in ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"] {
        let server = Server::answering(answer(status, &location, b"")).await;

        let answered = direct().send(post(&server.url(), "code=a")).await.unwrap();

        assert_eq!(answered.status.to_string(), status[..3]);
    }
    assert!(elsewhere.seen().is_empty());
}

#[tokio::test]
async fn a_cookie_is_not_kept() {
    let server = Server::answering(answer("200 OK", "Set-Cookie: guest_id=1\r\n", b"")).await;
    let client = direct();

    ask(&client, &server.url()).await.unwrap();
    ask(&client, &server.url()).await.unwrap();

    let seen = server.seen();
    assert_eq!(seen.len(), 2);
    assert_eq!(seen[0], seen[1]);
}

#[tokio::test]
async fn bytes_that_are_no_text_are_told() {
    let server = Server::answering(answer("200 OK", "", b"\xff\xfe")).await;

    let error = ask(&direct(), &server.url()).await.unwrap_err();

    assert!(matches!(&error, HttpError::NotText { host } if host == "127.0.0.1"), "{error:?}");
}

#[tokio::test]
async fn a_connection_that_breaks_after_sending_may_have_been_processed() {
    let table: [&[u8]; 4] = [
        b"",
        b"HTTP/1.1 200",
        b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{",
        b"what is this?\r\n\r\n",
    ];
    for half in table {
        let server = Server::answering(half).await;

        let error = ask(&direct(), &server.url()).await.unwrap_err();

        assert!(matches!(error, HttpError::BrokeOff { .. }), "{half:?}: {error:?}");
        assert!(!error.was_not_sent());
        assert_eq!(server.seen().len(), 1, "sent once, never again");
    }
}

#[tokio::test]
async fn a_tls_failure_after_sending_does_not_pass_for_one_before() {
    let authority = super::Authority::named("Test CA");
    let acceptor = tokio_rustls::TlsAcceptor::from(authority.for_host("127.0.0.1"));
    let server = Server::running(move |stream, _| {
        let acceptor = acceptor.clone();
        async move {
            let mut stream = acceptor.accept(stream).await.unwrap();
            read_request(&mut stream).await;
            // Bytes that are no TLS record, behind TLS's back.
            let (tcp, _) = stream.get_mut();
            tokio::io::AsyncWriteExt::write_all(tcp, &[0; 64]).await.unwrap();
        }
    })
    .await;

    let url = format!("https://{}/", server.address);
    let error = ask(&client(ProxySource::None, Some(&authority)), &url).await.unwrap_err();

    assert!(matches!(error, HttpError::BrokeOff { .. }), "{error:?}");
}

#[tokio::test]
async fn nothing_leaves_for_an_address_that_others_can_read_along() {
    let proxy = Server::answering(answer("200 OK", "", b"")).await;
    let client = client(ProxySource::Url(proxy.url()), None);
    for url in ["http://auth.example.test/", "http://10.0.0.1/", "ftp://127.0.0.1/", "data:,x"] {
        let error = ask(&client, url).await.unwrap_err();

        assert!(matches!(error, HttpError::NotProtected { .. }), "{url}: {error:?}");
        assert!(error.was_not_sent());
    }
    assert!(proxy.seen().is_empty());
}

#[tokio::test]
async fn no_error_shows_what_was_sent() {
    let server = Server::answering(b"").await;
    let request = Request {
        authorization: Some(Secret::new("Basic c2VjcmV0".into())),
        ..post(&format!("{}?state=hidden", server.url()), "code=private")
    };

    let error = direct().send(request.clone()).await.unwrap_err();

    let shown = format!("{error} {error:?} {request:?}");
    for secret in ["c2VjcmV0", "private"] {
        assert!(!shown.contains(secret), "{shown}");
    }
    assert!(!format!("{error} {error:?}").contains("hidden"));
}
