//! Proxy and certificates named by the environment.
//!
//! A test must not change the environment of its own process, so each starts itself again.

use std::process::{Command, Output};
use std::sync::Arc;

use super::proxy::{connect_proxy, refusing_proxy};
use super::server::{Server, answer};
use super::{Authority, FAR_HOST, ReqwestHttp, ask};
use crate::effects::clock::SystemClock;

/// Which addresses the process that was started anew asks, separated by spaces.
const ASK: &str = "BIRDKEY_TEST_ASK";

/// Starts the test `name` of this program again, in an environment of its own.
async fn started_again(name: &str, environment: Vec<(&'static str, String)>) -> String {
    let name = format!("{}::{name}", module_path!().split_once("::").unwrap().1);
    let run = move || {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", &name, "--nocapture"]);
        for variable in ["HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_DIR"] {
            command.env_remove(variable).env_remove(variable.to_ascii_lowercase());
        }
        command.envs(environment).output().unwrap()
    };
    let Output { stdout, stderr, .. } = tokio::task::spawn_blocking(run).await.unwrap();
    String::from_utf8_lossy(&[stdout, stderr].concat()).into_owned()
}

/// Asks what the environment names with nothing but defaults, and prints how each request ended.
async fn ask_what_is_named(urls: &str) {
    let client = ReqwestHttp::new(Arc::new(SystemClock::new()));
    for url in urls.split(' ') {
        match ask(&client, url).await {
            Ok(answer) => println!("answered {}", answer.status),
            Err(error) => println!("failed {error:?}"),
        }
    }
}

#[tokio::test]
async fn proxy_and_certificates_of_the_environment_are_honored() {
    if let Ok(urls) = std::env::var(ASK) {
        return ask_what_is_named(&urls).await;
    }
    let authority = Authority::named("Private CA");
    let tls = authority.for_host(FAR_HOST);
    let server = Server::secured(answer("200 OK", "", b""), tls).await;
    let loopback = Server::answering(answer("204 No Content", "", b"")).await;
    let proxy = connect_proxy(server.address).await;
    let folder = tempfile::tempdir().unwrap();
    let pem = folder.path().join("private.pem");
    std::fs::write(&pem, authority.pem()).unwrap();

    for variable in ["SSL_CERT_FILE", "SSL_CERT_DIR"] {
        let named = if variable == "SSL_CERT_FILE" { pem.as_path() } else { folder.path() };
        let environment = vec![
            (ASK, format!("https://{FAR_HOST}/ {}", loopback.url())),
            (variable, named.to_string_lossy().into_owned()),
            ("HTTPS_PROXY", format!("http://{}", proxy.address)),
            ("HTTP_PROXY", format!("http://{}", proxy.address)),
        ];
        let said =
            started_again("proxy_and_certificates_of_the_environment_are_honored", environment)
                .await;

        assert!(said.contains("answered 200"), "{variable}: {said}");
        assert!(said.contains("answered 204"), "{variable}: {said}");
    }
    assert_eq!(proxy.seen().len(), 2, "one for each variable, none for loopback");
}

#[tokio::test]
async fn an_empty_variable_counts_as_unset() {
    if let Ok(urls) = std::env::var(ASK) {
        return ask_what_is_named(&urls).await;
    }
    let proxy = refusing_proxy(b"HTTP/1.1 503 No\r\n\r\n").await;
    let address = format!("http://{}", proxy.address);
    let table = [
        vec![("HTTPS_PROXY", String::new()), ("https_proxy", address.clone())],
        vec![("HTTPS_PROXY", String::new()), ("ALL_PROXY", " ".into()), ("all_proxy", address)],
    ];
    for mut environment in table {
        environment.push((ASK, format!("https://{FAR_HOST}/")));
        environment.push(("NO_PROXY", String::new()));
        environment.push(("no_proxy", "elsewhere.test".into()));

        let said = started_again("an_empty_variable_counts_as_unset", environment.clone()).await;

        assert!(said.contains("Proxy(Status(503))"), "{environment:?}: {said}");
        let named = environment[environment.len() - 4].0;
        assert!(said.contains(&format!("Variable(\"{named}\")")), "{said}");
    }
}

#[tokio::test]
async fn a_variable_that_names_no_usable_proxy_is_named() {
    if let Ok(urls) = std::env::var(ASK) {
        return ask_what_is_named(&urls).await;
    }
    let unusable = |scheme: &str| {
        format!("unusable: Some(UnusableProxy {{ variable: \"HTTPS_PROXY\", scheme: {scheme} }})")
    };
    let table = [
        ("gopher://ada:hunter2@proxy.test:70", unusable("Some(\"gopher\")")),
        ("http://ada:hunter2@proxy.test:port", unusable("None")),
        ("http://", unusable("None")),
        ("two words", unusable("None")),
    ];
    for (value, expected) in table {
        let environment = vec![
            (ASK, "https://nowhere.invalid/ https://excepted.invalid/".to_owned()),
            ("HTTPS_PROXY", value.to_owned()),
            ("NO_PROXY", "excepted.invalid".to_owned()),
        ];

        let said =
            started_again("a_variable_that_names_no_usable_proxy_is_named", environment).await;

        assert!(said.contains(&expected), "{value}: {said}");
        assert!(said.contains("host: \"excepted.invalid\", unusable: None"), "{said}");
        assert!(!said.contains("hunter2"), "{said}");
    }
}

/// Elsewhere the system's certificates stay beside those of the variable.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_certificate_file_that_is_not_there_is_told_and_loopback_needs_none() {
    if let Ok(urls) = std::env::var(ASK) {
        return ask_what_is_named(&urls).await;
    }
    let loopback = Server::answering(answer("204 No Content", "", b"")).await;

    for (value, expected) in [("/nowhere/at/all.pem", "Missing"), ("", "Blank")] {
        let environment = vec![
            (ASK, format!("{} https://{FAR_HOST}/", loopback.url())),
            ("SSL_CERT_FILE", value.to_owned()),
        ];
        let said = started_again(
            "a_certificate_file_that_is_not_there_is_told_and_loopback_needs_none",
            environment,
        )
        .await;

        assert!(said.contains("answered 204"), "{said}");
        let fault = format!(
            "NoCertificates {{ fault: Some(NamedFault {{ variable: \"SSL_CERT_FILE\", path: {value:?}, kind: {expected} }})"
        );
        assert!(said.contains(&fault), "{said}");
    }
}

/// What the variable names takes the place of the system's certificates: an issuer that is not there
/// is not trusted, and the message has to say that the variable is why.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_certificate_file_without_the_issuer_is_named() {
    if let Ok(urls) = std::env::var(ASK) {
        return ask_what_is_named(&urls).await;
    }
    let tls = Authority::named("Private CA").for_host("localhost");
    let server = Server::secured(answer("200 OK", "", b""), tls).await;
    let folder = tempfile::tempdir().unwrap();
    let pem = folder.path().join("other.pem");
    std::fs::write(&pem, Authority::named("Another CA").pem()).unwrap();

    let environment = vec![
        (ASK, format!("https://localhost:{}/", server.address.port())),
        ("SSL_CERT_FILE", pem.to_string_lossy().into_owned()),
    ];
    let said = started_again("a_certificate_file_without_the_issuer_is_named", environment).await;

    let named = "named: NamedCertificates { variables: [\"SSL_CERT_FILE\"], fault: None }";
    assert!(said.contains("UnknownIssuer") && said.contains(named), "{said}");
}
