//! The arguments of `birdkey doctor`.

use clap::Args;

pub(super) const EXAMPLES: &str = "\
It stores, refreshes and revokes nothing, and its output holds no secret: it can go into a bug report.
Each app's server gets a refresh with a junk token, and for a valid token one read of /2/users/me.

Examples:
  birdkey doctor
  birdkey doctor --offline      without asking any server
  birdkey doctor --fix          finish what was cut off, close folders, unlock the keychain";

#[derive(Debug, Args)]
pub(crate) struct Doctor {
    /// Mend what Birdkey can mend by itself, then look again
    #[arg(long)]
    pub(crate) fix: bool,
    /// Ask no server
    #[arg(long)]
    pub(crate) offline: bool,
}
