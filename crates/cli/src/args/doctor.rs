//! The arguments of `birdkey doctor`.

use clap::Args;

#[derive(Debug, Args)]
pub(crate) struct Doctor {
    /// Mend what Birdkey can mend by itself, then look again
    #[arg(long)]
    pub(crate) fix: bool,
    /// Ask no server
    #[arg(long)]
    pub(crate) offline: bool,
}
