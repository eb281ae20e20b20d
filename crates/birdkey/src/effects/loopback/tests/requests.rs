//! Which requests reach the login, and what the others see.

use std::fmt::Write as _;

use tokio::io::AsyncWriteExt as _;

use super::{RIGHT, ask, connect, get, listening, login, reply, right, send, system_clock};
use crate::effects::loopback::Outcome;

#[tokio::test]
async fn a_request_that_is_not_the_redirect_is_answered_calmly_and_the_login_goes_on() {
    let (redirects, port) = listening(system_clock()).await;
    let login = login(redirects);
    let host = format!("127.0.0.1:{port}");
    let with = |line: &str, head: &str| format!("{line} HTTP/1.1\r\n{head}\r\n");
    let query = format!("/callback?{RIGHT}");
    let right_host = format!("Host: {host}\r\n");
    let cases = [
        ("favicon", get(port, "/favicon.ico"), 404),
        ("root", get(port, &format!("/?{RIGHT}")), 404),
        ("longer path", get(port, &format!("/callback/?{RIGHT}")), 404),
        ("path in capitals", get(port, &format!("/Callback?{RIGHT}")), 404),
        ("encoded path", get(port, &format!("/%63allback?{RIGHT}")), 404),
        ("outcome before there is one", get(port, "/done"), 404),
        (
            "post",
            with(&format!("POST {query}"), &format!("{right_host}Content-Length: 0\r\n")),
            405,
        ),
        ("head", with(&format!("HEAD {query}"), &right_host), 405),
        ("made-up method", with(&format!("FETCH {query}"), &right_host), 405),
        ("no host", with(&format!("GET {query}"), ""), 404),
        ("foreign host", with(&format!("GET {query}"), "Host: example.com\r\n"), 404),
        ("other port", with(&format!("GET {query}"), "Host: 127.0.0.1:1\r\n"), 404),
        ("no port", with(&format!("GET {query}"), "Host: 127.0.0.1\r\n"), 404),
        (
            "other name of this machine",
            with(&format!("GET {query}"), &format!("Host: localhost:{port}\r\n")),
            404,
        ),
        (
            "two hosts",
            with(&format!("GET {query}"), &format!("{right_host}Host: example.com\r\n")),
            404,
        ),
        ("foreign authority", with(&format!("GET http://example.com{query}"), &right_host), 404),
        ("no http at all", "hello\r\n\r\n".to_owned(), 400),
        ("bytes that are no text", get(port, "/callback?code=\u{7f}\u{0}"), 400),
    ];
    for (name, request, status) in cases {
        let reply = ask(port, request).await;
        assert_eq!(reply.status(), status, "{name}: {}", reply.0);
        assert!(!reply.has(RIGHT) && !reply.has("code="), "{name} is echoed");
    }

    let browser = send(port, right(port)).await;
    let (redirects, seen) = login.await.unwrap();
    assert_eq!(seen, [RIGHT], "nothing else was handed over");
    drop((browser, redirects));
}

#[tokio::test]
async fn the_query_is_handed_over_exactly_as_it_came() {
    let (redirects, port) = listening(system_clock()).await;
    let login = login(redirects);
    let long = format!("code={}", "x".repeat(8_000));
    let queries = [
        "",
        "code=%FF%fe&state=%00",
        "code=a+b%20c&code=d",
        "state=%E2%82%AC",
        "a=b?c=d&&=&;",
        &long,
        "error=access_denied",
    ];
    for query in queries {
        let reply = ask(port, get(port, &format!("/callback?{query}"))).await;
        assert_eq!(reply.status(), 404);
        assert!(reply.has("not part of the login"));
    }
    assert_eq!(ask(port, get(port, "/callback")).await.status(), 404, "no query at all");

    let browser = send(port, right(port)).await;
    let (_redirects, seen) = login.await.unwrap();
    let mut expected: Vec<&str> = queries.to_vec();
    expected.extend(["", RIGHT]);
    assert_eq!(seen, expected);
    drop(browser);
}

#[tokio::test]
async fn a_redirect_in_single_bytes_with_a_crowd_of_cookies_arrives() {
    let (redirects, port) = listening(system_clock()).await;
    let login = login(redirects);
    let mut cookies = String::new();
    for number in 0..250 {
        write!(cookies, "Cookie: c{number}={}\r\n", "v".repeat(200)).unwrap();
    }
    let line = format!("GET /callback?{RIGHT} HTTP/1.1\r\nhOST: 127.0.0.1:{port}\r\n");

    let mut stream = connect(port).await;
    stream.set_nodelay(true).unwrap();
    for byte in line.bytes() {
        stream.write_all(&[byte]).await.unwrap();
        tokio::task::yield_now().await;
    }
    stream.write_all(format!("{cookies}\r\n").as_bytes()).await.unwrap();

    let (redirects, _) = login.await.unwrap();
    let finished = tokio::spawn(redirects.finish(Outcome::Done));
    reply(stream).await.assert_sends_to_done();
    ask(port, get(port, "/done")).await;
    finished.await.unwrap();
}

#[tokio::test]
async fn too_long_is_said_so_and_the_login_goes_on() {
    let (redirects, port) = listening(system_clock()).await;
    let login = login(redirects);
    let frame = "GET /callback? HTTP/1.1\r\n".len();
    let target = |line: usize| get(port, &format!("/callback?{}", "x".repeat(line - frame)));
    let head = |bytes: usize| {
        format!(
            "GET /callback HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: {}\r\n\r\n",
            "c".repeat(bytes)
        )
    };
    let cases = [
        ("line of 8 KiB", target(8 * 1024), 404),
        ("line one longer", target(8 * 1024 + 1), 414),
        ("line of 60 KiB", target(60 * 1024), 414),
        ("head under 64 KiB", head(65_000), 404),
        ("head over 64 KiB", head(66_000), 431),
        ("head of 900 KB", head(900_000), 431),
    ];
    for (name, request, status) in cases {
        assert_eq!(ask(port, request).await.status(), status, "{name}");
    }

    let browser = send(port, right(port)).await;
    let (_redirects, seen) = login.await.unwrap();
    assert_eq!(seen.len(), 3, "the two within the limits, and the right one");
    drop(browser);
}

#[tokio::test]
async fn every_page_comes_with_headers_that_keep_it_alone() {
    let (redirects, port) = listening(system_clock()).await;
    let login = login(redirects);
    let stray = ask(port, get(port, "/callback?forged")).await;
    let browser = send(port, right(port)).await;
    let (redirects, _) = login.await.unwrap();
    let finished = tokio::spawn(redirects.finish(Outcome::Done));
    let sent_on = reply(browser).await;
    let done = ask(port, get(port, "/done")).await;
    finished.await.unwrap();

    for page in [stray, sent_on, done] {
        for header in [
            "content-security-policy: default-src 'none'; style-src 'sha256-",
            "cache-control: no-store\r\n",
            "referrer-policy: no-referrer\r\n",
            "x-content-type-options: nosniff\r\n",
            "x-frame-options: DENY\r\n",
            "content-type: text/html; charset=utf-8\r\n",
            "connection: close\r\n",
        ] {
            assert!(page.has(header), "{header} is missing in {}", page.0);
        }
    }
}
