//! Notifications: of what happens while nobody looks at the window; each event once.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use birdkey::problem::{Code, Problem};
use birdkey::view::{LogoutView, RevocationView, View};
use birdkey_foreign::sink;
use birdkey_messages::{Words, words};
use tauri::{AppHandle, Manager as _};

use crate::shell::{Shell, is_looked_at};

/// What was told already and still holds.
#[derive(Default)]
pub(crate) struct Notified(Mutex<HashSet<String>>);

impl Notified {
    /// Whether this is news; it stays told until [`Notified::keep`] forgets it.
    fn is_news(&self, event: &str) -> bool {
        self.lock().insert(event.to_owned())
    }

    /// Forgets events of this kind that no longer hold.
    fn keep(&self, kind: &str, holds: impl Fn(&str) -> bool) {
        self.lock().retain(|event| match event.strip_prefix(kind) {
            Some(about) => holds(about),
            None => true,
        });
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashSet<String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Looks at the View after each change and tells what is new.
pub(crate) async fn of_each_view(app: AppHandle) {
    let engine = Arc::clone(&app.state::<Shell>().engine);
    let mut changes = engine.changes();
    while changes.changed().await.is_ok() {
        changes.mark_unchanged();
        of_view(&app, &engine.view());
    }
}

/// Tells what a View says of accounts that need the user, of grants that are in conflict, and of a
/// login that no browser was opened for: it may have begun in the tray.
fn of_view(app: &AppHandle, view: &View) {
    let told = app.state::<Notified>();
    let again: Vec<_> = view
        .accounts
        .iter()
        .filter(|one| one.state == birdkey::view::AccountState::LogInAgain)
        .collect();
    told.keep("again:", |id| again.iter().any(|one| one.id == id));
    for account in again {
        if told.is_news(&format!("again:{}", account.id)) {
            let why = account.problem.as_ref().map(|it| [it.what.clone(), it.why.clone()]);
            let why = Words::sentences(why.into_iter().flatten());
            show(app, words!("notice.again.title", who = account.called()), why);
        }
    }
    let unopened = view.login.as_ref().and_then(|login| login.browser_problem.as_ref());
    told.keep("unopened:", |_| unopened.is_some());
    if let Some(unopened) = unopened
        && told.is_news("unopened:")
    {
        problem(app, unopened);
    }
    let newer = view.desktop.as_ref().is_some_and(|desktop| desktop.newer_installed);
    told.keep("newer:", |_| newer);
    if newer && told.is_news("newer:") {
        show(app, words!("notice.newer.title"), words!("notice.newer.body"));
    }
    let conflicts: Vec<_> = view
        .apps
        .iter()
        .filter_map(|app| Some((app, app.problem.as_ref()?)))
        .filter(|(_, problem)| problem.code == Code::GrantElsewhere)
        .collect();
    told.keep("conflict:", |id| conflicts.iter().any(|(app, _)| app.id == id));
    for (about, conflict) in conflicts {
        if told.is_news(&format!("conflict:{}", about.id)) {
            problem(app, conflict);
        }
    }
}

/// A login ended well.
pub(crate) fn logged_in(app: &AppHandle, who: Words, command: &str) {
    let body = words!("notice.logged_in.body", who = who, command = command);
    show(app, words!("notice.logged_in.title"), body);
}

/// A logout ended; says so when something may still work at the provider. Returns whether it was said:
/// not while the person looks at the window, or with notifications off.
pub(crate) fn logged_out(app: &AppHandle, logout: &LogoutView) -> bool {
    let title = words!("notice.logged_out.title", who = &logout.account);
    let is_said = !is_looked_at(app) && app.state::<Shell>().engine.view().notifies;
    show(app, title, how_ended(logout));
    is_said
}

/// What a logout left open at the provider, and how a person ends it.
fn how_ended(logout: &LogoutView) -> Words {
    let open =
        [&logout.refresh_token, &logout.access_token].into_iter().find_map(|half| match half {
            RevocationView::Failed { problem } | RevocationView::Waiting { problem } => {
                Some(problem)
            }
            RevocationView::Revoked | RevocationView::None | RevocationView::Unsupported => None,
        });
    let ended = match (open, &logout.newer_tokens) {
        (Some(problem), _) => {
            words!("notice.logged_out.open", what = &problem.what, why = &problem.why)
        }
        (None, Some(newer)) => newer.what.clone(),
        (None, None) if logout.access_token == RevocationView::Unsupported => {
            words!("notice.logged_out.unsupported")
        }
        (None, None) => words!("notice.logged_out.revoked"),
    };
    let how = logout.newer_tokens.as_ref().map(|newer| newer.hint.clone());
    Words::sentences([ended].into_iter().chain(logout.hint.clone().or(how)))
}

/// Something went otherwise than it was asked for, while nobody may look at the window.
pub(crate) fn problem(app: &AppHandle, problem: &Problem) {
    show(app, problem.what.clone(), body(problem));
}

/// The same of a link, which any page may send: it leaves no line in the log.
pub(crate) fn of_a_link(app: &AppHandle, problem: &Problem) {
    if !is_looked_at(app) {
        deliver(app, problem.what.clone(), body(problem));
    }
}

/// The window is open, but the desktop did not bring it to the front.
pub(crate) fn behind(app: &AppHandle) {
    show(app, words!("notice.behind.title"), words!("notice.behind.body"));
}

/// Closing minimized the window, as this desktop shows no tray icons: said once.
pub(crate) fn minimized(app: &AppHandle) {
    if app.state::<Notified>().is_news("no-tray") {
        tell(app, words!("notice.no_tray.title"), words!("notice.no_tray.body"));
    }
}

/// Shows a notification unless somebody looks at the window.
fn show(app: &AppHandle, summary: Words, body: Words) {
    if !is_looked_at(app) {
        tell(app, summary, body);
    }
}

/// Shows a notification unless the person wants none; without a service for them only the log tells.
fn tell(app: &AppHandle, summary: Words, body: Words) {
    // In English, as all of the log.
    tracing::info!(?summary, "notice");
    deliver(app, summary, body);
}

fn deliver(app: &AppHandle, summary: Words, body: Words) {
    if !app.state::<Shell>().engine.view().notifies {
        return;
    }
    // The call may wait for the service to be started.
    tauri::async_runtime::spawn_blocking(move || send(&summary, &body));
}

/// The same before there is an app, for why there will be none; waits for it at most `limit`.
#[cfg(target_os = "linux")]
pub(crate) fn before_all(problem: &Problem, limit: std::time::Duration) {
    let (summary, body) = (problem.what.clone(), body(problem));
    let (sent, done) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        send(&summary, &body);
        // Nobody waits any more after the limit.
        sent.send(()).ok();
    });
    done.recv_timeout(limit).ok();
}

