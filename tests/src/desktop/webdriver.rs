//! A small WebDriver client (W3C WebDriver <https://www.w3.org/TR/webdriver2/>).

use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};

use super::wait::until_some;

/// The key under which elements are named (W3C WebDriver §12.1).
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";
/// How long a driver may take for one answer; a stuck one fails the test instead of hanging it.
const ANSWER: Duration = Duration::from_mins(1);
/// How long an element may take to appear.
const PATIENCE: Duration = Duration::from_secs(20);

/// An answer of a driver that is not a success.
#[derive(Debug)]
pub struct WebDriverError {
    /// The error code, e.g. `no such element`.
    pub error: String,
    /// The driver's words.
    pub message: String,
}

/// One session with a driver.
pub struct Session {
    http: reqwest::Client,
    base: String,
}

impl Session {
    /// Opens a session at a driver.
    ///
    /// # Errors
    ///
    /// What the driver said.
    pub async fn open(driver: &str, capabilities: Value) -> Result<Self, WebDriverError> {
        let http = reqwest::Client::builder().no_proxy().timeout(ANSWER).build().unwrap();
        let wanted = json!({ "capabilities": { "alwaysMatch": capabilities } });
        let answer = request(http.post(format!("{driver}/session")).json(&wanted)).await?;
        let id = answer["sessionId"].as_str().unwrap();
        let base = format!("{driver}/session/{id}");
        Ok(Self { http, base })
    }

    /// Waits until a driver that was just started opens a session.
    ///
    /// # Panics
    ///
    /// When it does not within 30 s, with what it said last.
    pub async fn opened(driver: &str, capabilities: &Value) -> Self {
        let began = std::time::Instant::now();
        loop {
            match Self::open(driver, capabilities.clone()).await {
                Ok(session) => return session,
                Err(error) if began.elapsed() > PATIENCE * 3 / 2 => {
                    panic!("the driver opened no session: {error:?}")
                }
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            }
        }
    }

    /// Goes to an address.
    pub async fn go(&self, url: &str) {
        self.post("url", json!({ "url": url })).await.unwrap();
    }

    /// The address of the page.
    pub async fn url(&self) -> String {
        self.get("url").await.as_str().unwrap().to_owned()
    }

    /// The source of the page.
    pub async fn source(&self) -> String {
        self.get("source").await.as_str().unwrap().to_owned()
    }

    /// Runs a script in the page.
    ///
    /// # Errors
    ///
    /// What the page threw.
    pub async fn script(&self, script: &str) -> Result<Value, WebDriverError> {
        self.post("execute/sync", json!({ "script": script, "args": [] })).await
    }

    /// Runs a script that calls back with its result.
    ///
    /// # Errors
    ///
    /// What the page threw.
    pub async fn script_async(&self, script: &str) -> Result<Value, WebDriverError> {
        self.post("execute/async", json!({ "script": script, "args": [] })).await
    }

    /// Waits for an element and clicks it.
    pub async fn click(&self, css: &str) {
        until_some(&format!("a click on {css}"), PATIENCE, async || {
            let element = self.find(css).await?;
            self.post(&format!("element/{element}/click"), json!({})).await.ok()
        })
        .await;
    }

    /// Waits for a field and types into it.
    pub async fn type_into(&self, css: &str, text: &str) {
        let element = self.wait_for(css).await;
        self.post(&format!("element/{element}/value"), json!({ "text": text })).await.unwrap();
    }

    /// Waits for an element and reads its text.
    pub async fn text(&self, css: &str) -> String {
        until_some(&format!("the text of {css}"), PATIENCE, async || {
            let element = self.find(css).await?;
            let path = format!("element/{element}/text");
            let text = request(self.http.get(format!("{}/{path}", self.base))).await.ok()?;
            text.as_str().map(str::to_owned)
        })
        .await
    }

    /// Waits until an element is there; on failure the page's text is shown.
    pub async fn wait_for(&self, css: &str) -> String {
        let began = std::time::Instant::now();
        loop {
            if let Some(element) = self.find(css).await {
                return element;
            }
            if began.elapsed() > PATIENCE {
                let shown = self.script("return document.body.innerText").await;
                panic!("{css} did not appear within {PATIENCE:?}; the page says: {shown:?}");
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Whether an element is there now.
    pub async fn has(&self, css: &str) -> bool {
        self.find(css).await.is_some()
    }

    /// Writes a picture of the page as it is now.
    pub async fn screenshot(&self, path: &Path) {
        use base64::Engine as _;
        // The driver hands out the last frame, so a new one has to be painted first.
        let painted = "const done = arguments[arguments.length - 1];
             requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 0)));";
        self.script_async(painted).await.unwrap();
        self.get("screenshot").await;
        let picture = self.get("screenshot").await;
        let bytes = base64::engine::general_purpose::STANDARD.decode(picture.as_str().unwrap());
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes.unwrap()).unwrap();
    }

    /// Sets the size of the window, in CSS pixels.
    pub async fn resize(&self, width: u32, height: u32) {
        self.post("window/rect", json!({ "width": width, "height": height })).await.unwrap();
    }

    /// Ends the session, and with it the program it drives.
    pub async fn close(&self) {
        // The program may have ended by itself.
        request(self.http.delete(&self.base)).await.ok();
    }

    async fn find(&self, css: &str) -> Option<String> {
        let wanted = json!({ "using": "css selector", "value": css });
        let found = self.post("element", wanted).await.ok()?;
        found[ELEMENT].as_str().map(str::to_owned)
    }

    async fn get(&self, path: &str) -> Value {
        request(self.http.get(format!("{}/{path}", self.base))).await.unwrap()
    }

    async fn post(&self, path: &str, body: Value) -> Result<Value, WebDriverError> {
        request(self.http.post(format!("{}/{path}", self.base)).json(&body)).await
    }
}

async fn request(request: reqwest::RequestBuilder) -> Result<Value, WebDriverError> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let failed = |error: reqwest::Error| WebDriverError {
        error: "no answer".to_owned(),
        message: error.to_string(),
    };
    let answer = request.send().await.map_err(failed)?;
    let succeeded = answer.status().is_success();
    let value = answer.json::<Value>().await.map_err(failed)?["value"].take();
    if succeeded {
        return Ok(value);
    }
    Err(WebDriverError { error: text(&value["error"]), message: text(&value["message"]) })
}
