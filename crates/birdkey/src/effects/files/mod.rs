//! Files: private folders, writes that are whole or not at all, locks that die with their holder.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Largest configuration or account list that is read, in bytes.
const MAX_FILE_BYTES: u64 = 16 * 1024 * 1024;

/// How long a file that another process changes is waited for.
const LOCK_LIMIT: Duration = Duration::from_secs(5);
/// How often it is tried again.
const TRY_AGAIN: Duration = Duration::from_millis(2);

/// As much as one item of a vault takes, generously.
const TRY_BYTES: usize = 16 * 1024;

/// A file or folder that could not be read or written.
#[derive(Debug, thiserror::Error)]
#[error("{} could not be {}", path.display(), action.words())]
pub struct FileError {
    /// Which.
    pub path: PathBuf,
    /// What was tried.
    pub action: FileAction,
    /// Why not.
    #[source]
    pub source: io::Error,
}

/// What was tried with a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileAction {
    /// Reading it.
    Read,
    /// Writing it.
    Write,
    /// Locking it.
    Lock,
}

impl FileAction {
    /// The past participle, for messages.
    pub fn words(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "written",
            Self::Lock => "locked",
        }
    }
}

/// Reads a whole text file; `None` when there is none.
///
/// # Errors
///
/// [`FileError`] when it is there but can't be read, is larger than 16 MiB or is not UTF-8.
pub fn read_text(path: &Path) -> Result<Option<String>, FileError> {
    let failed = |error| {
        let source = io::Error::new(io::ErrorKind::InvalidData, error);
        FileError { path: path.to_owned(), action: FileAction::Read, source }
    };
    let Some(bytes) = read_bytes(path)? else { return Ok(None) };
    String::from_utf8(bytes).map(Some).map_err(|error| failed(error.utf8_error()))
}

/// Reads a whole file; `None` when there is none.
///
/// # Errors
///
/// [`FileError`] when it is there but can't be read; of a larger file only 16 MiB are.
pub fn read_bytes(path: &Path) -> Result<Option<Vec<u8>>, FileError> {
    let failed = |source| FileError { path: path.to_owned(), action: FileAction::Read, source };
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed(error)),
    };
    // With room for all of it: growing step by step would read in ever larger pieces.
    let size = file.metadata().map_or(0, |found| found.len().min(MAX_FILE_BYTES));
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or(0) + 1);
    file.take(MAX_FILE_BYTES).read_to_end(&mut bytes).map_err(failed)?;
    Ok(Some(bytes))
}

/// Reads as [`read_bytes`] does what may be a pipe; `None` when it does not end within `limit`.
pub fn read_within(path: &Path, limit: Duration) -> Option<Result<Option<Vec<u8>>, FileError>> {
    let (sender, read) = std::sync::mpsc::channel();
    let path = path.to_owned();
    // One that hangs for ever keeps its thread, which ends with the process.
    std::thread::spawn(move || sender.send(read_bytes(&path)).ok());
    read.recv_timeout(limit).ok()
}

/// Replaces a file: a new file beside it (mode 0600), fsync, rename, fsync of the folder.
///
/// # Errors
///
/// [`FileError`] when any step fails; the old file is then untouched.
pub fn write_text(path: &Path, text: &str) -> Result<(), FileError> {
    write_bytes(path, text.as_bytes())
}

/// Replaces a file as [`write_text`] does.
///
/// # Errors
///
/// [`FileError`] when any step fails; the old file is then untouched.
pub fn write_bytes(path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    let failed = |source| FileError { path: path.to_owned(), action: FileAction::Write, source };
    let folder = path.parent().unwrap_or(Path::new("."));
    private_folder(folder)?;
    let beside = path.with_extension(format!("new-{}", std::process::id()));
    let written = write_new(&beside, bytes)
        .and_then(|()| fs::rename(&beside, path))
        .and_then(|()| sync_folder(folder));
    if written.is_err() {
        // The half-written file is of no use; failing to remove it changes nothing.
        fs::remove_file(&beside).ok();
    }
    written.map_err(failed)
}

/// Tries whether a file can be written in `folder`, which is made if need be; leaves nothing behind.
///
/// # Errors
///
/// [`FileError`] when not: a full disk, a read-only folder.
pub fn try_writing(folder: &Path) -> Result<(), FileError> {
    private_folder(folder)?;
    let path = folder.join(format!("try-{}", std::process::id()));
    let written = write_new(&path, &[0; TRY_BYTES]);
    fs::remove_file(&path).ok();
    written.map_err(|source| FileError { path, action: FileAction::Write, source })
}

fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    only_for_the_user(&mut options);
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Where a path leads when its links are followed; itself when it can't be.
pub fn behind_links(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}

/// Whether there is a file at `path`.
pub fn exists(path: &Path) -> bool {
    path.exists()
}

/// Whether there is a plain file, not a folder, at `path`.
pub fn is_file(path: &Path) -> bool {
    path.is_file()
}

/// The size of a file, in bytes, when there is one.
pub fn size(path: &Path) -> Option<u64> {
    fs::metadata(path).ok().map(|found| found.len())
}

/// How long ago a file was last written, when there is one.
pub fn age(path: &Path) -> Option<Duration> {
    fs::metadata(path).ok()?.modified().ok()?.elapsed().ok()
}

/// Whether other users may look into a folder; false where there are no modes, or no folder.
pub fn is_open_to_others(folder: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::metadata(folder).is_ok_and(|found| found.permissions().mode() & 0o077 != 0)
    }
    #[cfg(not(unix))]
    {
        let _ = folder;
        false
    }
}

