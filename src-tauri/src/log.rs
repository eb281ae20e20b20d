//! The log file: ids and durations, never an address with a query, never a secret.

use std::fs::{self, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
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
    match open(folder) {
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

/// Where the log is.
pub(crate) fn path(folder: &Path) -> PathBuf {
    folder.join("birdkey.log")
}

fn open(folder: &Path) -> Result<fs::File, files::FileError> {
    files::private_folder(folder)?;
    let path = path(folder);
    let opened = rotated(&path).and_then(|()| private_append(&path));
    opened.map_err(|source| files::FileError { path, action: files::FileAction::Write, source })
}

fn rotated(path: &Path) -> io::Result<()> {
    match fs::metadata(path) {
        Ok(found) if found.len() > MAX_LOG_BYTES => fs::rename(path, path.with_extension("log.1")),
        Ok(_) | Err(_) => Ok(()),
    }
}

fn private_append(path: &Path) -> io::Result<fs::File> {
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
