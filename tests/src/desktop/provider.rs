//! A sandbox inside the test, which keeps every secret it issued or received.

use std::sync::Arc;

use birdkey::effects::deep_link::REDIRECT_URI;
use birdkey_sandbox::{
    Approve, ClientType, DEMO_CLIENT_ID, Ledger, Received, Registration, Sandbox, Settings, serve,
};

use super::command::{birdkey, log_in, text};
use super::private::PrivateDesktop;

/// The client id of the confidential app.
pub const CONFIDENTIAL: &str = "Y29uZmlkZW50aWFsLWFwcC10c3Q6MTpjaQ";
/// Its secret.
pub const CLIENT_SECRET: &str = "the-secret-of-the-confidential-app";

/// The server, until the test's runtime ends.
pub struct Provider {
    /// Where it listens.
    pub address: String,
    /// The only redirect URI of both apps.
    pub redirect_uri: String,
    /// For planning faults.
    pub sandbox: Arc<Sandbox>,
    ledger: Arc<Ledger>,
}

impl Provider {
    /// A public and a confidential app, registered with a redirect to a free port.
    pub async fn start(approve: Approve) -> Self {
        let ledger = Arc::new(Ledger::default());
        let settings =
            Settings { approve, ledger: Some(Arc::clone(&ledger)), ..Settings::default() };
        let sandbox = Sandbox::open(settings).unwrap();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let redirect_uri = format!("http://{free}/callback");
        for (client_id, client_type, client_secret) in [
            (DEMO_CLIENT_ID, ClientType::Public, None),
            (CONFIDENTIAL, ClientType::Confidential, Some(CLIENT_SECRET.to_owned())),
        ] {
            sandbox.register(Registration {
                name: "An app".into(),
                client_id: client_id.into(),
                client_type,
                client_secret,
                redirect_uris: vec![redirect_uri.clone()],
            });
        }
        tokio::spawn(serve(Arc::clone(&sandbox), listener, std::future::pending()));
        Self { address, redirect_uri, sandbox, ledger }
    }

    /// Registers the link to the desktop app for the demo app, and the line that adds it so.
    pub fn add_with_link(&self) -> Vec<&str> {
        self.sandbox.register(Registration {
            name: "An app".into(),
            client_id: DEMO_CLIENT_ID.into(),
            client_type: ClientType::Public,
            client_secret: None,
            redirect_uris: vec![REDIRECT_URI.into()],
        });
        let mut line = self.add(DEMO_CLIENT_ID);
        for word in &mut line {
            if *word == self.redirect_uri {
                *word = REDIRECT_URI;
            }
        }
        line
    }

    /// `birdkey app add …` for one of the apps.
    pub fn add(&self, client_id: &'static str) -> Vec<&str> {
        let redirect = ["--redirect-uri", &self.redirect_uri, "--client-id", client_id];
        let at = ["app", "add", "--provider", "sandbox", "--sandbox-url", &self.address];
        [&at[..], &redirect[..]].concat()
    }

    /// Every secret so far: codes, tokens, states, verifiers, the client secret.
    pub fn secrets(&self) -> Vec<String> {
        let mut secrets = self.ledger.issued();
        for kind in [Received::State, Received::Code, Received::Verifier] {
            secrets.extend(self.ledger.received(kind));
        }
        secrets.push(CLIENT_SECRET.to_owned());
        secrets
    }

    /// The refresh token that works; the last thing issued.
    pub fn newest_refresh_token(&self) -> String {
        self.ledger.issued().pop().unwrap()
    }

    /// How many codes were exchanged.
    pub fn exchanges(&self) -> usize {
        self.ledger.received(Received::Code).len()
    }

    /// How many refreshes were asked for.
    pub fn refreshes(&self) -> usize {
        self.ledger.received(Received::RefreshToken).len()
    }

    /// The states of all logins, which the browser's own address holds.
    pub fn states(&self) -> Vec<String> {
        self.ledger.received(Received::State)
    }
}

/// A desktop on which the demo user is logged in to a sandbox.
pub async fn logged_in() -> (PrivateDesktop, Provider) {
    let desktop = PrivateDesktop::start().await;
    let provider = Provider::start(Approve::Auto).await;
    let added = birdkey(&desktop, &provider.add(DEMO_CLIENT_ID));
    assert!(added.status.success(), "{}", text(&added.stderr));
    let (login, _) = log_in(&desktop, &[]).await;
    assert!(login.status.success(), "{}", text(&login.stderr));
    (desktop, provider)
}