/// Takes the rights of other users on a folder away (mode 0700).
///
/// # Errors
///
/// [`FileError`] when the system refuses: the folder is another user's.
pub fn close_to_others(folder: &Path) -> Result<(), FileError> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let closed = fs::set_permissions(folder, fs::Permissions::from_mode(0o700));
        closed.map_err(|source| FileError {
            path: folder.to_owned(),
            action: FileAction::Write,
            source,
        })
    }
    #[cfg(not(unix))]
    {
        let _ = folder;
        Ok(())
    }
}

/// The names of what lies in a folder, in order; none when there is no such folder.
pub fn names_in(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names: Vec<_> =
        entries.filter_map(|entry| entry.file_name().into_string().ok()).collect();
    names.sort();
    names
}

/// Gives a file or folder another name in the same place; false when that did not work.
pub fn rename(from: &Path, to: &Path) -> bool {
    fs::rename(from, to).is_ok()
}

/// Removes a folder with all that is in it; what stays does no harm.
pub fn remove_folder(folder: &Path) {
    fs::remove_dir_all(folder).ok();
}

/// Appends a text at once, without making it durable: lines of several processes stay whole.
///
/// # Errors
///
/// [`FileError`] when it can't be written.
pub fn append(path: &Path, text: &str) -> Result<(), FileError> {
    private_folder(path.parent().unwrap_or(Path::new(".")))?;
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    only_for_the_user(&mut options);
    let written = options.open(path).and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(|source| FileError { path: path.to_owned(), action: FileAction::Write, source })
}

/// Removes a file; one that is not there is no error.
///
/// # Errors
///
/// [`FileError`] when it is there and stays.
pub fn remove(path: &Path) -> Result<(), FileError> {
    match fs::remove_file(path) {
        Err(source) if source.kind() != io::ErrorKind::NotFound => {
            Err(FileError { path: path.to_owned(), action: FileAction::Write, source })
        }
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Makes a folder that only the user can enter (mode 0700), with its parents.
///
/// # Errors
///
/// [`FileError`] when it can't be made.
pub fn private_folder(folder: &Path) -> Result<(), FileError> {
    if folder.is_dir() {
        return Ok(());
    }
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(|source| FileError {
        path: folder.to_owned(),
        action: FileAction::Write,
        source,
    })
}

/// A lock on a file, held until dropped or until the process ends.
#[derive(Debug)]
pub struct FileLock(#[expect(dead_code, reason = "held for its drop")] File);

/// Waits for the lock on `path`, at most 5 s: its holder keeps it only while reading and writing one
/// file, unless it was stopped or its disk hangs.
///
/// # Errors
///
/// [`FileError`] when the lock file can't be made or locked.
pub fn lock(path: &Path) -> Result<FileLock, FileError> {
    let began = Instant::now();
    loop {
        if let Some(lock) = try_lock(path)? {
            return Ok(lock);
        }
        if began.elapsed() > LOCK_LIMIT {
            let source = io::Error::new(io::ErrorKind::TimedOut, "another process keeps it locked");
            return Err(not_locked(path, source));
        }
        std::thread::sleep(TRY_AGAIN);
    }
}

/// Takes the lock on `path` unless another holds it; `None` then.
///
/// # Errors
///
/// [`FileError`] when the lock file can't be made or locked.
pub fn try_lock(path: &Path) -> Result<Option<FileLock>, FileError> {
    let file = lock_file(path)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(FileLock(file))),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(source)) => Err(not_locked(path, source)),
    }
}

fn lock_file(path: &Path) -> Result<File, FileError> {
    private_folder(path.parent().unwrap_or(Path::new(".")))?;
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    only_for_the_user(&mut options);
    options.open(path).map_err(|source| not_locked(path, source))
}

fn not_locked(path: &Path, source: io::Error) -> FileError {
    FileError { path: path.to_owned(), action: FileAction::Lock, source }
}

/// Leaves a text for others to find, without making it durable; nothing depends on it.
pub fn write_hint(path: &Path, text: &str) {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    only_for_the_user(&mut options);
    let written = options.open(path).and_then(|mut file| file.write_all(text.as_bytes()));
    if let Err(error) = written {
        tracing::debug!(%error, path = %path.display(), "a hint could not be left");
    }
}

#[cfg(unix)]
fn only_for_the_user(options: &mut OpenOptions) {
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
}

#[cfg(not(unix))]
fn only_for_the_user(_options: &mut OpenOptions) {}

#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// Other systems can't open a folder for that; their rename is durable with the file.
#[cfg(not(unix))]
fn sync_folder(_folder: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_write_replaces_the_whole_and_leaves_nothing_beside() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("deep/config.toml");
        write_text(&path, "one").unwrap();
        write_text(&path, "two").unwrap();
        assert_eq!(read_text(&path).unwrap().as_deref(), Some("two"));
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn nobody_else_can_read_them() {
        use std::os::unix::fs::PermissionsExt as _;
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("deep/config.toml");
        write_text(&path, "one").unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&path), 0o600);
        assert_eq!(mode(path.parent().unwrap()), 0o700);
    }

    #[test]
    fn a_failed_write_says_where_and_leaves_the_old_file() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("config.toml");
        fs::create_dir(&path).unwrap();
        let error = write_text(&path, "one").unwrap_err();
        assert!(error.to_string().ends_with("config.toml could not be written"), "{error}");
        assert_eq!(fs::read_dir(root.path()).unwrap().count(), 1);
    }
}
