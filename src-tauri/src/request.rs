//! Trying a request from the window: sent by Rust, whose answer stays here and is handed out by lines.

use std::sync::{Mutex, PoisonError};

use birdkey::engine::ApiRequest;
use birdkey::problem::Problem;
use birdkey::view::AnswerView;
use birdkey_foreign::lines::Lines;
use tauri::State;

use crate::shell::Shell;

/// Lines that are handed out at once, at most.
const MOST_LINES: usize = 500;

/// The last answer.
#[derive(Default)]
pub(crate) struct LastAnswer(Mutex<Lines>);

impl LastAnswer {
    fn keep(&self, lines: Lines) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = lines;
    }

    fn lines(&self, from: usize, count: usize) -> Vec<String> {
        let lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        lines.some(from, count.min(MOST_LINES)).map(str::to_owned).collect()
    }

    fn text(&self) -> String {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).text().to_owned()
    }
}

/// Sends a request by the rules of `birdkey api`; a body is JSON.
#[tauri::command]
pub(crate) async fn send_request(
    shell: State<'_, Shell>,
    last: State<'_, LastAnswer>,
    account_id: String,
    method: String,
    target: String,
    body: Option<String>,
    scopes: Vec<String>,
) -> Result<AnswerView, Problem> {
    let mut headers = vec!["Accept: application/json".to_owned()];
    if body.is_some() {
        headers.push("Content-Type: application/json".to_owned());
    }
    let body = body.map(String::into_bytes);
    let request = ApiRequest { method, target, query: Vec::new(), headers, body, scopes };
    last.keep(Lines::default());
    let tried = shell.engine.try_request(Some(&account_id), &request).await?;
    last.keep(tried.text);
    Ok(tried.view)
}

/// Some lines of the last answer.
#[tauri::command]
pub(crate) async fn answer_lines(
    last: State<'_, LastAnswer>,
    from: usize,
    count: usize,
) -> Result<Vec<String>, Problem> {
    Ok(last.lines(from, count))
}

/// The whole last answer, into the clipboard.
#[tauri::command]
pub(crate) async fn copy_answer(
    shell: State<'_, Shell>,
    last: State<'_, LastAnswer>,
) -> Result<(), Problem> {
    shell.clipboard.copy(&last.text())
}
