//! `birdkey refresh`: a new grant now.

use birdkey::Engine;
use birdkey::view::AccountView;

use crate::args::Refresh;
use crate::json;
use crate::output::Ending;
use crate::output::Output;
use crate::words;

pub(crate) async fn run(arguments: &Refresh, output: &Output) -> Result<(), Ending> {
    let engine = super::engine()?;
    let account = super::account(&engine, &arguments.chosen)?;
    let id = super::finished(&engine, output, engine.refresh(account.as_deref())).await?;
    let view = super::readable(&engine)?;
    let account = view.accounts.iter().find(|account| account.id == id);
    if output.is_json() {
        output.json(&json::Refreshed::from(account))?;
    } else if let Some(account) = account {
        show(account, &engine, output);
    }
    // The network is there, so what a server could not be sent before can be sent now.
    super::finish_logouts(&engine, output).await?;
    Ok(())
}

fn show(account: &AccountView, engine: &Engine, output: &Output) {
    let state = words::state(account, engine.now_unix_ms());
    output.say(&format!("Refreshed {}: {state}.", words::account(account)));
    if let Some(problem) = &account.problem {
        output.say(&format!("note: {} {} {}", problem.what, problem.why, problem.hint));
    }
}
