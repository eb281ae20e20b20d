//! The API in front of the sandbox: takes posts, and remembers who asked what with which token.

use std::sync::{Arc, Mutex};

use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, TRANSFER_ENCODING};
use axum::response::Response;
use birdkey_sandbox::Sandbox;
use birdkey_tests::desktop::{arguments_of_all, environments_of_all};
use serde_json::json;

const MOST_BYTES: usize = 1 << 20;
/// The id that every post gets.
pub const POST: &str = "1789";

/// A request to the API.
#[derive(Debug)]
pub struct Asked {
    /// Method and path.
    pub line: String,
    pub token: String,
    pub body: String,
    /// Whether the arguments of some process held the token meanwhile.
    pub in_arguments: bool,
    /// Whether the environment of some process did.
    pub in_environment: bool,
}

/// Where apps, recipes and Birdkey find X.
pub struct Api {
    pub address: String,
    asked: Arc<Mutex<Vec<Asked>>>,
}

#[derive(Clone)]
struct Behind {
    sandbox: Arc<Sandbox>,
    address: String,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Api {
    pub async fn before(sandbox: Arc<Sandbox>, address: &str) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let behind = Behind { sandbox, address: address.to_owned(), asked: Arc::clone(&asked) };
        let address = format!("http://{}", listener.local_addr().unwrap());
        let service = axum::Router::new().fallback(answer).with_state(behind);
        tokio::spawn(async move { axum::serve(listener, service).await });
        Self { address, asked }
    }

    /// The requests since the last time.
    pub fn take(&self) -> Vec<Asked> {
        std::mem::take(&mut self.asked.lock().unwrap())
    }

    /// The only request since the last time.
    pub fn only(&self) -> Asked {
        let mut asked = self.take();
        assert_eq!(asked.len(), 1, "{asked:?}");
        asked.remove(0)
    }
}

async fn answer(State(behind): State<Behind>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, MOST_BYTES).await.unwrap();
    let line = format!("{} {}", parts.method, parts.uri.path());
    let bearer = parts.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = bearer.and_then(|value| value.strip_prefix("Bearer ")).unwrap_or_default();
    if ["GET /2/users/me", "POST /2/tweets"].contains(&line.as_str()) {
        let body = String::from_utf8_lossy(&body).into_owned();
        behind.asked.lock().unwrap().push(seen(line.clone(), token.to_owned(), body));
    }
    if line == "POST /2/tweets" {
        return posted(behind.sandbox.accepts(token));
    }
    let client = reqwest::Client::builder().no_proxy();
    let client = client.redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let address = format!("{}{}", behind.address, parts.uri);
    let passed = client.request(parts.method, address).headers(parts.headers).body(body);
    let answer = passed.send().await.unwrap();
    let mut response = Response::builder().status(answer.status());
    *response.headers_mut().unwrap() = answer.headers().clone();
    response.headers_mut().unwrap().remove(TRANSFER_ENCODING);
    response.body(answer.bytes().await.unwrap().into()).unwrap()
}

/// Looked at while the one who asked waits for the answer, so that it is there to be seen.
fn seen(line: String, token: String, body: String) -> Asked {
    let held = |texts: Vec<String>| texts.iter().any(|text| text.contains(&token));
    let (in_arguments, in_environment) = (held(arguments_of_all()), held(environments_of_all()));
    Asked { line, token, body, in_arguments, in_environment }
}

fn posted(accepted: bool) -> Response {
    let (status, answer) = if accepted {
        (201, json!({ "data": { "id": POST, "text": "" } }))
    } else {
        (401, json!({ "title": "Unauthorized", "status": 401 }))
    };
    let response = Response::builder().status(status).header(CONTENT_TYPE, "application/json");
    response.body(answer.to_string().into()).unwrap()
}
