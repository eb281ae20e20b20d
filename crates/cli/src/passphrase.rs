//! Passphrases: from a file or a pipe, or typed without an echo; never from an argument.

use std::io::{self, IsTerminal as _};
use std::path::Path;

use birdkey::protocol::secret::Secret;

use crate::output::Ending;
use crate::output::Output;
use crate::secret_file;

/// Reads the first line of a file, or of standard input for `-`.
pub(crate) fn from_file(path: &Path) -> Result<Secret, Ending> {
    let first = secret_file::read(path)?
        .and_then(|text| text.expose().lines().next().map(|line| Secret::new(line.to_owned())));
    Ok(first.unwrap_or_else(|| Secret::new(String::new())))
}

/// Asks for a passphrase that was chosen before.
pub(crate) fn known(output: &Output) -> Result<Secret, Ending> {
    ask("Passphrase of the encrypted files: ", output)
}

/// Asks for a new one, twice.
pub(crate) fn new(output: &Output) -> Result<Secret, Ending> {
    let first = ask("New passphrase: ", output)?;
    if first.is_same_as(&ask("Once more: ", output)?) {
        return Ok(first);
    }
    output.say("error: The two passphrases differ.\n\nhint: run the command again");
    Err(Ending::Said(2))
}

fn ask(prompt: &str, output: &Output) -> Result<Secret, Ending> {
    if !io::stdin().is_terminal() {
        output.say("error: A passphrase is needed, and there is no terminal to ask for it.\n\nhint: give it with --passphrase-file FILE, or - for standard input");
        return Err(Ending::Said(2));
    }
    match rpassword::prompt_password(prompt) {
        Ok(text) => Ok(Secret::new(text)),
        Err(error) => {
            output.say(&format!("error: The passphrase could not be read: {error}.\n\nhint: give it with --passphrase-file FILE"));
            Err(Ending::Said(2))
        }
    }
}
