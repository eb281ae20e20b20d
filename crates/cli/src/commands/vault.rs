//! `birdkey vault`: where grants are kept, and what opens it.

use std::time::Duration;

use birdkey::effects::vault::VaultKind;
use birdkey::engine::{MovedVault, VaultKey};
use birdkey::protocol::secret::Secret;
use birdkey::{Engine, KEEP_OPEN};

use crate::args::{Vault, VaultIdentity, VaultName, VaultUnlock, VaultUse};
use crate::json;
use crate::output::Ending;
use crate::output::Output;
use crate::{passphrase, words};

pub(crate) async fn run(command: &Vault, output: &Output) -> Result<(), Ending> {
    let engine = super::engine()?;
    match command {
        Vault::Show => show(&engine, output).await,
        Vault::Use(arguments) => use_vault(&engine, arguments, output).await,
        Vault::Unlock(arguments) => unlock(&engine, arguments, output).await,
        Vault::Lock => lock(&engine, output),
        Vault::Identity(arguments) => identity(&engine, arguments, output).await,
    }
}

async fn show(engine: &Engine, output: &Output) -> Result<(), Ending> {
    let kind = engine.vault_kind()?;
    let problem = engine.vault_ready().await.err();
    let place = engine.view().vault;
    if output.is_json() {
        output.json(&json::VaultShown::new(kind, &place, problem.as_ref()))?;
        return problem.map_or(Ok(()), |problem| Err(Ending::Said(problem.code.exit_code())));
    }
    output.data(&format!("Grants are kept in: {place}"))?;
    match problem {
        None => output.data("It can be read and written now."),
        Some(problem) => Err(problem.into()),
    }
}

async fn use_vault(engine: &Engine, arguments: &VaultUse, output: &Output) -> Result<(), Ending> {
    let kind = match arguments.vault {
        VaultName::Keychain => VaultKind::Keychain,
        VaultName::File => VaultKind::File,
    };
    let key = key(engine, arguments, kind, output)?;
    let moved = engine.use_vault(kind, key).await?;
    let place = engine.view().vault;
    if output.is_json() {
        output.json(&json::VaultUsed::new(kind, &place, &moved))?;
    } else {
        show_moved(&place, &moved, output);
    }
    moved.left_behind.map_or(Ok(()), |problem| Err(Ending::Said(problem.code.exit_code())))
}

fn show_moved(place: &str, moved: &MovedVault, output: &Output) {
    let items = match moved.items {
        0 => "Nothing had to be moved".to_owned(),
        1 => "One grant or client secret was moved".to_owned(),
        items => format!("{items} grants and client secrets were moved"),
    };
    output.say(&format!("{items}. Grants are kept in: {place}"));
    if let Some(problem) = &moved.left_behind {
        output.say(&format!(
            "note: copies are left where they were before. {} {} To remove them, run the same command again.",
            problem.what, problem.why
        ));
    }
}

/// What opens the encrypted files: as given, or as before, or a passphrase from the terminal.
fn key(
    engine: &Engine,
    arguments: &VaultUse,
    kind: VaultKind,
    output: &Output,
) -> Result<VaultKey, Ending> {
    if let Some(path) = &arguments.identity_file {
        let path = std::path::absolute(path).unwrap_or_else(|_| path.clone());
        return Ok(VaultKey::IdentityFile(path));
    }
    if let Some(file) = &arguments.passphrase_file {
        return Ok(opened_by(passphrase::from_file(file)?, kind));
    }
    let leaves_files = kind == VaultKind::Keychain && engine.file_vault_is_set_up()?;
    if (kind == VaultKind::Keychain && !leaves_files) || engine.files_identity().is_ok() {
        return Ok(VaultKey::AsBefore);
    }
    if engine.file_vault_is_set_up()? {
        return Ok(opened_by(passphrase::known(output)?, kind));
    }
    output.say("Choose a passphrase for the encrypted files. Whoever has the files and the passphrase has your accounts; nobody can restore it for you.");
    Ok(opened_by(passphrase::new(output)?, kind))
}

/// Files that are left need not stay open for others.
fn opened_by(passphrase: Secret, kind: VaultKind) -> VaultKey {
    let keep_open = if kind == VaultKind::File { KEEP_OPEN } else { Duration::ZERO };
    VaultKey::Passphrase { passphrase, keep_open }
}

async fn unlock(engine: &Engine, arguments: &VaultUnlock, output: &Output) -> Result<(), Ending> {
    if engine.vault_kind()? == VaultKind::Keychain {
        super::finished(engine, output, engine.unlock_vault()).await?;
        output.say("The keychain is unlocked.");
        return Ok(());
    }
    let given = match &arguments.passphrase_file {
        Some(file) => passphrase::from_file(file)?,
        None => passphrase::known(output)?,
    };
    if engine.unlock_files(&given, arguments.keep).await? {
        let seconds = i64::try_from(arguments.keep.as_secs()).unwrap_or(i64::MAX);
        output.say(&format!(
            "The encrypted files are open for your programs for {}. birdkey vault lock closes them.",
            words::duration(seconds)
        ));
        return Ok(());
    }
    output.say("error: The passphrase is right, but this system keeps no key in its memory for other programs.\n\nhint: give the identity as a file or credential instead; see birdkey vault identity --help");
    Err(Ending::Said(7))
}

fn lock(engine: &Engine, output: &Output) -> Result<(), Ending> {
    engine.lock_files()?;
    output.say("The encrypted files are locked.");
    Ok(())
}

async fn identity(
    engine: &Engine,
    arguments: &VaultIdentity,
    output: &Output,
) -> Result<(), Ending> {
    let identity = match engine.files_identity() {
        Ok(identity) => identity,
        Err(problem) if problem.code == birdkey::problem::Code::VaultFilesLocked => {
            let given = match &arguments.passphrase_file {
                Some(file) => passphrase::from_file(file)?,
                None => passphrase::known(output)?,
            };
            engine.unlock_files(&given, Duration::ZERO).await?;
            engine.files_identity()?
        }
        Err(problem) => return Err(problem.into()),
    };
    if output.stdout_is_terminal() {
        output.say("warning: this opens all your grants; do not share it.");
    }
    if output.is_json() {
        return output.json(&json::Identity { identity: json::Revealed(identity.expose()) });
    }
    output.data(identity.expose())
}
