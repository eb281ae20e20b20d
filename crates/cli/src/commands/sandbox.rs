//! `birdkey sandbox`: a pretend X on this machine, until Ctrl-C.

use std::fmt::Write as _;
use std::io;

use birdkey::app::default_redirect_uris;
use birdkey::effects::folders::Folders;
use birdkey::problem::{About, Problem, sandbox as problem};
use birdkey::protocol::provider::ProviderKind;
use birdkey_sandbox::{
    Approve, ClientType, DEFAULT_PORT, DEMO_CLIENT_ID, Registration, Sandbox, Settings, Store,
    StoreError, demo_registration, serve,
};
use tokio::net::TcpListener;

use crate::args::{ApproveName, Sandbox as Arguments};
use crate::json;
use crate::output::Ending;
use crate::output::Output;

/// The client id of the confidential demo app: base64url of `birdkey-sandbox-demo:1:ci`.
const CONFIDENTIAL_CLIENT_ID: &str = "YmlyZGtleS1zYW5kYm94LWRlbW86MTpjaQ";

pub(crate) async fn run(arguments: &Arguments, output: &Output) -> Result<(), Ending> {
    let folders =
        Folders::of_this_user().map_err(|error| Problem::new(&error.into(), &About::default()))?;
    let store = Store::open(&folders.data).map_err(|error| unusable(&error))?;
    if arguments.remove {
        store.remove().map_err(|error| unusable(&error))?;
        output.say("The sandbox's apps, users and grants are forgotten.");
        return Ok(());
    }
    let listener = bind(arguments.port.or(store.preferred_port()).unwrap_or(DEFAULT_PORT)).await?;
    let address = address(&listener)?;
    let settings = Settings {
        approve: match arguments.approve {
            ApproveName::Ask => Approve::Ask,
            ApproveName::Auto => Approve::Auto,
        },
        store: Some(store),
        ..Settings::default()
    };
    let sandbox = Sandbox::open(settings).map_err(|error| unusable(&error))?;
    sandbox.register(demo_registration(redirect_uris(arguments)));
    for plan in &arguments.faults {
        sandbox.plan(*plan);
    }
    sandbox.announce(&address).map_err(|error| unusable(&error))?;
    let confidential =
        arguments.confidential.then(|| confidential(&sandbox, arguments)).transpose()?;
    introduce(&address, confidential.as_deref(), output)?;
    let stop = async {
        // Without a signal handler Ctrl-C ends the process all the same.
        tokio::signal::ctrl_c().await.ok();
    };
    serve(sandbox, listener, stop).await.map_err(|error| problem::cannot_listen(&error).into())
}

fn redirect_uris(arguments: &Arguments) -> Vec<String> {
    let mut uris = default_redirect_uris(ProviderKind::Sandbox, "");
    uris.extend(arguments.redirect_uris.iter().cloned());
    uris
}

/// Says where it is and how to use it; the secret of the confidential app goes to a pipe, never into
/// an argument.
fn introduce(address: &str, secret: Option<&str>, output: &Output) -> Result<(), Ending> {
    let add = add_line(address, DEMO_CLIENT_ID);
    let add_confidential = format!(
        "{} --confidential --client-secret-file -",
        add_line(address, CONFIDENTIAL_CLIENT_ID)
    );
    if output.is_json() {
        let confidential = secret.map(|secret| json::ConfidentialApp {
            client_id: CONFIDENTIAL_CLIENT_ID,
            client_secret: json::Revealed(secret),
            add: &add_confidential,
        });
        let client_id = DEMO_CLIENT_ID;
        return output.json(&json::Sandbox { address, client_id, add: &add, confidential });
    }
    output.data(address)?;
    output.say("The sandbox is running; it is not X. Press Ctrl-C to stop it. To use it:\n");
    output.say(&format!("  {add}\n  birdkey login"));
    let Some(secret) = secret else { return Ok(()) };
    output.say("\nThe confidential demo app; its secret is the next line of the output:\n");
    output.say(&format!("  {add_confidential}"));
    output.data(secret)
}

/// Registers the confidential demo app; its secret.
fn confidential(sandbox: &Sandbox, arguments: &Arguments) -> Result<String, Problem> {
    use birdkey::effects::random::{Random as _, SystemRandom};
    let mut bytes = [0; 24];
    SystemRandom
        .fill(&mut bytes)
        .map_err(|error| Problem::new(&error.into(), &About::default()))?;
    let mut secret = String::new();
    for byte in bytes {
        // Writing into a text can't fail.
        write!(secret, "{byte:02x}").ok();
    }
    sandbox.register(Registration {
        name: "Confidential demo app".into(),
        client_id: CONFIDENTIAL_CLIENT_ID.into(),
        client_type: ClientType::Confidential,
        client_secret: Some(secret.clone()),
        redirect_uris: redirect_uris(arguments),
    });
    Ok(secret)
}

fn add_line(address: &str, client_id: &str) -> String {
    format!(
        "birdkey app add --provider sandbox --name Sandbox --sandbox-url {address} --client-id {client_id}"
    )
}

async fn bind(port: u16) -> Result<TcpListener, Problem> {
    TcpListener::bind(("127.0.0.1", port)).await.map_err(|error| {
        if error.kind() == io::ErrorKind::AddrInUse {
            return problem::port_taken(port);
        }
        problem::cannot_listen(&error)
    })
}

fn address(listener: &TcpListener) -> Result<String, Problem> {
    let local = listener.local_addr().map_err(|error| problem::cannot_listen(&error))?;
    Ok(format!("http://{local}"))
}

/// Words for why the sandbox's own files can't be used.
fn unusable(error: &StoreError) -> Problem {
    if let StoreError::InUse { address } = error {
        return problem::in_use(address.as_deref());
    }
    problem::file_unusable(error.to_string())
}
