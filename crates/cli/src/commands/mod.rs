//! One module a command.

pub(crate) mod activity;
pub(crate) mod api;
pub(crate) mod app;
mod by_the_app;
pub(crate) mod doctor;
pub(crate) mod exec;
pub(crate) mod import;
pub(crate) mod login;
pub(crate) mod logout;
mod pasting;
mod record;
pub(crate) mod refresh;
pub(crate) mod sandbox;
pub(crate) mod status;
pub(crate) mod switch;
pub(crate) mod token;
pub(crate) mod vault;
mod wrong_scopes;

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use birdkey::Engine;
use birdkey::effects::clock::SystemClock;
use birdkey::effects::folders::Folders;
use birdkey::effects::paste::Paste;
use birdkey::problem::{About, Problem};
use birdkey::view::View;

use crate::args::Chosen;
use crate::output::{Ending, Output};
use crate::words;

/// The exit code of a command that was ended by Ctrl-C, as shells have it.
const INTERRUPTED: u8 = 130;

/// The engine on this user's folders, with the real effects.
fn engine() -> Result<Engine, Problem> {
    let folders =
        Folders::of_this_user().map_err(|error| Problem::new(&error.into(), &About::default()))?;
    Ok(Engine::of_this_machine(folders))
}

/// The same, whose logins take what is pasted.
fn pasting_engine() -> Result<(Engine, Arc<Paste>), Problem> {
    let folders =
        Folders::of_this_user().map_err(|error| Problem::new(&error.into(), &About::default()))?;
    let paste = Arc::new(Paste::new(Arc::new(SystemClock::new())));
    Ok((Engine::with_pasted_redirects(folders, Arc::clone(&paste)), paste))
}

/// The id of the account meant by arguments and environment; `None` leaves the choice to what is set.
fn account(engine: &Engine, chosen: &Chosen) -> Result<Option<String>, Problem> {
    match chosen.app() {
        Some(app) => engine.account_of(&app, chosen.account().as_deref()).map(Some),
        None => Ok(chosen.account()),
    }
}

/// The View, or its problem when there is one.
fn readable(engine: &Engine) -> Result<View, Problem> {
    let view = engine.view();
    match view.problem {
        Some(problem) => Err(problem),
        None => Ok(view),
    }
}

/// Runs what may send a refresh token or a code; Ctrl-C ends it at once as long as none is on its way.
/// Else its answer is waited for, as a reply that is cut off can cost the login; a second Ctrl-C ends
/// the command at once.
fn finished<'a, T: 'a>(
    engine: &'a Engine,
    output: &'a Output,
    act: impl Future<Output = Result<T, Problem>> + 'a,
) -> Pin<Box<dyn Future<Output = Result<T, Ending>> + 'a>> {
    // In a box of its own: acts are large, and a command keeps several futures in one another.
    let mut act = Box::pin(act);
    Box::pin(async move {
        let code = tokio::select! {
            biased;
            done = ended(engine, &mut act) => return Ok(done?),
            code = interrupted() => code,
            never = tells_of_prompts(engine, output) => match never {},
        };
        if engine.is_exchanging() {
            output.say("Waiting for the answer of the server, which may hold new tokens. Press Ctrl-C again to stop at once.");
            tokio::select! {
                biased;
                () = engine.seen_through() => {}
                _ = interrupted() => {}
            }
        }
        Err(Ending::Said(code))
    })
}

/// Says that the keychain asks for its password, in a window that may be out of sight; never ends.
async fn tells_of_prompts(engine: &Engine, output: &Output) -> Infallible {
    let limit = engine.asked_to_unlock().await;
    let limit = words::duration(i64::try_from(limit.as_secs()).unwrap_or(i64::MAX));
    output.say(&format!(
        "The keychain asks for its password in a window on this machine's desktop. Waiting up to {limit}; press Ctrl-C to cancel."
    ));
    std::future::pending().await
}

/// The end of an act, and of all that it began.
async fn ended<T>(engine: &Engine, act: impl Future<Output = T>) -> T {
    let done = act.await;
    engine.seen_through().await;
    done
}

/// Sends servers what they could not be sent before; runs after the command has given its answer.
async fn finish_logouts(engine: &Engine, output: &Output) -> Result<(), Ending> {
    finished(engine, output, async {
        engine.finish_logouts_in_passing().await;
        Ok(())
    })
    .await
}

/// Ends at Ctrl-C, or when the system or the terminal tells the command to stop; with the exit code
/// that shells have for it.
#[cfg(unix)]
async fn interrupted() -> u8 {
    use tokio::signal::unix::SignalKind;
    tokio::select! {
        () = arrival(SignalKind::interrupt()) => INTERRUPTED,
        () = arrival(SignalKind::terminate()) => 143,
        () = arrival(SignalKind::hangup()) => 129,
    }
}

/// Ends when a signal comes. One that was ignored when the command started stays so, also in a program that takes the
/// command's place; the same goes where none can be caught, and the system ends the command by itself.
#[cfg(unix)]
async fn arrival(kind: tokio::signal::unix::SignalKind) {
    let ignored = birdkey::effects::process::ignores(kind.as_raw_value());
    let caught = if ignored { None } else { tokio::signal::unix::signal(kind).ok() };
    match caught {
        Some(mut signals) => drop(signals.recv().await),
        None => std::future::pending().await,
    }
}

#[cfg(not(unix))]
async fn interrupted() -> u8 {
    if tokio::signal::ctrl_c().await.is_err() {
        // Nobody can tell us then; the system ends the command at once instead.
        std::future::pending::<()>().await;
    }
    INTERRUPTED
}
