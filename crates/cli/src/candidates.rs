//! What a shell may complete: the names of accounts and apps.

use birdkey::Engine;
use birdkey::effects::folders::Folders;
use birdkey_foreign::Foreign;
use clap_complete::engine::CompletionCandidate;

/// The accounts by `@username`, with their apps; by id where a shell would read more into the name.
pub(crate) fn accounts() -> Vec<CompletionCandidate> {
    let Some(engine) = engine() else { return Vec::new() };
    let accounts = engine.view().accounts.into_iter();
    accounts
        .map(|account| {
            let value =
                account.username.as_ref().and_then(Foreign::word).map(|name| format!("@{name}"));
            let help = format!("{} via {}", account.called(), account.app_name.terminal());
            CompletionCandidate::new(value.unwrap_or(account.id)).help(Some(help.into()))
        })
        .collect()
}

/// The apps by name; by id likewise.
pub(crate) fn apps() -> Vec<CompletionCandidate> {
    let Some(engine) = engine() else { return Vec::new() };
    let apps = engine.view().apps.into_iter();
    apps.map(|app| {
        let name = app.name.word().map(str::to_owned);
        CompletionCandidate::new(name.unwrap_or(app.id)).help(Some(app.host.into()))
    })
    .collect()
}

fn engine() -> Option<Engine> {
    Folders::of_this_user().ok().map(Engine::of_this_machine)
}
