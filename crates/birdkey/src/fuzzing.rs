//! Doors for the fuzz targets (`fuzz/`) into what is otherwise private; no part of the API.

use std::path::Path;

use crate::effects::browser::commands;
use crate::effects::http::dates::Dates;
use crate::store::xurl;

pub use crate::store::xurl::XurlError;

/// The program and arguments of each command of a `BROWSER` list, the address in its place.
pub fn browser_commands(list: &str, url: &str) -> Vec<Vec<String>> {
    let line = |command: commands::CommandLine| {
        let arguments = command.arguments_for(url);
        std::iter::once(command.program).chain(arguments).collect()
    };
    commands::read(list).into_iter().map(line).collect()
}

/// `Retry-After` as seconds from now on, beside a `Date`.
pub fn seconds_until(date: Option<&str>, retry_after: &str, now_ms: i64) -> Option<u64> {
    Dates::new(date, now_ms).seconds_until(retry_after)
}

/// A server's Unix seconds by our clock, beside a `Date`.
pub fn by_our_clock(date: Option<&str>, unix_seconds: &str, now_ms: i64) -> Option<u64> {
    Dates::new(date, now_ms).by_our_clock(unix_seconds)
}

/// Takes all logins out of a file of xurl; the app and user of each.
///
/// # Errors
///
/// [`XurlError`], by cause.
pub fn take_out_of_xurl(path: &Path) -> Result<Vec<(String, String)>, XurlError> {
    let apps = xurl::read(path)?.into_iter();
    let taken: Vec<_> = apps
        .flat_map(|app| app.logins.into_iter().map(move |login| (app.name.clone(), login)))
        .collect();
    xurl::remove(path, &taken)?;
    Ok(taken.into_iter().map(|(app, login)| (app, login.key)).collect())
}
