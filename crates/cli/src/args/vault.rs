//! `birdkey vault`.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Subcommand, ValueEnum};

use super::days;

#[derive(Debug, Subcommand)]
pub(crate) enum Vault {
    /// Show where grants are kept, and whether it can be read and written
    Show,
    /// Move all grants and client secrets into the keychain or into encrypted files, and stay there
    Use(VaultUse),
    /// Unlock the keychain, or the encrypted files with their passphrase
    Unlock(VaultUnlock),
    /// Lock the encrypted files again
    Lock,
    /// Print the identity that opens the encrypted files, for a service that runs unattended
    #[command(after_help = IDENTITY)]
    Identity,
}

const IDENTITY: &str = "\
The identity opens the encrypted files without a passphrase. Birdkey takes it from, in this order:
  the file that identity_file names in the section [vault] of the configuration
  the file that BIRDKEY_VAULT_IDENTITY names, e.g. /dev/fd/3 for a file descriptor
  the credential birdkey-vault-identity that systemd gives a service

Examples:
  birdkey vault identity | systemd-creds encrypt --name=birdkey-vault-identity - /etc/credstore.encrypted/birdkey-vault-identity
  BIRDKEY_VAULT_IDENTITY=/dev/fd/3 birdkey token 3< identity";

#[derive(Debug, Args)]
pub(crate) struct VaultUse {
    /// Which
    #[arg(value_enum)]
    pub(crate) vault: VaultName,
    /// Read the passphrase from a file, or from standard input with -, instead of asking
    #[arg(long, value_name = "FILE")]
    pub(crate) passphrase_file: Option<PathBuf>,
    /// Open the encrypted files with this identity (as age-keygen writes it) and no passphrase
    #[arg(long, value_name = "FILE", conflicts_with = "passphrase_file")]
    pub(crate) identity_file: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct VaultUnlock {
    /// Read the passphrase from a file, or from standard input with -, instead of asking
    #[arg(long, value_name = "FILE")]
    pub(crate) passphrase_file: Option<PathBuf>,
    /// How long the encrypted files stay open for your programs, e.g. 30m or 12h
    #[arg(long = "for", value_name = "TIME", default_value = "12h", value_parser = days)]
    pub(crate) keep: Duration,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum VaultName {
    /// The keychain of the system
    Keychain,
    /// Encrypted files in Birdkey's data folder
    File,
}
