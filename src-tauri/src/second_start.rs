//! A second start hands over before GTK and Tauri begin: ending amid their threads crashed now and then.
//!
//! Starts take turns at a lock until the first has its name on the bus, so that those of the same
//! moment hand over here, too, and not in the plugin, which ends the process in its own way.

use std::path::Path;
use std::time::{Duration, Instant};

use birdkey::effects::files::{self, FileLock, OurFile};
use birdkey::problem::{Code, Problem};
use birdkey_messages::words;
use zbus::blocking::connection::Builder;

/// How long the app that runs may take to accept; it only notes down what it is to do.
const ACCEPTS_WITHIN: Duration = Duration::from_secs(10);
/// How long others may start before this one; with fifty at once on a slow machine it is seconds.
const TURN_WITHIN: Duration = Duration::from_mins(1);
/// How long the service for notifications may take.
pub(crate) const NOTIFIES_WITHIN: Duration = Duration::from_secs(3);
const TRY_AGAIN: Duration = Duration::from_millis(10);

/// What becomes of this start.
pub(crate) enum Start {
    /// It is the first; the next may look for it once the turn is dropped. The other lock is held as
    /// long as the app runs; none in a folder that can't be written.
    First { turn: Option<FileLock>, running: Option<FileLock> },
    /// The app that runs has accepted the arguments.
    HandedOver,
}

/// Hands the arguments to the app of this name and data folder, when one runs.
///
/// # Errors
///
/// [`Problem`] when one runs but does not answer or can't be reached.
pub(crate) fn start(name: &str, data: &Path) -> Result<Start, Problem> {
    // Most second starts come long after the first and need no turn.
    if accepted(name)? {
        return Ok(Start::HandedOver);
    }
    let turn = turn(&OurFile::lock(data, "start"));
    if accepted(name)? {
        return Ok(Start::HandedOver);
    }
    match files::try_lock(&OurFile::lock(data, "app")) {
        // It is there, and nothing on this bus answers for it.
        Ok(None) => Err(out_of_reach()),
        Ok(running) => Ok(Start::First { turn, running }),
        Err(_) => Ok(Start::First { turn, running: None }),
    }
}

/// None when others kept it all the time, or in a folder that can't be written, of which the window
/// tells; the plugin still sees to it that one app stays.
fn turn(lock: &OurFile) -> Option<FileLock> {
    let began = Instant::now();
    loop {
        match files::try_lock(lock) {
            Ok(None) if began.elapsed() < TURN_WITHIN => std::thread::sleep(TRY_AGAIN),
            Ok(turn) => return turn,
            Err(_) => return None,
        }
    }
}

/// Whether an app runs under this name and has accepted the arguments.
///
/// # Errors
///
/// [`Problem`] when one runs but does not answer.
pub(crate) fn accepted(name: &str) -> Result<bool, Problem> {
    let bus = Builder::session().and_then(|bus| bus.method_timeout(ACCEPTS_WITHIN).build());
    // Without a bus no app can be found; the lock shows whether one runs.
    let Ok(bus) = bus else { return Ok(false) };
    let name = format!("{name}.SingleInstance");
    let path = format!("/{}", name.replace('.', "/").replace('-', "_"));
    let arguments: Vec<String> =
        std::env::args_os().filter_map(|it| it.into_string().ok()).collect();
    let called = bus.call_method(
        Some(name.as_str()),
        path.as_str(),
        Some("org.SingleInstance.DBus"),
        "ExecuteCallback",
        &(arguments, "/"),
    );
    match called {
        Ok(_) => Ok(true),
        Err(zbus::Error::InputOutput(error)) if error.kind() == std::io::ErrorKind::TimedOut => {
            Err(silent())
        }
        Err(_) => Ok(false),
    }
}

/// Said on the screen, too: whoever selected it in a menu sees no terminal.
fn silent() -> Problem {
    let problem = Problem::of(
        Code::AppSilent,
        words!("app_silent.what"),
        words!("app_silent.why", seconds = ACCEPTS_WITHIN.as_secs()),
        words!("app_silent.hint"),
    );
    crate::notices::before_all(&problem, NOTIFIES_WITHIN);
    problem
}

/// The app runs in another session, or one of both has no session bus.
fn out_of_reach() -> Problem {
    let problem = Problem::of(
        Code::AppSilent,
        words!("app_silent.elsewhere.what"),
        words!("app_silent.elsewhere.why"),
        words!("app_silent.elsewhere.hint"),
    );
    crate::notices::before_all(&problem, NOTIFIES_WITHIN);
    problem
}
