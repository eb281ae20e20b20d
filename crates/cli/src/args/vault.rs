//! `birdkey vault`.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Subcommand, ValueEnum};

use super::{days, examples};

#[derive(Debug, Subcommand)]
pub(crate) enum Vault {
    /// Show where tokens are kept, and whether they can be read and written
    Show,
    /// Move all tokens and client secrets to the keychain or to encrypted files, and keep them there
    Use(VaultUse),
    /// Unlock the keychain, or the encrypted files
    Unlock(VaultUnlock),
    /// Lock the encrypted files again
    Lock,
    /// Print the identity that opens the encrypted files, for an unattended service
    #[command(after_help = examples::IDENTITY)]
    Identity(VaultIdentity),
}

#[derive(Debug, Args)]
pub(crate) struct VaultUse {
    /// The keychain of the system, or encrypted files
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
pub(crate) struct VaultIdentity {
    /// Read the passphrase from a file, or from standard input with -, if the files are locked
    #[arg(long, value_name = "FILE")]
    pub(crate) passphrase_file: Option<PathBuf>,
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
