//! A sandbox at a free port, with a clock that only the test moves.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use birdkey_sandbox::{
    Approve, ClientType, Clock, DEMO_CLIENT_ID, Ledger, Registration, Sandbox, Settings,
    demo_registration, serve,
};
use reqwest::{Client, Response, redirect::Policy};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

pub(crate) const REDIRECT_URI: &str = "http://127.0.0.1:8720/callback";
pub(crate) const CONFIDENTIAL_ID: &str = "Y29uZmlkZW50aWFsLWFwcDoxOmNp";
pub(crate) const SECRET: &str = "a secret+with%reserved:signs";
/// The vector of RFC 7636, appendix B.
pub(crate) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub(crate) const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

pub(crate) type Pairs<'a> = Vec<(&'a str, &'a str)>;

pub(crate) struct ManualClock(Mutex<SystemTime>);

impl ManualClock {
    pub(crate) fn advance(&self, duration: Duration) {
        *self.0.lock().unwrap() += duration;
    }
}

impl Clock for ManualClock {
    fn now(&self) -> SystemTime {
        *self.0.lock().unwrap()
    }
}

pub(crate) struct Bench {
    pub(crate) sandbox: Arc<Sandbox>,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) ledger: Arc<Ledger>,
    pub(crate) address: SocketAddr,
    pub(crate) client: Client,
    stop: Option<oneshot::Sender<()>>,
}

impl Bench {
    /// A sandbox that approves by itself and knows a public and a confidential app.
    pub(crate) async fn start() -> Self {
        Self::with(Settings::default()).await
    }

    pub(crate) async fn with(settings: Settings) -> Self {
        let start = UNIX_EPOCH + Duration::from_hours(500_000);
        let clock = Arc::new(ManualClock(Mutex::new(start)));
        let ledger = Arc::new(Ledger::default());
        let sandbox = Sandbox::open(Settings {
            approve: Approve::Auto,
            clock: Arc::clone(&clock) as Arc<dyn Clock>,
            ledger: Some(Arc::clone(&ledger)),
            ..settings
        })
        .unwrap();
        sandbox.register(demo_registration(vec![REDIRECT_URI.to_owned()]));
        sandbox.register(confidential());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        tokio::spawn(serve(Arc::clone(&sandbox), listener, async {
            let _stopped_or_dropped = stopped.await;
        }));
        let client = Client::builder().redirect(Policy::none()).no_proxy().build().unwrap();
        Self { sandbox, clock, ledger, address, client, stop: Some(stop) }
    }

    pub(crate) fn stop(&mut self) {
        let _already_stopped = self.stop.take().unwrap().send(());
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub(crate) async fn authorize(&self, pairs: &Pairs<'_>) -> Response {
        let url = format!("{}?{}", self.url("/i/oauth2/authorize"), encoded(pairs));
        self.client.get(url).send().await.unwrap()
    }

    /// A code for the app, approved by the sandbox itself.
    pub(crate) async fn code(&self, client_id: &str, scope: &str) -> String {
        let pairs = with(authorize_pairs(client_id), &[("scope", scope)]);
        let response = self.authorize(&pairs).await;
        query(&location(&response), "code").expect("a code")
    }

    pub(crate) async fn post(&self, path: &str, pairs: &Pairs<'_>) -> Answer {
        Answer::of(self.client.post(self.url(path)).form(pairs).send().await.unwrap()).await
    }

    /// The pairs as a JSON object.
    pub(crate) async fn post_json(&self, path: &str, kind: &str, pairs: &Pairs<'_>) -> Answer {
        let texts = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).into()));
        let body = Value::Object(texts.collect()).to_string();
        let request = self.client.post(self.url(path)).header("content-type", kind).body(body);
        Answer::of(request.send().await.unwrap()).await
    }

    pub(crate) async fn token(&self, pairs: &Pairs<'_>) -> Answer {
        self.post("/2/oauth2/token", pairs).await
    }

    /// A token request of the confidential app with a ready Basic header.
    pub(crate) async fn token_basic(&self, basic: &str, pairs: &Pairs<'_>) -> Answer {
        let request = self.client.post(self.url("/2/oauth2/token")).form(pairs);
        Answer::of(request.header("authorization", basic).send().await.unwrap()).await
    }

    /// The tokens of a whole login of the demo app.
    pub(crate) async fn login(&self) -> Value {
        let code = self.code(DEMO_CLIENT_ID, "tweet.read users.read offline.access").await;
        let answer = self.token(&exchange(&code)).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.json()
    }

    pub(crate) async fn refresh(&self, refresh_token: &str) -> Answer {
        self.token(&vec![
            ("grant_type", "refresh_token"),
            ("refresh_token", refresh_token),
            ("client_id", DEMO_CLIENT_ID),
        ])
        .await
    }

    pub(crate) async fn users_me(&self, access_token: &str) -> Response {
        let request = self.client.get(self.url("/2/users/me")).bearer_auth(access_token);
        request.send().await.unwrap()
    }

    pub(crate) async fn users_me_status(&self, access_token: &str) -> u16 {
        self.users_me(access_token).await.status().as_u16()
    }
}

pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) text: String,
}

impl Answer {
    async fn of(response: Response) -> Self {
        Self { status: response.status().as_u16(), text: response.text().await.unwrap() }
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap()
    }
}

pub(crate) fn confidential() -> Registration {
    Registration {
        name: "Confidential app".to_owned(),
        client_id: CONFIDENTIAL_ID.to_owned(),
        client_type: ClientType::Confidential,
        client_secret: Some(SECRET.to_owned()),
        redirect_uris: vec![REDIRECT_URI.to_owned()],
    }
}

pub(crate) fn authorize_pairs(client_id: &str) -> Pairs<'_> {
    vec![
        ("response_type", "code"),
        ("client_id", client_id),
        ("redirect_uri", REDIRECT_URI),
        ("scope", "tweet.read users.read offline.access"),
        ("state", "the-state"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ]
}

/// The demo app's exchange of `code`.
pub(crate) fn exchange(code: &str) -> Pairs<'_> {
    vec![
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", REDIRECT_URI),
        ("code_verifier", VERIFIER),
        ("client_id", DEMO_CLIENT_ID),
    ]
}

/// `pairs` with some values replaced; an empty value removes the pair.
pub(crate) fn with<'a>(mut pairs: Pairs<'a>, changes: &[(&'a str, &'a str)]) -> Pairs<'a> {
    for change in changes {
        pairs.retain(|(name, _)| *name != change.0);
        if !change.1.is_empty() {
            pairs.push(*change);
        }
    }
    pairs
}

pub(crate) fn encoded(pairs: &Pairs<'_>) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

pub(crate) fn location(response: &Response) -> String {
    assert_eq!(response.status().as_u16(), 302);
    response.headers()["location"].to_str().unwrap().to_owned()
}

pub(crate) fn query(url: &str, name: &str) -> Option<String> {
    let (_, query) = url.split_once('?')?;
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    pairs.find(|(known, _)| known == name).map(|(_, value)| value.into_owned())
}
