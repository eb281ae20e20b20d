//! Certificates that are not trusted, and what is told about them.

use std::sync::Arc;

use birdkey_foreign::Foreign;
use rustls::ServerConfig;

use super::proxy::connect_proxy;
use super::server::{Server, answer};
use super::{Authority, FAR_HOST, HttpError, ask, client};
use crate::effects::http::ProxySource;
use crate::effects::http::certificates::certificates_in;
use crate::problem::{About, Problem};

/// The facts of a failed handshake: subject, issuer, reason.
fn facts(error: HttpError) -> (Option<Foreign>, Option<Foreign>, String) {
    assert!(error.was_not_sent());
    let HttpError::Tls { subject, issuer, reason, .. } = error else {
        panic!("{error:?}");
    };
    (subject, issuer, reason.to_string())
}

#[tokio::test]
async fn an_inspecting_proxy_is_named_with_subject_and_issuer() {
    let (trusted, inspecting) = (Authority::named("Trusted CA"), Authority::named("Inspection CA"));
    let server = Server::secured(answer("200 OK", "", b""), inspecting.for_host(FAR_HOST)).await;
    let proxy = connect_proxy(server.address).await;

    let source = ProxySource::Url(format!("http://{}", proxy.address));
    let error = ask(&client(source, Some(&trusted)), "https://auth.example.test/").await;

    match error.unwrap_err() {
        HttpError::Tls { host, proxy: named, subject, issuer, reason } => {
            assert_eq!(host, FAR_HOST);
            assert_eq!(named.unwrap().address, format!("http://{}", proxy.address));
            assert_eq!(subject, Some("CN=auth.example.test".into()));
            assert_eq!(issuer, Some("CN=Inspection CA".into()));
            assert!(reason.contains("does not trust"), "{reason}");
        }
        other => panic!("{other:?}"),
    }
    assert!(server.seen().is_empty(), "nothing is sent before the certificate is trusted");
}

#[tokio::test]
async fn what_is_wrong_with_a_certificate_is_told_in_our_own_words() {
    let authority = Authority::named("Test CA");
    let stranger = Authority::named("Stranger CA");
    let table: [(Arc<ServerConfig>, &str); 4] = [
        (authority.expired("localhost"), "Its certificate has expired."),
        (authority.not_yet_valid("localhost"), "Its certificate is not valid yet."),
        (authority.for_host("other.test"), "Its certificate is for another name."),
        (
            stranger.for_host("localhost"),
            "Its certificate was issued by someone this system does not trust.",
        ),
    ];
    let client = client(ProxySource::None, Some(&authority));
    for (tls, expected) in table {
        let server = Server::secured(answer("200 OK", "", b""), tls).await;
        let url = format!("https://localhost:{}/", server.address.port());

        let (subject, issuer, reason) = facts(ask(&client, &url).await.unwrap_err());

        assert_eq!(reason, expected);
        assert!(subject.is_some() && issuer.is_some(), "{expected}");
        assert!(server.seen().is_empty());
    }
}

#[tokio::test]
async fn each_failure_names_the_certificate_of_its_own_connection() {
    let trusted = Authority::named("Trusted CA");
    let client = Arc::new(client(ProxySource::None, Some(&trusted)));
    let mut asking = Vec::new();
    for number in 0..8 {
        let name = format!("Stranger {number}");
        let tls = Authority::named(&name).for_host("localhost");
        let server = Server::secured(answer("200 OK", "", b""), tls).await;
        let url = format!("https://localhost:{}/", server.address.port());
        let client = Arc::clone(&client);
        asking.push((name, tokio::spawn(async move { ask(&client, &url).await.map(drop) })));
    }

    for (name, asked) in asking {
        let (_, issuer, _) = facts(asked.await.unwrap().unwrap_err());
        assert_eq!(issuer, Some(format!("CN={name}").into()));
    }
}

/// A captive portal writes its certificate as it likes.
#[tokio::test]
async fn a_certificate_moves_no_cursor_and_fills_no_screen() {
    let name = "Portal\u{1b}]0;yours\u{7}\u{1b}[2J\u{9b}H\u{202e}\u{61c}\u{2028}";
    let tls = Authority::named(&(name.to_owned() + &"x".repeat(10_000))).for_host("localhost");
    let server = Server::secured(answer("200 OK", "", b""), tls).await;
    let client = client(ProxySource::None, Some(&Authority::named("Trusted CA")));
    let url = format!("https://localhost:{}/", server.address.port());

    let error = ask(&client, &url).await.map(drop).unwrap_err();

    let logged = format!("{error:?}");
    let problem = Problem::new(&error.into(), &About::default());
    for text in [problem.why.to_string(), logged] {
        assert!(text.contains("CN=Portal ]0;yours  [2J H") && text.len() < 1_000, "{text:?}");
        assert!(!text.contains(|c: char| c.is_control() || "\u{202e}\u{61c}\u{2028}".contains(c)));
    }
}

#[tokio::test]
async fn a_server_without_tls_is_told_as_such() {
    let server = Server::running(|mut stream, _| async move {
        let greeting = b"HTTP/1.1 400 Bad Request\r\n\r\n";
        tokio::io::AsyncWriteExt::write_all(&mut stream, greeting).await.unwrap();
        // Reads until the client gives up, so that no reset overtakes the greeting.
        let _ = tokio::io::copy(&mut stream, &mut tokio::io::sink()).await;
    })
    .await;
    let client = client(ProxySource::None, Some(&Authority::named("Test CA")));

    let error = ask(&client, &format!("https://{}/", server.address)).await.unwrap_err();

    let expected = (None, None, "The secure handshake failed.".to_owned());
    assert_eq!(facts(error), expected);
}

#[tokio::test]
async fn a_broken_private_authority_is_told() {
    let settings = super::Settings {
        proxy: ProxySource::None,
        extra_roots_pem: b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n".to_vec(),
    };
    let clock = Arc::new(super::ManualClock::at(0));
    let client = super::ReqwestHttp::with(clock, settings);

    let error = ask(&client, "https://auth.example.test/").await.unwrap_err();

    assert!(matches!(error, HttpError::NoCertificates), "{error:?}");
}

#[test]
fn certificates_are_found_in_a_file_and_in_folders() {
    let folder = tempfile::tempdir().unwrap();
    let (first, second) = (Authority::named("First CA"), Authority::named("Second CA"));
    let file = folder.path().join("bundle.pem");
    std::fs::write(&file, first.pem() + &second.pem()).unwrap();
    let inner = folder.path().join("certs");
    std::fs::create_dir(&inner).unwrap();
    std::fs::write(inner.join("second.pem"), second.pem()).unwrap();
    std::fs::write(inner.join("notes.txt"), "no certificate").unwrap();
    let missing = folder.path().join("missing");

    assert_eq!(certificates_in(Some(&file), &[]).len(), 2);
    assert_eq!(certificates_in(None, &[inner.clone(), missing.clone()]).len(), 1);
    assert_eq!(certificates_in(Some(&file), &[inner]).len(), 3);
    assert!(certificates_in(Some(&missing), &[]).is_empty());
}
