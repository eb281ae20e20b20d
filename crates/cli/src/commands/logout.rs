//! `birdkey logout`: revoke, erase, and say which half failed.

use serde_json::json;

use birdkey::view::{LogoutView, RevocationView};

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
            ended.push(engine.log_out(Some(&account.id)).await?);
        }
    } else {
        let account = super::account(&engine, &arguments.chosen)?;
        ended.push(engine.log_out(account.as_deref()).await?);
    }
    show(&ended, output)?;
    let exit_codes = ended.iter().map(|one| [&one.refresh_token, &one.access_token]);
    match exit_codes.into_iter().flatten().find_map(failed) {
        None => Ok(()),
        Some(code) => Err(Ending::Said(code)),
    }
}

fn show(ended: &[LogoutView], output: &Output) -> Result<(), Ending> {
    if output.is_json() {
        return output.json(json!({ "loggedOut": ended }));
    }
    for one in ended {
        output.say(&format!("Logged out {}; its grant is erased on this machine.", one.account));
        let halves = [("refresh token", &one.refresh_token), ("access token", &one.access_token)];
        for line in halves.into_iter().filter_map(|(name, half)| words::revocation(name, half)) {
            output.say(&format!("  {line}"));
        }
        if halves.iter().any(|(_, half)| failed(half).is_some()) {
            output.say("\nhint: at X you can remove the app's access at https://x.com/settings/connected_apps");
        }
    }
    Ok(())
}

fn failed(revocation: &RevocationView) -> Option<u8> {
    match revocation {
        RevocationView::Failed { problem } | RevocationView::Waiting { problem } => {
            Some(problem.code.exit_code())
        }
        RevocationView::Revoked | RevocationView::None | RevocationView::Unsupported => None,
    }
}
