//! A client library that logs in by itself: what works with it at X works at the sandbox.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::process::Stdio;

use birdkey_sandbox::DEMO_CLIENT_ID;
use birdkey_tests::desktop::{CLIENT_SECRET, CONFIDENTIAL, leads_to};

use crate::ground::{Ground, libraries_of_node};
use crate::page::root;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_library_for_node_logs_in_refreshes_and_revokes_at_the_sandbox() {
    let ground = Ground::start().await;
    libraries_of_node("twitter-api-v2");
    for app in [&[DEMO_CLIENT_ID][..], &[CONFIDENTIAL, CLIENT_SECRET]] {
        let mut client = ground.command("node");
        client.arg(root().join("tests/recipes/client.mjs"));
        client.arg(&ground.provider.redirect_uri).args(app);
        let client = client.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut client = client.spawn().unwrap();
        let mut screen = BufReader::new(client.stdout.take().unwrap());
        let mut link = String::new();
        screen.read_line(&mut link).unwrap();

        let link = link.trim().replace("https://x.com/", &format!("{}/", ground.api.address));
        let back = leads_to(&link).await;
        let code = back.split(['?', '&']).find_map(|pair| pair.strip_prefix("code=")).unwrap();
        writeln!(client.stdin.take().unwrap(), "{code}").unwrap();

        let mut said = String::new();
        screen.read_to_string(&mut said).unwrap();
        assert!(client.wait().unwrap().success(), "{app:?}: {said}");
        let (name, token) = said.trim().split_once('\n').unwrap();
        assert_eq!(name, "@demo_ada", "{app:?}");
        assert!(!ground.provider.sandbox.accepts(token), "{app:?}: revoked");
    }
}
