//! The arguments of `birdkey doctor`.

use std::path::PathBuf;

use clap::Args;
use clap_complete::engine::ArgValueCandidates;

use crate::completion::apps;

#[derive(Debug, Args)]
pub(crate) struct Doctor {
    /// Mend what Birdkey can mend by itself, then look again
    #[arg(long)]
    pub(crate) fix: bool,
    /// Ask no server
    #[arg(long)]
    pub(crate) offline: bool,
    /// Go through a login, refresh and logout of its own, and write down what the server did; asks
    /// before each step
    #[arg(long, value_name = "FILE", conflicts_with_all = ["fix", "offline"])]
    pub(crate) record: Option<PathBuf>,
    /// The app to record, by id or name; else the default or the only one
    #[arg(long, requires = "record", add = ArgValueCandidates::new(apps))]
    pub(crate) app: Option<String>,
}
