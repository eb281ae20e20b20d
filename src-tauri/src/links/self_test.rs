//! Whether links of pages come back to the app: a page in the user's own browser leads to one. A
//! browser from a snap or flatpak may refuse, which only a try tells.

use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::get;
use birdkey::effects::loopback::PAGE_STYLE;
use birdkey::problem::{Code, Problem, deep_link_unusable, test_page_unopened};
use birdkey::view::DeepLinkTest;
use birdkey_messages::{Direction, Language, Words, words};
use tauri::{AppHandle, Manager as _};
use tokio::net::TcpListener;
use tokio::sync::mpsc;

use crate::shell::Shell;

/// For the browser to start and fetch the page.
const PAGE_WITHIN: Duration = Duration::from_secs(20);
/// From the page to the link: a browser asks the person first.
const BACK_WITHIN: Duration = Duration::from_mins(1);

/// Opens the test page and waits for its link; the View tells how it goes.
pub(crate) async fn test(app: &AppHandle) -> Result<(), Problem> {
    let shell = app.state::<Shell>();
    let registering = app.clone();
    tauri::async_runtime::spawn_blocking(move || super::register(&registering)).await.ok();
    shell.engine.change_desktop(|desktop| {
        desktop.deep_link = DeepLinkTest::Waiting;
        desktop.deep_link_problem = None;
    });
    let worked = try_once(&shell).await;
    shell.engine.change_desktop(|desktop| {
        desktop.deep_link = match &worked {
            Ok(()) => DeepLinkTest::Works,
            Err(problem) if problem.code == Code::DeepLinkUnusable => DeepLinkTest::Failed,
            Err(_) => DeepLinkTest::Untested,
        };
        desktop.deep_link_problem = worked.as_ref().err().cloned();
    });
    if worked.is_ok() {
        crate::window::raise_if_open(app);
    }
    Ok(())
}

async fn try_once(shell: &Shell) -> Result<(), Problem> {
    let (link, came_back) = shell.links.test_with(&shell.engine.nonce()?);
    let (fetched, mut was_fetched) = mpsc::channel(1);
    let server = Server::start(link, fetched).await.ok_or_else(test_page_unopened)?;
    shell.engine.open_page(&server.address).await?;
    if tokio::time::timeout(PAGE_WITHIN, was_fetched.recv()).await.is_err() {
        return Err(test_page_unopened());
    }
    match tokio::time::timeout(BACK_WITHIN, came_back).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(_)) | Err(_) => Err(deep_link_unusable()),
    }
}

/// Serves the one page until it is dropped.
struct Server {
    address: String,
    task: tauri::async_runtime::JoinHandle<()>,
}

impl Server {
    async fn start(link: String, fetched: mpsc::Sender<()>) -> Option<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await.ok()?;
        let host = listener.local_addr().ok()?.to_string();
        let address = format!("http://{host}/");
        let page = Page { link, host, fetched };
        let pages = Router::new().route("/", get(show)).with_state(page);
        let task = tauri::async_runtime::spawn(async move {
            if let Err(error) = axum::serve(listener, pages).await {
                tracing::warn!(%error, "the test page is not served");
            }
        });
        Some(Self { address, task })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

#[derive(Clone)]
struct Page {
    link: String,
    host: String,
    fetched: mpsc::Sender<()>,
}

/// Only at its own address: a page of the internet whose name points here must not read the link.
async fn show(State(page): State<Page>, asked: HeaderMap) -> Result<impl IntoResponse, StatusCode> {
    if asked.get(header::HOST).and_then(|host| host.to_str().ok()) != Some(page.host.as_str()) {
        return Err(StatusCode::FORBIDDEN);
    }
    // Only the first fetch counts.
    page.fetched.try_send(()).ok();
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; style-src 'unsafe-inline'"),
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "no-referrer"),
    ];
    Ok((headers, text(&page.link, Language::current())))
}

/// The link holds letters and digits only, and the words no markup, so nothing has to be escaped.
fn text(link: &str, language: Language) -> String {
    let said = |words: Words| words.in_language(language);
    format!(
        "<!doctype html><html lang=\"{tag}\"{direction}><meta charset=\"utf-8\"><title>{title}</title>\
         <meta name=\"viewport\" content=\"width=device-width\"><meta name=\"color-scheme\" content=\"light dark\">\
         <meta http-equiv=\"refresh\" content=\"0;url={link}\">\
         <style>{PAGE_STYLE} a{{color:inherit}}</style><body><main>\
         <h1>{heading}</h1><p>{body}</p><p><a href=\"{link}\">{open}</a></p><p>{outcome}</p>\
         <footer>{footer}</footer></main></body></html>",
        tag = language.html_tag(),
        direction = match language.direction() {
            Direction::LeftToRight => "",
            Direction::RightToLeft => " dir=\"rtl\"",
        },
        title = said(words!("test_page.title")),
        heading = said(words!("test_page.heading")),
        body = said(words!("test_page.body")),
        open = said(words!("test_page.link")),
        outcome = said(words!("test_page.outcome")),
        footer = said(words!("page.footer")),
    )
}
