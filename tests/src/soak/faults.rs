//! What server and network may do to a refresh: each with its Problem, and the vault byte for byte.

use std::io::Read as _;
use std::net::TcpListener;

use birdkey::app::Binding;
use birdkey::effects::clock::SystemClock;
use birdkey::effects::vault::{ItemName, KeyringVault, Vault as _};
use birdkey::effects::{files, seal};
use birdkey::grant::{Circumstances, Grant};
use birdkey::protocol::secret::Secret;
use birdkey::protocol::token::TokenResponse;
use birdkey::store::accounts::{self, Account};
use birdkey::store::config;

use super::Size;
use super::ground::{Ended, Ground, ended};
use crate::desktop::{PrivateDesktop, birdkey, items_of, service_of, text};

/// The plan, how the refresh ends, and whether a note has to stay: the token may be spent, or the
/// server said when it wants to be asked again.
const TROUBLE: [(&str, i32, &str, bool); 20] = [
    ("token:rate-limited", 6, "rate_limited", true),
    ("token:rate-limited-old", 6, "rate_limited", false),
    ("token:unavailable", 6, "server_unavailable", true),
    ("token:bad-gateway", 6, "server_unavailable", true),
    ("token:outage", 6, "server_unavailable", true),
    ("token:empty=429", 6, "rate_limited", false),
    ("token:html=429", 6, "rate_limited", false),
    ("token:empty=500", 6, "server_unavailable", true),
    ("token:html=504", 6, "server_unavailable", true),
    ("token:html=403", 6, "answer_not_json", true),
    ("token:drop-before", 6, "connection_broke_off", true),
    ("token:refuse=1", 5, "code_refused", false),
    ("token:refuse=2", 3, "redirect_uri_wrong", false),
    ("token:refuse=3", 5, "verifier_refused", false),
    ("token:refuse=4", 3, "app_type_wrong", false),
    ("token:refuse=6", 3, "app_type_wrong", false),
    ("token:refuse=7", 3, "client_id_wrong", false),
    ("token:refuse=9", 5, "request_refused", false),
    ("token:refuse=11", 5, "request_refused", false),
    ("token:refuse=5", 4, "refresh_refused", false),
];
/// Replies that are spoiled after the rotation: the old token is spent, and that is said.
const SPOILED: [(&str, i32, &str); 3] = [
    ("token:drop-after", 6, "connection_broke_off"),
    ("token:truncated", 6, "answer_cut_off"),
    ("token:oversized", 6, "answer_too_large"),
];
/// Odd, but whole.
const TAKEN: [&str; 6] = [
    "token:delay=200",
    "token:wrong-type",
    "token:duplicate-keys",
    "token:no-refresh-token",
    "token:skewed-date=-86400",
    // Last, because what it took away is missed until it is granted again.
    "token:fewer-scopes",
];

pub(super) async fn of_the_server(ground: Ground, size: Size) -> String {
    for (plan, exit_code, problem, note) in TROUBLE {
        let before = ground.held().await;
        ground.plan(plan);
        assert_eq!(ground.ends(&["refresh"]), Ended::with(exit_code, problem), "{plan}");
        assert_eq!(ground.held().await, before, "{plan}: byte for byte");
        assert_eq!(ground.intents(), usize::from(note), "{plan}");
        assert_eq!(ground.ends(&["refresh"]), Ended::well(), "{plan}: nothing was lost");
    }
    for plan in TAKEN {
        let before = refresh_token_of(&ground.held().await);
        ground.plan(plan);
        assert_eq!(ground.ends(&["refresh"]), Ended::well(), "{plan}");
        let kept = refresh_token_of(&ground.held().await) == before;
        assert_eq!(kept, plan == "token:no-refresh-token", "{plan}: the old token stays only here");
        let note = ground.status()["accounts"][0]["problem"]["code"].clone();
        assert_eq!(note == "scopes_lost", plan == "token:fewer-scopes", "{plan}: {note}");
        // This server has retired the refresh token that stayed.
        if kept {
            ground.succeeds(&["logout"]);
            ground.log_in().await;
        }
    }
    let mut rows = TROUBLE.len() + TAKEN.len();
    // Takes the whole 30 seconds that a request may.
    let slow = [("token:slow-drip", 6, "request_timed_out")];
    let slow = if size == Size::Full { &slow[..] } else { &[] };
    for (plan, exit_code, problem) in SPOILED.iter().chain(slow) {
        let before = ground.held().await;
        ground.plan(plan);
        assert_eq!(ground.ends(&["refresh"]), Ended::with(*exit_code, problem), "{plan}");
        assert_eq!(ground.held().await, before, "{plan}: byte for byte");
        assert_eq!(ground.ends(&["refresh"]), Ended::with(4, "refresh_reply_lost"), "{plan}");
        ground.log_in().await;
        rows += 1;
    }
    ground.assert_no_leak().await;
    let skipped = if size == Size::Short { " (slow-drip skipped: it takes 30 s)" } else { "" };
    format!("faults, {}: {rows} rows as expected{skipped}, no secret in a file", ground.kind)
}

