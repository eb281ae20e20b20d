//! `birdkey import xurl`: takes logins over from X's own command.

use std::io::{self, BufRead as _, IsTerminal as _};

use birdkey::Engine;
use birdkey::engine::Imported;
use birdkey::view::AccountView;
use birdkey_foreign::Foreign;

use crate::args::{Import, ImportXurl};
use crate::json;
use crate::output::Ending;
use crate::output::Output;
use crate::words;

pub(crate) async fn run(command: &Import, output: &Output) -> Result<(), Ending> {
    let Import::Xurl(arguments) = command;
    let engine = super::engine()?;
    let remove = arguments.remove || (!arguments.keep && asked(&engine, arguments, output));
    let importing = engine.import_xurl(arguments.client_id.as_deref(), remove);
    let imported = super::finished(&engine, output, importing).await?;
    let view = super::readable(&engine)?;
    let accounts: Vec<_> =
        view.accounts.into_iter().filter(|one| imported.accounts.contains(&one.id)).collect();
    if output.is_json() {
        output.json(&json::Imported::new(&imported, &accounts))?;
    } else {
        show(&engine, &imported, &accounts, output);
    }
    if accounts.is_empty() && imported.known.is_empty() {
        return Err(Ending::Said(6));
    }
    Ok(())
}

fn show(engine: &Engine, imported: &Imported, accounts: &[AccountView], output: &Output) {
    for account in accounts {
        let state = words::state(account, engine.now_unix_ms());
        output.say(&format!("Took {} over: {state}.", words::account(account)));
    }
    for who in imported.known.iter().map(Foreign::terminal) {
        output.say(&format!("{who} is logged in here already; that login was tried and works."));
    }
    for who in imported.unclear.iter().map(Foreign::terminal) {
        output.say(&format!("{who} is logged in here already, and the server could not be asked which of the two logins works. Both were kept; try again later."));
    }
    if accounts.is_empty() && imported.known.is_empty() {
        return;
    }
    let path = imported.path.display();
    if imported.removed {
        output.say(&format!("These logins are out of {path}; xurl asks for a new one."));
    } else {
        output.say(&format!(
            "note: the same tokens are still in {path}. The first of the two programs to refresh them ends the other's login; remove them with: birdkey import xurl --remove"
        ));
    }
}

/// Says what taking over means, and asks whether xurl should let go.
fn asked(engine: &Engine, arguments: &ImportXurl, output: &Output) -> bool {
    let Some(xurl) = engine.xurl() else { return false };
    if output.is_json() || !io::stdin().is_terminal() {
        return false;
    }
    output.say(&format!(
        "xurl holds {} in {}. A refresh token works once: when two programs hold the same one, the first to use it ends the other's login.",
        Foreign::list(&xurl.users, ", ").terminal(),
        xurl.path.terminal()
    ));
    if arguments.client_id.is_none() && xurl.client_ids.is_empty() {
        return false;
    }
    output.say("Remove these logins from xurl's file once they are in Birdkey? [Y/n]");
    let mut answer = String::new();
    let read = io::stdin().lock().read_line(&mut answer);
    read.is_ok_and(|length| length > 0) && !answer.trim().to_lowercase().starts_with('n')
}