/// What a Problem says below its headline.
fn body(problem: &Problem) -> Words {
    Words::sentences([problem.why.clone(), problem.hint.clone()])
}

fn send(summary: &Words, body: &Words) {
    let (summary, body) = (summary.to_string(), body_text(body, reads_markup()));
    let mut notification = notify_rust::Notification::new();
    notification.appname("Birdkey").icon("birdkey").summary(&summary).body(&body);
    if let Err(error) = notification.show() {
        tracing::info!(%error, "no notification was shown");
    }
}

/// The body as the service takes it: where it reads markup, names and words of others stay text.
fn body_text(body: &Words, reads_markup: bool) -> String {
    let body = body.to_string();
    if reads_markup { sink::markup(&body) } else { body }
}

/// Whether `<`, `>` and `&` mean something in a body.
#[cfg(target_os = "linux")]
fn reads_markup() -> bool {
    may_read_markup(notify_rust::get_capabilities().ok().as_deref())
}

#[cfg(not(target_os = "linux"))]
fn reads_markup() -> bool {
    false
}

/// A service that does not say what it can is taken to read it.
#[cfg(any(target_os = "linux", test))]
fn may_read_markup(capabilities: Option<&[String]>) -> bool {
    capabilities.is_none_or(|can| can.iter().any(|one| one == "body-markup"))
}

#[cfg(test)]
mod tests;
