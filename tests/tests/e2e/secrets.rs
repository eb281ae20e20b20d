//! No secret lies where it does not belong.

use std::path::Path;

use birdkey::protocol::client::ClientType;
use birdkey_sandbox::Received;

use crate::stage::{CLIENT_SECRET, CONFIDENTIAL, Stage};

#[tokio::test]
async fn no_secret_is_in_files_views_or_debug_output() {
    let mut stage = Stage::new().await;
    let app = stage.app(CONFIDENTIAL, ClientType::Confidential, Some(CLIENT_SECRET));
    stage.engine.add_app(app).await.unwrap();
    stage.log_in().await.unwrap();
    let handed_out = stage.engine.token(None, &birdkey::token::Needs::default()).await.unwrap();
    let page = stage.watched.pages.recv().await.unwrap();

    let mut secrets = stage.ledger.issued();
    for kind in [Received::State, Received::Code, Received::Verifier] {
        secrets.extend(stage.ledger.received(kind));
    }
    secrets.push(CLIENT_SECRET.to_owned());
    assert!(secrets.len() >= 6, "code, tokens, state, verifier, secret: {}", secrets.len());
    let view = serde_json::to_string(&stage.view()).unwrap();
    let files = texts_below(stage.root.path());
    assert!(files.iter().any(|(name, _)| name.ends_with("accounts.json")));
    for secret in &secrets {
        assert!(!view.contains(secret), "the View");
        assert!(!format!("{handed_out:?}").contains(secret), "debug output");
        assert!(!page.text.contains(secret) && !page.url.contains(secret), "the browser page");
        for (name, text) in &files {
            assert!(!text.contains(secret), "{name}");
        }
    }
}

fn texts_below(folder: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(texts_below(&path));
        } else {
            let text = String::from_utf8_lossy(&std::fs::read(&path).unwrap()).into_owned();
            found.push((path.display().to_string(), text));
        }
    }
    found
}
