//! Replacing a file as a whole: a crash leaves the old one or the new one, and a link stays a link.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use rand::distr::{Alphanumeric, SampleString as _};

/// How the names of half-written files begin; random letters follow. Birdkey's doctor knows them.
const MARK: &str = ".birdkey-half-written-";
const RANDOM_LETTERS: usize = 16;

/// Writes what `path` leads to.
///
/// # Errors
///
/// As the operating system has them; the old file is then untouched.
pub(crate) fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    let end = end_of_links(path);
    let random = Alphanumeric.sample_string(&mut rand::rng(), RANDOM_LETTERS);
    let temporary = end.with_file_name(format!("{MARK}{random}"));
    let written = new_file(&temporary).and_then(|mut file| {
        // Held while it is half-written, so that the doctor leaves it alone.
        file.try_lock().ok();
        file.write_all(content)?;
        file.sync_all()?;
        if cfg!(windows) {
            file.unlock().ok();
        }
        fs::rename(&temporary, &end)
    });
    if written.is_err() {
        // It is of no use; failing to remove it changes nothing.
        fs::remove_file(&temporary).ok();
    }
    written?;
    if let Some(folder) = end.parent()
        && let Err(error) = sync_folder(folder)
    {
        // The file is in its place; some file systems can't confirm it.
        tracing::debug!(%error, "a folder can't be made durable");
    }
    Ok(())
}

/// Where a link leads, also where nothing is yet.
fn end_of_links(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| match fs::read_link(path) {
        Ok(link) => path.parent().unwrap_or(path).join(link),
        Err(_) => path.to_owned(),
    })
}

fn new_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
#[allow(clippy::unnecessary_wraps, reason = "the other systems have no folder to flush")]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn a_link_stays_and_what_it_leads_to_is_replaced() {
        let root = tempfile::tempdir().unwrap();
        let (data, real) = (root.path().join("data"), root.path().join("real"));
        for folder in [&data, &real] {
            fs::create_dir(folder).unwrap();
        }
        let path = data.join("sandbox.json");
        symlink("../real/sandbox.json", &path).unwrap();
        for content in ["first", "second"] {
            replace(&path, content.as_bytes()).unwrap();
            assert!(path.is_symlink());
            assert_eq!(fs::read_to_string(real.join("sandbox.json")).unwrap(), content);
        }
        let count = |folder| fs::read_dir(folder).unwrap().count();
        assert_eq!((count(&data), count(&real)), (1, 1), "nothing stays beside them");
    }
}
