//! The arguments of `birdkey doctor`.

use std::path::PathBuf;

use clap::Args;
use clap_complete::engine::ArgValueCandidates;

use crate::candidates::apps;

#[derive(Debug, Args)]
pub(crate) struct Doctor {
    /// Fix what Birdkey can fix by itself, then check again
    #[arg(long)]
    pub(crate) fix: bool,
    /// Contact no server
    #[arg(long)]
    pub(crate) offline: bool,
    /// Run a login, a refresh and a logout of its own and record how the server behaves; asks before
    /// each step
    #[arg(long, value_name = "FILE", conflicts_with_all = ["fix", "offline"])]
    pub(crate) record: Option<PathBuf>,
    /// The app to record, by id or name [default: the default app, or the only one]
    #[arg(long, requires = "record", add = ArgValueCandidates::new(apps))]
    pub(crate) app: Option<String>,
}
