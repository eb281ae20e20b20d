//! `birdkey status`: apps, accounts, and how long their tokens are valid.

use birdkey_foreign::Foreign;

use birdkey::Engine;
use birdkey::view::{AccountView, View};

use crate::args::{ACCOUNT_VARIABLE, APP_VARIABLE, Chosen, variable};
use crate::json;
use crate::output::Ending;
use crate::output::Output;
use crate::words;

pub(crate) async fn run(output: &Output) -> Result<(), Ending> {
    let engine = super::engine()?;
    engine.look_for_sandbox().await;
    engine.look_again().await;
    let view = super::readable(&engine)?;
    if output.is_json() {
        let default = default_account(&engine);
        let vault = json::Vault::new(engine.vault_kind().ok(), &view.vault);
        output.json(&json::Status::new(&view, vault, default.as_deref()))?;
    } else {
        for line in lines(&view, engine.now_unix_ms()).into_iter().chain(choice(&view)) {
            output.data(&line)?;
        }
    }
    // After the answer, which does not depend on it.
    super::finish_logouts(&engine, output).await?;
    Ok(())
}

fn lines(view: &View, now_ms: i64) -> Vec<String> {
    let mut lines = Vec::new();
    if view.apps.is_empty() {
        lines.push("No app is set up. Run: birdkey app add --help".to_owned());
        if view.notices.is_empty() {
            return lines;
        }
    }
    for account in &view.accounts {
        lines.extend(account_lines(account, now_ms));
    }
    for app in &view.apps {
        if !view.accounts.iter().any(|account| account.app_id == app.id) {
            lines.push(format!("{} ({})", app.name.terminal(), app.host));
            lines.push(format!("  nobody is logged in. Run: birdkey login --app {}", app.id));
            lines.push(String::new());
        }
    }
    for called in view.waiting_logouts.iter().map(Foreign::terminal) {
        lines.push(format!("{called} is logged out here; the server has not heard of it yet."));
    }
    for problem in &view.notices {
        lines.push(format!("note: {} {} {}", problem.what, problem.why, problem.hint));
    }
    lines.push(format!("Grants are kept in: {}", view.vault));
    lines
}

/// The id of the account that a command means when none is named, when there is one.
fn default_account(engine: &Engine) -> Option<String> {
    let given = super::account(engine, &Chosen { account: None, app: None }).ok()?;
    engine.account_id(given.as_deref()).ok()
}

/// Which account a command means when none is named, and who said so.
fn choice(view: &View) -> Option<String> {
    if let Some(account) = variable(ACCOUNT_VARIABLE) {
        return Some(format!("Commands mean the account {account} (by {ACCOUNT_VARIABLE})."));
    }
    if let Some(app) = variable(APP_VARIABLE) {
        return Some(format!("Commands mean an account of the app {app} (by {APP_VARIABLE})."));
    }
    let default = view.accounts.iter().find(|account| account.is_default)?;
    let who = words::account(default);
    Some(format!("Commands mean {who} (by default_account in config.toml)."))
}

fn scopes(account: &AccountView) -> String {
    if account.scopes_requested.is_empty() && account.scopes_granted.is_empty() {
        "unknown".to_owned()
    } else {
        account.scopes_granted.join(" ")
    }
}

fn account_lines(account: &AccountView, now_ms: i64) -> Vec<String> {
    let mut lines = vec![
        format!(
            "{} via {}{}",
            words::account(account),
            account.app_name.terminal(),
            if account.is_default { " (default)" } else { "" }
        ),
        format!("  state   {}", words::state(account, now_ms)),
        format!("  scopes  {}", scopes(account)),
        format!("  id      {}", account.id),
    ];
    let missing: Vec<_> = account
        .scopes_requested
        .iter()
        .filter(|scope| !account.scopes_granted.contains(scope))
        .cloned()
        .collect();
    if !missing.is_empty() {
        lines.push(format!("  not granted: {}", missing.join(" ")));
    }
    if let Some(problem) = &account.problem {
        lines.push(format!("  note    {} {} {}", problem.what, problem.why, problem.hint));
    }
    lines.push(String::new());
    lines
}
