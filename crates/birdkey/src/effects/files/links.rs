//! Links at the place of a file, and opening files of ours.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

/// As many links in a row as Linux follows.
const MOST_LINKS: usize = 40;

/// Where a file lies once the links at its end are followed, also where nothing is yet.
pub(super) fn end_of_links(file: &Path) -> io::Result<PathBuf> {
    let mut end = file.to_owned();
    for _ in 0..MOST_LINKS {
        match fs::read_link(&end) {
            Ok(next) => end = folder_of(&end).join(next),
            Err(_) if end == file => return Ok(end),
            Err(_) => return followed(end),
        }
    }
    Err(io::Error::other("too many links lead from one to the next"))
}

/// The end of a link, if it may be written: a folder that is missing may be a disk that is not there.
fn followed(end: PathBuf) -> io::Result<PathBuf> {
    let refused = |kind, why: &str| {
        Err(io::Error::new(kind, format!("it is a link to {}, {why}", end.display())))
    };
    if !folder_of(&end).is_dir() {
        return refused(io::ErrorKind::NotFound, "whose folder is missing");
    }
    Ok(end)
}

/// Opens a file for this user alone.
pub(super) fn open(options: &OpenOptions, path: &Path) -> io::Result<File> {
    #[cfg(unix)]
    let options = {
        use std::os::unix::fs::OpenOptionsExt as _;
        let mut options = options.clone();
        options.mode(0o600);
        options
    };
    options.open(path)
}

pub(super) fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}
