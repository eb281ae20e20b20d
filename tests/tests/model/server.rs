//! What every server of the model is to the world, and the sandbox as one.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, mpsc};
use std::time::Duration;

use birdkey_sandbox::{
    Approve, ClientType, InProcess, Knobs as SandboxKnobs, Registration, Sandbox,
    Settings as SandboxSettings,
};
use tokio::runtime::{Builder, Runtime};
use url::Url;

use crate::clock::Time;
use crate::dice::Dice;
use crate::setting::{Client, SECRET};

/// Where the browser comes back to; nothing listens there.
pub const REDIRECT_URI: &str = "http://127.0.0.1:8731/callback/test";

/// Who sits at the browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum User {
    Ada,
    Grace,
}

/// What a server does where specifications leave it the choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools, reason = "each is an independent switch with a name")]
pub struct Knobs {
    /// Seconds for which a replaced refresh token still works.
    pub grace: u64,
    /// Reuse of a replaced refresh token ends the grant.
    pub family: bool,
    /// A refresh ends the earlier access token.
    pub old_access_dies: bool,
    /// Revoking one token ends its whole grant.
    pub kills_pair: bool,
    /// A user has one grant at a time; the sandbox, as X, knows nothing else.
    pub one_grant: bool,
}

/// One request, as it leaves the engine.
pub struct Asked {
    pub method: String,
    pub url: Url,
    pub authorization: Option<String>,
    pub form: Option<String>,
}

impl Asked {
    /// A field of the form that was sent.
    pub fn field(&self, name: &str) -> Option<String> {
        let form = self.form.as_deref().unwrap_or_default();
        let mut pairs = form_urlencoded::parse(form.as_bytes());
        pairs.find(|(known, _)| known == name).map(|(_, value)| value.into_owned())
    }
}

/// One answer, whatever its status.
#[derive(Debug, Clone, Default)]
pub struct Reply {
    pub status: u16,
    pub headers: HashMap<String, String>,
    pub body: String,
}

impl Reply {
    pub fn json(status: u16, body: String) -> Self {
        let headers = HashMap::from([("content-type".to_owned(), "application/json".to_owned())]);
        Self { status, headers, body }
    }
}

/// An authorization server.
pub trait Server: Send + Sync {
    /// Answers a request of an app.
    fn answer(&self, asked: &Asked) -> Reply;

    /// What the browser brings back, as a query, when this user approves.
    fn consent(&self, authorize: &Url, user: User) -> Option<String>;

    /// Whether a token works: an access token, or the newest refresh token of a grant.
    fn lives(&self, token: &str) -> bool;

    fn set(&self, knobs: Knobs);
}

/// Where the sandbox's blocking tasks run.
static RUNTIME: LazyLock<Runtime> =
    LazyLock::new(|| Builder::new_multi_thread().worker_threads(1).build().unwrap());

/// The client id at the sandbox.
pub const SANDBOX_CLIENT: &str = "cHVibGljLWFwcC1vZi10ZXN0czE6MTpuYQ";
/// Where the sandbox seems to listen.
pub const SANDBOX_ADDRESS: &str = "http://127.0.0.1:8730";

/// The sandbox, called through its routes.
pub struct InSandbox {
    sandbox: Arc<Sandbox>,
    routes: Arc<InProcess>,
}

impl InSandbox {
    pub fn new(time: &Time, client: Client) -> Self {
        let settings = SandboxSettings {
            approve: Approve::Auto,
            clock: Arc::new(time.clone()),
            random: Arc::new(Dice::new(7)),
            ..SandboxSettings::default()
        };
        let sandbox = Sandbox::open(settings).unwrap();
        sandbox.register(Registration {
            name: "Test".into(),
            client_id: SANDBOX_CLIENT.into(),
            client_type: match client {
                Client::Public => ClientType::Public,
                Client::Confidential => ClientType::Confidential,
            },
            client_secret: (client == Client::Confidential).then(|| SECRET.into()),
            redirect_uris: vec![REDIRECT_URI.into()],
        });
        let routes = Arc::new(InProcess::new(Arc::clone(&sandbox)));
        Self { sandbox, routes }
    }

    fn ask(&self, asked: &Asked) -> http::Response<Vec<u8>> {
        let url = &asked.url;
        let path = url.query().map_or(url.path().to_owned(), |it| format!("{}?{it}", url.path()));
        let mut request = http::Request::builder()
            .method(asked.method.as_str())
            .uri(path)
            .header("host", "127.0.0.1:8730");
        if let Some(authorization) = &asked.authorization {
            request = request.header("authorization", authorization);
        }
        if asked.form.is_some() {
            request = request.header("content-type", "application/x-www-form-urlencoded");
        }
        let body = asked.form.clone().unwrap_or_default().into_bytes();
        let request = request.body(body).unwrap();
        let (sender, answer) = mpsc::channel();
        let routes = Arc::clone(&self.routes);
        // The caller is inside a runtime of its own, which must not wait for another one.
        RUNTIME.spawn(async move { sender.send(routes.answer(request).await) });
        answer.recv().unwrap()
    }
}

impl Server for InSandbox {
    fn answer(&self, asked: &Asked) -> Reply {
        let (head, body) = self.ask(asked).into_parts();
        let headers = head.headers.iter().map(|(name, value)| {
            (name.as_str().to_owned(), value.to_str().unwrap_or_default().to_owned())
        });
        Reply {
            status: head.status.as_u16(),
            headers: headers.collect(),
            body: String::from_utf8(body).unwrap(),
        }
    }

    fn consent(&self, authorize: &Url, user: User) -> Option<String> {
        self.sandbox.set_auto_user(match user {
            User::Ada => "demo_ada",
            User::Grace => "demo_grace",
        });
        let asked =
            Asked { method: "GET".into(), url: authorize.clone(), authorization: None, form: None };
        let answer = self.ask(&asked);
        let location = answer.headers().get("location")?.to_str().ok()?;
        Url::parse(location).ok()?.query().map(str::to_owned)
    }

    fn lives(&self, token: &str) -> bool {
        self.sandbox.lives(token)
    }

    fn set(&self, knobs: Knobs) {
        self.sandbox.set_knobs(SandboxKnobs {
            rotation_grace: Duration::from_secs(knobs.grace),
            family_revoke: knobs.family,
            old_access_dies: knobs.old_access_dies,
            revoke_kills_pair: knobs.kills_pair,
            users_me_limit: u32::MAX,
            ..SandboxKnobs::default()
        });
    }
}
