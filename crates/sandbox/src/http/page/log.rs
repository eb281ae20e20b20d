//! The page of the grants and of the requests.

use std::fmt::Write as _;

use super::{document, escaped};
use crate::clock::UnixMs;
use crate::journal::Entry;
use crate::rules::{Grant, user};

/// What the sandbox granted and what it was asked, at one moment.
pub(in crate::http) fn log(grants: &[(String, Grant)], entries: &[Entry], now: UnixMs) -> String {
    let shown: String = grants.iter().map(|(app, one)| grant(app, one, now)).collect();
    let shown = if shown.is_empty() { "<p>None yet.</p>".to_owned() } else { shown };
    let mut rows = String::new();
    for entry in entries.iter().rev() {
        row(&mut rows, entry);
    }
    let requests = if rows.is_empty() {
        "<p>None yet.</p>".to_owned()
    } else {
        format!(
            "<table><thead><tr><th>Time (UTC)</th><th>Request</th><th>Answer</th><th>Fault</th></tr></thead>\
             <tbody>{rows}</tbody></table>"
        )
    };
    let body = format!(
        "<h1>Grants and requests</h1><p>As of {}. Reload the page for what came since; \
         <a href=\"/\">back to the start</a>.</p>\
         <h2>Grants</h2>{shown}<h2>Requests, the newest first</h2>{requests}",
        time(now.0)
    );
    document("Grants and requests", &body)
}

fn grant(app: &str, grant: &Grant, now: UnixMs) -> String {
    let user = user::by_id(&grant.user_id).map_or("somebody", |user| user.username);
    let living = grant.access_tokens.iter().filter(|token| token.lives_at(now)).count();
    let until = grant.access_tokens.iter().map(|token| token.expires_at_ms).max().unwrap_or(0);
    let access = if living == 0 {
        "none is valid".to_owned()
    } else {
        format!("{living} valid, the last until {}", time(until))
    };
    let refresh = match &grant.refresh_token {
        Some(token) if token.lives_at(now) => "valid",
        Some(_) => "expired",
        None => "none",
    };
    format!(
        "<section class=\"app\"><h3>@{user} in {}</h3><dl>\
         <dt>Scopes</dt><dd><code>{}</code></dd>\
         <dt>Access tokens</dt><dd>{access}</dd>\
         <dt>Refresh token</dt><dd>{refresh}, {}</dd></dl></section>",
        escaped(app),
        escaped(&grant.scopes.join(" ")),
        match grant.retired_refresh_tokens.len() {
            0 => "never replaced".to_owned(),
            1 => "replaced once".to_owned(),
            times => format!("replaced {times} times"),
        }
    )
}

fn row(rows: &mut String, entry: &Entry) {
    let status = entry.status.map_or_else(|| "connection dropped".to_owned(), |it| it.to_string());
    let fault = entry.fault.as_deref().unwrap_or_default();
    // Writing into a text can't fail.
    write!(
        rows,
        "<tr><td>{}</td><td><code>{} {}</code></td><td>{status}, {} ms</td><td>{}</td></tr>",
        time(entry.at_ms),
        escaped(&entry.method),
        escaped(&entry.path),
        entry.took_ms,
        escaped(fault)
    )
    .ok();
}

/// The time of day.
fn time(at_ms: u64) -> String {
    let seconds = at_ms / 1_000;
    format!("{:02}:{:02}:{:02}", seconds / 3_600 % 24, seconds / 60 % 60, seconds % 60)
}
