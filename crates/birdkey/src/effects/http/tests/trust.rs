//! Certificates that are not trusted, and what is told about them.

use std::sync::Arc;
use std::time::Duration;

use birdkey_foreign::Foreign;
use rustls::client::danger::ServerCertVerifier as _;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, OtherError, ServerConfig};

use super::proxy::connect_proxy;
use super::server::{Server, answer};
use super::{Authority, FAR_HOST, HttpError, ask, client};
use crate::effects::http::certificates::{Refused, verifier};
use crate::effects::http::distrust::faults;
use crate::effects::http::trust::named_by;
use crate::effects::http::{CertificateFault, NamedFaultKind, ProxySource, Untrusted};
use crate::problem::{About, Problem};

/// The facts of a failed handshake: subject, issuer, faults.
fn facts(error: HttpError) -> (Option<Foreign>, Option<Foreign>, Vec<CertificateFault>) {
    assert!(error.was_not_sent());
    let HttpError::Tls { untrusted, .. } = error else {
        panic!("{error:?}");
    };
    let Untrusted { subject, issuer, faults, .. } = *untrusted;
    (subject, issuer, faults)
}

#[tokio::test]
async fn an_inspecting_proxy_is_named_with_subject_and_issuer() {
    let (trusted, inspecting) = (Authority::named("Trusted CA"), Authority::named("Inspection CA"));
    let server = Server::secured(answer("200 OK", "", b""), inspecting.for_host(FAR_HOST)).await;
    let proxy = connect_proxy(server.address).await;

    let source = ProxySource::Url(format!("http://{}", proxy.address));
    let error = ask(&client(source, Some(&trusted)), "https://auth.example.test/").await;

    match error.unwrap_err() {
        HttpError::Tls { host, proxy: named, untrusted } => {
            let Untrusted { subject, issuer, faults, .. } = *untrusted;
            assert_eq!(host, FAR_HOST);
            assert_eq!(named.unwrap().address, format!("http://{}", proxy.address));
            assert_eq!(subject, Some("CN=auth.example.test".into()));
            assert_eq!(issuer, Some("CN=Inspection CA".into()));
            assert_eq!(faults, [CertificateFault::UnknownIssuer]);
        }
        other => panic!("{other:?}"),
    }
    assert!(server.seen().is_empty(), "nothing is sent before the certificate is trusted");
}

#[tokio::test]
async fn each_thing_that_can_be_wrong_with_a_certificate_is_told_apart() {
    use CertificateFault as Fault;
    let authority = Authority::named("Test CA");
    let stranger = Authority::named("Stranger CA");
    let namesake = Authority::named("Test CA");
    let day = |day: &str| Some(day.to_owned());
    let table: [(Arc<ServerConfig>, Fault); 7] = [
        (authority.expired("localhost"), Fault::Expired(day("2020-01-01"))),
        (authority.not_yet_valid("localhost"), Fault::NotYet(day("3000-01-01"))),
        (authority.for_host("other.test"), Fault::OtherName("other.test".into())),
        (stranger.for_host("localhost"), Fault::UnknownIssuer),
        (namesake.for_host("localhost"), Fault::BadSignature),
        (Authority::none("localhost").0, Fault::SelfSigned),
        (Authority::as_a_server("localhost").0, Fault::Authority),
    ];
    let client = client(ProxySource::None, Some(&authority));
    for (tls, expected) in table {
        let server = Server::secured(answer("200 OK", "", b""), tls).await;
        let url = format!("https://localhost:{}/", server.address.port());

        let (subject, issuer, faults) = facts(ask(&client, &url).await.unwrap_err());

        assert_eq!(faults, std::slice::from_ref(&expected));
        assert!(subject.is_some() && issuer.is_some(), "{expected:?}");
        assert!(server.seen().is_empty());
    }
}

#[tokio::test]
async fn a_self_signed_certificate_that_is_trusted_works_unless_it_is_an_authoritys() {
    let table = [
        (Authority::none("localhost"), None),
        (Authority::as_a_server("localhost"), Some(CertificateFault::Authority)),
    ];
    for ((tls, pem), expected) in table {
        let server = Server::secured(answer("200 OK", "", b""), tls).await;
        let settings =
            super::Settings { proxy: ProxySource::None, extra_roots_pem: pem.into_bytes() };
        let client = super::ReqwestHttp::with(Arc::new(super::ManualClock::at(0)), settings);

        let asked = ask(&client, &format!("https://localhost:{}/", server.address.port())).await;

        let faults = asked.err().map(|error| facts(error).2);
        assert_eq!(faults, expected.map(|fault| vec![fault]));
    }
}

