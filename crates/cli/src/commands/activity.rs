//! `birdkey activity`: who got what when.

use std::collections::HashSet;

use birdkey::Engine;
use birdkey::activity::{CLIPBOARD, Entry, What};
use birdkey::effects::files;
use birdkey::problem::{About, Problem};
use birdkey_foreign::Foreign;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use notify::{Event, RecursiveMode, Watcher as _};
use tokio::sync::mpsc;

use crate::args::Activity;
use crate::json;
use crate::output::Ending;
use crate::output::Output;

pub(crate) async fn run(arguments: &Activity, output: &Output) -> Result<(), Ending> {
    let engine = super::engine()?;
    if arguments.follow {
        return follow(&engine, output).await;
    }
    let entries = engine.activity();
    if output.is_json() {
        return output.json(&json::Activity::from(entries.as_slice()));
    }
    if entries.is_empty() {
        output.say("Nothing has happened yet.");
    }
    entries.iter().try_for_each(|entry| output.data(&line(entry)))
}

/// Shows what is there, then what comes; one JSON object a line with `--json`.
async fn follow(engine: &Engine, output: &Output) -> Result<(), Ending> {
    let folder = engine.activity_folder();
    files::private_folder(&folder)
        .map_err(|error| Problem::new(&error.into(), &About::default()))?;
    let (sender, mut changes) = mpsc::channel(1);
    let watcher = notify::recommended_watcher(move |event: notify::Result<Event>| {
        // Our own reading tells of itself too. A full channel means that a look is due anyway.
        if event.is_ok_and(|event| !event.kind.is_access()) {
            sender.try_send(()).ok();
        }
    });
    let watching = watcher.and_then(|mut watcher| {
        watcher.watch(&folder, RecursiveMode::Recursive)?;
        Ok(watcher)
    });
    if let Err(error) = &watching {
        output.say(&format!("error: The activity can't be followed: {error}.\n\nhint: run birdkey activity without --follow"));
        return Err(Ending::Said(1));
    }
    let mut shown: HashSet<Entry> = HashSet::new();
    loop {
        let entries = engine.activity();
        for entry in entries.iter().filter(|entry| !shown.contains(entry)) {
            if output.is_json() {
                output.json_line(&json::Entry::from(entry))?;
            } else {
                output.data(&line(entry))?;
            }
        }
        shown = entries.into_iter().collect();
        tokio::select! {
            more = changes.recv() => if more.is_none() { return Ok(()) },
            _ = tokio::signal::ctrl_c() => return Ok(()),
        }
    }
}

fn line(entry: &Entry) -> String {
    let account = entry.account.clone().or(entry.account_id.as_deref().map(Foreign::new));
    let whose = account.map(|account| format!("  {}", account.terminal())).unwrap_or_default();
    format!("{}  {}{whose}", time(entry.at_ms), what(entry))
}

fn what(entry: &Entry) -> String {
    let program = entry.program.as_ref().map(|program| match entry.pid {
        _ if program.is_named(CLIPBOARD) => "the clipboard".to_owned(),
        Some(pid) => format!("{} (process {pid})", program.terminal()),
        None => program.terminal().to_string(),
    });
    let times = if entry.count > 1 { format!(", {} times", entry.count) } else { String::new() };
    let reason = entry.reason().map_or_else(String::new, |reason| reason.to_string());
    match (entry.what, program) {
        (What::Login, _) => "logged in".to_owned(),
        (What::Refresh, _) => "refreshed".to_owned(),
        (What::Import, _) => "imported".to_owned(),
        (What::Logout, _) if reason.is_empty() => "logged out, both tokens revoked".to_owned(),
        (What::Logout, _) => format!("logged out, not revoked: {reason}"),
        (What::Token, program) => {
            format!("token for {}{times}", program.unwrap_or_else(|| "a program".to_owned()))
        }
        (What::Failure, Some(program)) => format!("no token for {program}{times}: {reason}"),
        (What::Failure, None) => format!("failed: {reason}"),
    }
}

/// By the clock on the wall.
fn time(at_ms: i64) -> String {
    match Timestamp::from_millisecond(at_ms) {
        Ok(at) => at.to_zoned(TimeZone::system()).strftime("%Y-%m-%d %H:%M:%S").to_string(),
        Err(_) => at_ms.to_string(),
    }
}
