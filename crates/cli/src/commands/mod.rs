//! One module a command.

pub(crate) mod app;
pub(crate) mod login;
pub(crate) mod logout;
pub(crate) mod refresh;
pub(crate) mod sandbox;
pub(crate) mod status;
pub(crate) mod switch;
pub(crate) mod token;

use std::future::Future;

use birdkey::Engine;
use birdkey::effects::folders::Folders;
use birdkey::problem::{About, Problem};
use birdkey::view::View;

/// The exit code of a command that was ended by Ctrl-C, as shells have it.
const INTERRUPTED: u8 = 130;

/// How a command ended other than well.
pub(crate) enum Ending {
    /// With a problem that still has to be shown.
    Problem(Problem),
    /// With everything said already, and this exit code.
    Said(u8),
    /// Nobody reads the output any more.
    OutputClosed,
}

impl From<Problem> for Ending {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

/// The engine on this user's folders, with the real effects.
fn engine() -> Result<Engine, Problem> {
    let folders =
        Folders::of_this_user().map_err(|error| Problem::new(&error.into(), &About::default()))?;
    Ok(Engine::of_this_machine(folders))
}

/// The View, or its problem when there is one.
fn readable(engine: &Engine) -> Result<View, Problem> {
    let view = engine.view();
    match view.problem {
        Some(problem) => Err(problem),
        None => Ok(view),
    }
}

/// Runs what may be in the middle of a refresh to its end, also after Ctrl-C: a reply that is cut
/// off can cost the login. A second Ctrl-C ends the command at once.
async fn finished<T>(act: impl Future<Output = Result<T, Problem>>) -> Result<T, Ending> {
    tokio::pin!(act);
    tokio::select! {
        biased;
        done = &mut act => return Ok(done?),
        _ = tokio::signal::ctrl_c() => {}
    }
    tokio::select! {
        biased;
        done = &mut act => done.map(drop)?,
        _ = tokio::signal::ctrl_c() => {}
    }
    Err(Ending::Said(INTERRUPTED))
}
