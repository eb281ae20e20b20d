//! `birdkey logout`: revoke, erase, and say which half failed.

use birdkey::Engine;
use birdkey::problem::Problem;
use birdkey::view::{LogoutView, RevocationView, View};

use crate::args::Logout;
use crate::json;
use crate::output::Ending;
use crate::output::Output;
use crate::words;

pub(crate) async fn run(arguments: &Logout, output: &Output) -> Result<(), Ending> {
    let engine = super::engine()?;
    let view = super::readable(&engine)?;
    let ended = super::finished(&engine, output, log_out(&engine, arguments, &view)).await?;
    if output.is_json() {
        output.json(&json::LoggedOut::from(ended.as_slice()))?;
    } else {
        show(&ended, output);
    }
    engine.logouts_were_shown();
    super::finish_logouts(&engine, output).await?;
    exit_code(&ended).map_or(Ok(()), |code| Err(Ending::Said(code)))
}

async fn log_out(
    engine: &Engine,
    arguments: &Logout,
    view: &View,
) -> Result<Vec<LogoutView>, Problem> {
    if !arguments.all {
        let account = super::account(engine, &arguments.chosen)?;
        return Ok(vec![engine.log_out(account.as_deref()).await?]);
    }
    let mut ended = Vec::new();
    for account in &view.accounts {
        ended.push(engine.log_out(Some(&account.id)).await?);
    }
    Ok(ended)
}

/// That of the first token which may still work.
pub(super) fn exit_code(ended: &[LogoutView]) -> Option<u8> {
    let halves = ended.iter().flat_map(|one| [&one.refresh_token, &one.access_token]);
    let newer = ended.iter().find_map(|one| one.newer_tokens.as_ref());
    halves.into_iter().find_map(failed).or(newer.map(|problem| problem.code.exit_code()))
}

/// Says what became of each token.
pub(super) fn show(ended: &[LogoutView], output: &Output) {
    for one in ended {
        output.say(&format!(
            "Logged out {}; its grant is erased on this machine.",
            one.account.terminal()
        ));
        let halves = [("refresh token", &one.refresh_token), ("access token", &one.access_token)];
        for line in halves.into_iter().filter_map(|(name, half)| words::revocation(name, half)) {
            output.say(&format!("  {line}"));
        }
        if let Some(hint) = &one.hint {
            output.say(&format!("\nhint: {hint}"));
        }
        if let Some(problem) = &one.newer_tokens {
            output.warn(problem);
        }
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
