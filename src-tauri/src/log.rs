//! The log file: ids and durations, never an address with a query, never a secret.

use std::path::Path;
use std::sync::Mutex;

use birdkey::effects::files;
use tracing::Level;
use tracing_subscriber::Layer as _;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

/// Above this size, in bytes, the log starts anew and the old one is kept once.
const MAX_LOG_BYTES: u64 = 1024 * 1024;

/// Starts logging into `birdkey.log` in the data folder; a folder that can't be written to only
/// costs the log.
pub(crate) fn start(folder: &Path) {
    match files::open_log(folder, MAX_LOG_BYTES) {
        Ok(file) => {
            let targets = Targets::new().with_default(Level::INFO);
            let targets = targets.with_target("birdkey", Level::DEBUG);
            let layer = tracing_subscriber::fmt::layer().with_ansi(false);
            let layer = layer.with_writer(Mutex::new(file)).with_filter(targets);
            // A log that is set up already is used as it is.
            tracing_subscriber::registry().with(layer).try_init().ok();
        }
        Err(error) => crate::start::tell(&birdkey::problem::Problem::new(
            &birdkey::failure::Failure::File(error),
            &birdkey::problem::About::default(),
        )),
    }
}
