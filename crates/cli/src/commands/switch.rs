//! `birdkey switch`: which account or app is meant when none is named.

use crate::args::Switch;
use crate::json;
use crate::output::Ending;
use crate::output::Output;
use crate::words;

pub(crate) fn run(arguments: &Switch, output: &Output) -> Result<(), Ending> {
    let engine = super::engine()?;
    if let Some(app) = &arguments.app {
        let id = engine.make_default_app(app)?;
        let switched = json::Switched { account_id: None, app_id: Some(&id) };
        return done(output, &switched, &format!("A login now means the app {app}."));
    }
    let id = engine.make_default_account(arguments.account.as_deref().unwrap_or_default())?;
    let view = super::readable(&engine)?;
    let account = view.accounts.iter().find(|account| account.id == id);
    let name = account.map_or_else(|| id.clone(), words::account);
    let switched = json::Switched { account_id: Some(&id), app_id: None };
    done(output, &switched, &format!("{name} is now meant when no account is named."))
}

fn done(output: &Output, switched: &json::Switched<'_>, words: &str) -> Result<(), Ending> {
    if output.is_json() {
        return output.json(switched);
    }
    output.say(words);
    Ok(())
}