/// The refresh token of the only grant.
fn refresh_token_of(held: &[String]) -> String {
    let grant: serde_json::Value = serde_json::from_str(&held[0]).unwrap();
    grant["refresh_token"].as_str().unwrap().to_owned()
}

/// Failures before anything was sent.
pub(super) async fn of_the_network() -> String {
    let desktop = PrivateDesktop::start().await;
    let closed = {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.local_addr().unwrap()
    };
    let no_tls = no_tls();
    let rows = [
        ("dns", "https://nowhere.invalid/token".to_owned(), "host_not_found"),
        ("connect", format!("http://{closed}/token"), "no_connection"),
        ("tls", format!("https://{no_tls}/token"), "tls_failed"),
    ];
    for (name, url, problem) in &rows {
        let custom = ["app", "add", "--provider", "custom", "--name", name, "--client-id", name];
        let at = ["--authorize-url", url, "--token-url", url];
        let added = birdkey(&desktop, &[&custom[..], &at].concat());
        assert!(added.status.success(), "{}", text(&added.stderr));
        plant(&desktop, name).await;
        let held = items_of(&desktop, &service_of(&desktop));
        let output = birdkey(&desktop, &["token", "--account", name, "--json"]);
        assert_eq!(ended(&output), Ended::with(6, problem), "{name}");
        assert_eq!(items_of(&desktop, &service_of(&desktop)), held, "{name}: byte for byte");
        let notes = files::names_in(&desktop.data().join("locks"));
        assert!(!notes.iter().any(|note| note.ends_with(".intent")), "{name}: {notes:?}");
    }
    format!("faults, network: {} rows as expected, no note left behind", rows.len())
}

/// A grant of this app in keychain and list, long expired, as if it had logged in once.
async fn plant(desktop: &PrivateDesktop, app_name: &str) {
    let apps = config::read(&desktop.config()).unwrap().apps;
    let app = apps.iter().find(|app| app.name.is_named(app_name)).unwrap();
    let response = TokenResponse {
        token_type: "bearer".into(),
        access_token: Secret::new("AT".into()),
        refresh_token: Some(Secret::new("RT".into())),
        expires_in: Some(1),
        scope: None,
    };
    let grant = Grant::new(
        response,
        Circumstances {
            serial: "planted".into(),
            seal_key: seal::new_key(),
            binding: Binding::of(&app.client_id, &app.provider.endpoints().unwrap()),
            server: None,
            home: None,
            kind: app.provider.kind(),
            scopes_requested: app.scopes.clone(),
            obtained_at_ms: 1_000,
            issuer_seen: None,
        },
    );
    let clock = std::sync::Arc::new(SystemClock::new());
    let vault = KeyringVault::on_bus(service_of(desktop), clock, desktop.bus_address());
    let name = ItemName::grant(&app.id, app_name);
    vault.write(&name, "Birdkey", &grant.to_item()).await.unwrap();
    let account = Account::new(app_name.to_owned(), app.id.clone(), &grant);
    accounts::change(&desktop.data(), |all| all.push(account)).unwrap();
}

/// A server that answers a TLS greeting with something else.
fn no_tls() -> std::net::SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let mut stream = stream;
            let mut greeting = [0; 64];
            // Whatever comes, the answer is no TLS.
            drop(stream.read(&mut greeting));
            drop(std::io::Write::write_all(&mut stream, b"HTTP/1.0 400 Bad Request\r\n\r\n"));
        }
    });
    address
}
