//! The page of the grants and of the requests.

use birdkey_messages::{Language, Words, words};

use super::{document, escaped, said};
use crate::clock::UnixMs;
use crate::journal::Entry;
use crate::rules::{Grant, user};

/// What the sandbox granted and what it was asked, at one moment.
pub(in crate::http) fn log(
    language: Language,
    grants: &[(String, Grant)],
    entries: &[Entry],
    now: UnixMs,
) -> String {
    let say = |words: Words| said(language, &words);
    let or_none = |shown: String| {
        if shown.is_empty() { format!("<p>{}</p>", say(words!("sandbox.none"))) } else { shown }
    };
    let title = words!("sandbox.log.title");
    let body = format!(
        "<h1>{}</h1><p>{} <a href=\"/\">{}</a></p><h2>{}</h2>{}<h2>{}</h2>{}",
        said(language, &title),
        say(words!("sandbox.log.as_of", time = time(now.0))),
        say(words!("sandbox.log.back")),
        say(words!("sandbox.log.grants")),
        or_none(grants.iter().map(|(app, one)| grant(language, app, one, now)).collect()),
        say(words!("sandbox.log.requests")),
        or_none(requests(language, entries)),
    );
    document(language, &title, &body)
}

fn grant(language: Language, app: &str, grant: &Grant, now: UnixMs) -> String {
    let say = |words: Words| said(language, &words);
    let user = user::by_id(&grant.user_id);
    let user = user.map_or_else(
        || words!("sandbox.log.somebody"),
        |user| format!("@{}", user.username).into(),
    );
    let living = grant.access_tokens.iter().filter(|token| token.lives_at(now)).count();
    let until = grant.access_tokens.iter().map(|token| token.expires_at_ms).max().unwrap_or(0);
    let access = match living {
        0 => words!("sandbox.log.access.none"),
        living => words!("sandbox.log.access.valid", count = living, time = time(until)),
    };
    let refresh = match &grant.refresh_token {
        Some(token) if token.lives_at(now) => words!("sandbox.log.refresh.valid"),
        Some(_) => words!("sandbox.log.refresh.expired"),
        None => words!("sandbox.log.refresh.none"),
    };
    let replaced = match grant.retired_refresh_tokens.len() {
        0 => words!("sandbox.log.replaced.never"),
        times => words!("sandbox.log.replaced", count = times),
    };
    format!(
        "<section class=\"app\"><h3>{}</h3><dl>\
         <dt>{}</dt><dd><code>{}</code></dd>\
         <dt>{}</dt><dd>{}</dd>\
         <dt>{}</dt><dd>{}, {}</dd></dl></section>",
        say(words!("sandbox.log.whose", user = user, app = app)),
        say(words!("sandbox.log.scopes")),
        escaped(&grant.scopes.join(" ")),
        say(words!("sandbox.log.access")),
        say(access),
        say(words!("sandbox.log.refresh")),
        say(refresh),
        say(replaced),
    )
}

/// The table of the requests; nothing where there was none.
fn requests(language: Language, entries: &[Entry]) -> String {
    let say = |words: Words| said(language, &words);
    let rows: String = entries.iter().rev().map(|entry| row(language, entry)).collect();
    if rows.is_empty() {
        return rows;
    }
    format!(
        "<table><thead><tr><th>{}</th><th>{}</th><th>{}</th><th>{}</th></tr></thead>\
         <tbody>{rows}</tbody></table>",
        say(words!("sandbox.log.time")),
        say(words!("sandbox.log.request")),
        say(words!("sandbox.log.answer")),
        say(words!("sandbox.log.fault")),
    )
}

fn row(language: Language, entry: &Entry) -> String {
    let status = match entry.status {
        Some(status) => status.to_string().into(),
        None => words!("sandbox.log.dropped"),
    };
    format!(
        "<tr><td>{}</td><td><code>{} {}</code></td><td>{}</td><td>{}</td></tr>",
        time(entry.at_ms),
        escaped(&entry.method),
        escaped(&entry.path),
        said(
            language,
            &words!("sandbox.log.took", status = status, milliseconds = entry.took_ms.to_string())
        ),
        escaped(entry.fault.as_deref().unwrap_or_default())
    )
}

/// The time of day.
fn time(at_ms: u64) -> String {
    let seconds = at_ms / 1_000;
    format!("{:02}:{:02}:{:02}", seconds / 3_600 % 24, seconds / 60 % 60, seconds % 60)
}