/// Certificates of kinds that the tests can't make themselves; no one has their keys.
#[test]
fn weak_certificates_are_not_helped_by_trusting_them() {
    use CertificateFault as Fault;
    let pem = |name: &str| {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/effects/http/tests/certificates");
        std::fs::read(format!("{folder}/{name}.pem")).unwrap()
    };
    let table = [
        ("sha1-self", "sha1-self", vec![Fault::WeakSignature("SHA-1")]),
        ("rsa1024-self", "rsa1024-self", vec![Fault::ShortKey(1024)]),
        ("sha1-ca-self", "sha1-ca-self", vec![Fault::WeakSignature("SHA-1"), Fault::Authority]),
        ("under-rsa1024", "rsa1024-authority", vec![Fault::ShortKeyAbove(1024)]),
        ("purpose-self", "purpose-self", vec![Fault::Purpose]),
        ("no-names", "no-names", vec![Fault::NoNames]),
    ];
    for (shown, trusted, expected) in table {
        let trusted = pem(trusted);
        let verifier = verifier(&trusted).unwrap();
        let der = |pem: &[u8]| CertificateDer::from_pem_slice(pem).unwrap();
        let name = ServerName::try_from("localhost").unwrap();

        let error = verifier
            .verify_server_cert(&der(&pem(shown)), &[der(&trusted)], &name, &[], UnixTime::now())
            .unwrap_err();

        let rustls::Error::InvalidCertificate(CertificateError::Other(OtherError(other))) = error
        else {
            panic!("{shown}: {error:?}");
        };
        assert_eq!(other.downcast_ref::<Refused>().unwrap().0.faults, expected, "{shown}");
    }
}

/// Windows says "expired" of both.
#[test]
fn a_certificate_is_called_not_valid_yet_or_expired_by_its_own_dates() {
    let mut params = rcgen::CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    params.not_before = rcgen::date_time_ymd(3000, 1, 1);
    params.not_after = rcgen::date_time_ymd(3001, 1, 1);
    let shown = params.self_signed(&rcgen::KeyPair::generate().unwrap()).unwrap();
    let error = rustls::Error::InvalidCertificate(CertificateError::Expired);
    // In the year 3100.
    let long_after = UnixTime::since_unix_epoch(Duration::from_hours(9_905_376));
    for (now, expected) in [
        (UnixTime::now(), CertificateFault::NotYet(Some("3000-01-01".to_owned()))),
        (long_after, CertificateFault::Expired(Some("3001-01-01".to_owned()))),
    ] {
        assert_eq!(faults(&error, shown.der(), &[], now), [expected]);
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
    let name = name.to_owned() + &"x".repeat(10_000);
    let client = client(ProxySource::None, Some(&Authority::named("Trusted CA")));
    for tls in [
        Authority::named(&name).for_host("localhost"),
        Authority::named("Portal").for_subject(&name, "localhost"),
    ] {
        let server = Server::secured(answer("200 OK", "", b""), tls).await;
        let url = format!("https://localhost:{}/", server.address.port());

        let error = ask(&client, &url).await.map(drop).unwrap_err();

        let logged = format!("{error:?}");
        let problem = Problem::new(&error.into(), &About::default());
        for text in [problem.why.to_string(), logged] {
            assert!(text.contains("CN=Portal ]0;yours  [2J H") && text.len() < 1_000, "{text:?}");
            let moves = |c: char| c.is_control() || "\u{202e}\u{61c}\u{2028}".contains(c);
            assert!(!text.contains(moves), "{text:?}");
        }
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

    let expected = (None, None, vec![CertificateFault::NoTls]);
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

    assert!(matches!(error, HttpError::NoCertificates { fault: None }), "{error:?}");
}

#[test]
fn what_the_environment_names_is_found_or_judged() {
    use NamedFaultKind as Kind;
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let (first, second) = (Authority::named("First CA"), Authority::named("Second CA"));
    let der = CertificateDer::from_pem_slice(first.pem().as_bytes()).unwrap();
    let damaged = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    std::fs::write(path("bundle.pem"), first.pem() + &second.pem()).unwrap();
    std::fs::write(path("part.pem"), damaged.to_owned() + &second.pem()).unwrap();
    std::fs::write(path("empty.pem"), "\n").unwrap();
    std::fs::write(path("ca.der"), &der).unwrap();
    std::fs::write(path("notes.txt"), "no certificate").unwrap();
    std::fs::write(path("damaged.pem"), damaged).unwrap();
    for name in ["certs", "none"] {
        std::fs::create_dir(path(name)).unwrap();
        std::fs::write(path(name).join("notes.txt"), "no certificate").unwrap();
    }
    std::fs::write(path("certs").join("second.pem"), second.pem()).unwrap();

    for (name, expected) in [
        ("bundle.pem", Ok(2)),
        ("part.pem", Ok(2)),
        ("empty.pem", Err(Kind::Empty)),
        ("ca.der", Err(Kind::Der)),
        ("notes.txt", Err(Kind::NoCertificate)),
        ("damaged.pem", Err(Kind::Broken)),
        ("certs", Err(Kind::Folder)),
        ("missing", Err(Kind::Missing)),
        ("notes.txt/missing", Err(Kind::Missing)),
    ] {
        let (named, found) = named_by(Some(&path(name)), None);
        let judged = named.fault.map_or(Ok(found.len()), |fault| Err(fault.kind));
        assert_eq!(judged, expected, "{name}");
    }
    for (name, expected) in [
        ("certs", Ok(1)),
        ("none", Err(Kind::NoCertificate)),
        ("bundle.pem", Err(Kind::NotAFolder)),
        ("missing", Err(Kind::Missing)),
    ] {
        let (named, found) = named_by(None, Some(&[path(name)]));
        let judged = named.fault.map_or(Ok(found.len()), |fault| Err(fault.kind));
        assert_eq!(judged, expected, "{name}");
    }
    let (named, found) = named_by(Some(&path("ca.der")), Some(&[path("certs")]));
    assert_eq!((named.variables.len(), found.len()), (2, 1));
    assert_eq!(named.fault.unwrap().variable, "SSL_CERT_FILE");
}
