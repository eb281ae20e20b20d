//! `birdkey logout`: revoke, erase, and say which half failed.

use serde_json::json;

use birdkey::Engine;
use birdkey::view::{AppView, LogoutView, ProviderView, RevocationView, View};

use super::Ending;
use crate::args::Logout;
use crate::output::Output;
use crate::words;

pub(crate) async fn run(arguments: &Logout, output: &Output) -> Result<(), Ending> {
    let engine = super::engine()?;
    let view = super::readable(&engine)?;
    engine.finish_logouts().await;
    let mut ended = Vec::new();
    if arguments.all {
        for account in &view.accounts {
            let one = engine.log_out(Some(&account.id)).await?;
            ended.push((one, app(&view, &account.app_id)));
        }
    } else {
        let account = super::account(&engine, &arguments.chosen)?;
        let one = engine.log_out(account.as_deref()).await?;
        ended.push((one, app_of_the_erased(&engine, &view)));
    }
    show(&ended, output)?;
    let exit_codes = ended.iter().map(|(one, _)| [&one.refresh_token, &one.access_token]);
    match exit_codes.into_iter().flatten().find_map(failed) {
        None => Ok(()),
        Some(code) => Err(Ending::Said(code)),
    }
}

fn app<'a>(view: &'a View, id: &str) -> Option<&'a AppView> {
    view.apps.iter().find(|app| app.id == id)
}

/// The app of the account that was listed before and is not any more.
fn app_of_the_erased<'a>(engine: &Engine, before: &'a View) -> Option<&'a AppView> {
    let left = engine.view().accounts;
    let is_left = |id: &str| left.iter().any(|account| account.id == id);
    let erased = before.accounts.iter().find(|account| !is_left(&account.id))?;
    app(before, &erased.app_id)
}

fn show(ended: &[(LogoutView, Option<&AppView>)], output: &Output) -> Result<(), Ending> {
    if output.is_json() {
        let views: Vec<_> = ended.iter().map(|(one, _)| one).collect();
        return output.json(json!({ "loggedOut": views }));
    }
    for (one, app) in ended {
        output.say(&format!("Logged out {}; its grant is erased on this machine.", one.account));
        let halves = [("refresh token", &one.refresh_token), ("access token", &one.access_token)];
        for line in halves.into_iter().filter_map(|(name, half)| words::revocation(name, half)) {
            output.say(&format!("  {line}"));
        }
        if halves.iter().any(|(_, half)| failed(half).is_some())
            && let Some(hint) = app.and_then(remove_access)
        {
            output.say(&format!("\nhint: {hint}"));
        }
    }
    Ok(())
}

/// Where else an app's access is removed; the sandbox has no such page.
fn remove_access(app: &AppView) -> Option<String> {
    match app.provider {
        ProviderView::X => Some(
            "you can remove the app's access at https://x.com/settings/connected_apps".to_owned(),
        ),
        ProviderView::Sandbox => None,
        ProviderView::Custom => Some(format!(
            "{} may let you remove the app's access in the settings of your account",
            app.host
        )),
    }
}

fn failed(revocation: &RevocationView) -> Option<u8> {
    match revocation {
        RevocationView::Failed { problem } | RevocationView::Waiting { problem } => {
            Some(problem.code.exit_code())
        }
        RevocationView::Revoked | RevocationView::None | RevocationView::Unsupported => None,
    }
}
