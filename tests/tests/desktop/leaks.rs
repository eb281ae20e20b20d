//! After a whole run, window and command, no secret lies anywhere but in the keychain.

use std::collections::BTreeSet;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;

use birdkey_sandbox::{Approve, DEMO_CLIENT_ID};
use birdkey_tests::desktop::{
    AppWindow, CLIENT_SECRET, CONFIDENTIAL, Chromium, PrivateDesktop, Provider, arguments_of_all,
    binary, birdkey, give, items_of, service_of, text,
};
use birdkey_tests::scan::find_in_tree;

use crate::login::log_out;

/// Reads the arguments of all processes again and again.
struct Listener {
    stop: Arc<AtomicBool>,
    thread: JoinHandle<BTreeSet<String>>,
}

impl Listener {
    fn start() -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        let thread = std::thread::spawn(move || {
            let mut heard = BTreeSet::new();
            while !stopped.load(Ordering::Relaxed) {
                heard.extend(arguments_of_all());
            }
            heard
        });
        Self { stop, thread }
    }

    fn heard(self) -> BTreeSet<String> {
        self.stop.store(true, Ordering::Relaxed);
        self.thread.join().unwrap()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_whole_run_no_secret_is_anywhere_but_in_the_keychain() {
    let desktop = PrivateDesktop::start().await;
    let provider = Provider::start(Approve::Ask).await;
    let listener = Listener::start();
    let mut said = Vec::new();
    said.push(birdkey(&desktop, &provider.add(DEMO_CLIENT_ID)));
    let window = AppWindow::open(&desktop).await;
    let chromium = Chromium::start(&desktop).await;

    // The window logs in through the public app, the command through the confidential one.
    window.click("[data-test=log-in]").await;
    chromium.authorize(&desktop.browser_url().await, "demo_ada").await;
    window.wait_for("[data-test=account-username]").await;
    let mut pages = vec![window.source().await];
    let confidential = ["--confidential", "--client-secret-file", "-", "--name", "Confidential"];
    let add = [provider.add(CONFIDENTIAL), confidential.to_vec()].concat();
    said.push(give(&desktop, &add, CLIENT_SECRET));
    let program = binary("birdkey").display().to_string();
    let mut login = desktop.command(&program);
    login.args(["login", "--app", "Confidential"]).stdout(Stdio::piped()).stderr(Stdio::piped());
    let login = login.spawn().unwrap();
    chromium.authorize(&desktop.browser_url().await, "demo_grace").await;
    said.push(login.wait_with_output().unwrap());
    pages.push(window.source().await);

    // Every command that shows something, and the one that may show a token.
    for arguments in [
        &["status"][..],
        &["status", "--json"],
        &["app", "list", "--json"],
        &["app", "show", "Confidential", "--json"],
        &["token", "--account", "@nobody"],
    ] {
        said.push(birdkey(&desktop, arguments));
    }
    let token = birdkey(&desktop, &["token", "--account", "@demo_grace"]);
    assert!(provider.secrets().contains(&text(&token.stdout)), "the token alone on stdout");
    assert_eq!(text(&token.stderr), "");
    assert_eq!(items_of(&desktop, &service_of(&desktop)).len(), 3, "two grants, one secret");

    // Both log out.
    said.push(birdkey(&desktop, &["logout", "--account", "@demo_grace", "--json"]));
    log_out(&window).await;
    pages.push(window.source().await);
    chromium.close().await;
    window.close().await;

    let secrets = provider.secrets();
    assert!(secrets.len() >= 13, "2 × (code, 2 tokens, state, code, verifier), 1 client secret");
    let folders = ["config", "data", "tmp", "home/.config", "home/.cache", "window.log"];
    let found: Vec<_> = folders
        .iter()
        .flat_map(|folder| find_in_tree(&desktop.root().join(folder), &secrets))
        .collect();
    assert_eq!(found, Vec::<String>::new(), "files");
    for (number, secret) in secrets.iter().enumerate() {
        for page in &pages {
            assert!(!page.contains(secret), "the page of the webview holds secret {number}");
        }
        for output in &said {
            let all = [text(&output.stdout), text(&output.stderr)].concat();
            assert!(!all.contains(secret), "secret {number} is in: {all}");
        }
    }
    assert_arguments(&listener.heard(), &secrets, &provider.states());
    assert!(said.iter().filter(|output| !output.status.success()).count() == 1, "@nobody alone");
}

/// The only exception is the authorize URL on its way to the browser: it holds the state.
fn assert_arguments(heard: &BTreeSet<String>, secrets: &[String], states: &[String]) {
    assert!(heard.iter().any(|line| line.contains("app add")), "the listener heard anything");
    for (number, secret) in secrets.iter().enumerate() {
        for line in heard.iter().filter(|line| line.contains(secret)) {
            let on_its_way = line.contains("/i/oauth2/authorize?") && states.contains(secret);
            assert!(on_its_way, "secret {number} is among arguments");
        }
    }
}
