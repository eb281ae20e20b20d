//! A browser that is an HTTP client: it opens the consent page and follows where it leads.

use std::sync::{Arc, Mutex};

use birdkey::effects::BoxFuture;
use birdkey::effects::browser::{Browser, BrowserError};
use tokio::sync::mpsc;

/// What the browser does with an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manner {
    /// Follows every redirect to the end, as a user who approves does.
    Follow,
    /// Only takes the address; the test does the rest.
    Keep,
    /// Can't be opened.
    Missing,
}

/// The page a journey ended on.
#[derive(Debug, Clone)]
pub struct Page {
    /// The final address.
    pub url: String,
    /// The status of the last answer.
    pub status: u16,
    /// Its text.
    pub text: String,
}

/// The browser of a stage.
pub struct FakeBrowser {
    manner: Mutex<Manner>,
    opened: mpsc::UnboundedSender<String>,
    pages: mpsc::UnboundedSender<Page>,
}

/// What the test sees of the browser.
pub struct Watched {
    /// Addresses opened.
    pub opened: mpsc::UnboundedReceiver<String>,
    /// Pages that journeys ended on.
    pub pages: mpsc::UnboundedReceiver<Page>,
}

impl FakeBrowser {
    pub fn new() -> (Arc<Self>, Watched) {
        let (opened, opened_by_engine) = mpsc::unbounded_channel();
        let (pages, pages_seen) = mpsc::unbounded_channel();
        let browser = Self { manner: Mutex::new(Manner::Follow), opened, pages };
        (Arc::new(browser), Watched { opened: opened_by_engine, pages: pages_seen })
    }

    pub fn behave(&self, manner: Manner) {
        *self.manner.lock().unwrap() = manner;
    }
}

impl Browser for FakeBrowser {
    fn open(&self, url: &str) -> BoxFuture<'_, Result<(), BrowserError>> {
        let manner = *self.manner.lock().unwrap();
        let url = url.to_owned();
        Box::pin(async move {
            if manner == Manner::Missing {
                return Err(BrowserError::NotFound);
            }
            self.opened.send(url.clone()).ok();
            if manner == Manner::Follow {
                let pages = self.pages.clone();
                tokio::spawn(async move { pages.send(visit(&url).await).ok() });
            }
            Ok(())
        })
    }

    fn found(&self) -> Result<String, BrowserError> {
        match *self.manner.lock().unwrap() {
            Manner::Missing => Err(BrowserError::NotFound),
            Manner::Follow | Manner::Keep => Ok("firefox".to_owned()),
        }
    }
}

/// A client that, like a browser, follows redirects of pages; never through a proxy.
pub fn client(redirects: reqwest::redirect::Policy) -> reqwest::Client {
    reqwest::Client::builder().no_proxy().redirect(redirects).build().unwrap()
}

/// Opens an address and follows it to its end.
pub async fn visit(url: &str) -> Page {
    let answer = client(reqwest::redirect::Policy::limited(5)).get(url).send().await.unwrap();
    Page {
        url: answer.url().to_string(),
        status: answer.status().as_u16(),
        text: answer.text().await.unwrap(),
    }
}

/// Opens the consent page and says where it wants the browser to go, without going there.
pub async fn location(url: &str) -> String {
    let answer = client(reqwest::redirect::Policy::none()).get(url).send().await.unwrap();
    answer.headers()["location"].to_str().unwrap().to_owned()
}
