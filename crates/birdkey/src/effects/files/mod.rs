//! Files: private folders, and the one owner of what Birdkey keeps in them. Any file can be read here;
//! only an [`OurFile`] is written, locked, renamed or removed.

mod acting;
mod half_written;
mod links;
mod locks;
mod mortal;
mod ours;
mod owner;
mod write;

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

pub use acting::act_as_host;
#[cfg(unix)]
pub use acting::act_as_self;
pub use half_written::abandoned;
pub use locks::{FileLock, lock, lock_within, try_lock};
pub use mortal::mortal;
pub use ours::OurFile;
pub(crate) use ours::{activity, counts, hand_overs, login_notes, vault};
pub use owner::{OthersFile, User, foreign, host};
pub use write::{
    append, open_log, remove, rename, try_writing, write_bytes, write_hint, write_soon, write_text,
};

/// Largest file that is read, in bytes.
pub const MAX_FILE_BYTES: u64 = 16 * 1024 * 1024;

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
    /// Making sure that what was written is on the disk; it is in its place.
    Confirm,
}

impl FileAction {
    /// The past participle, for messages.
    pub fn words(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "written",
            Self::Lock => "locked",
            Self::Confirm => "confirmed as saved",
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
/// [`FileError`] when it is there but can't be read, or is larger than 16 MiB.
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
    file.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 > MAX_FILE_BYTES {
        return Err(failed(io::ErrorKind::FileTooLarge.into()));
    }
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

/// The names of what lies in a folder, in order, without what is only half written; none when there is no
/// such folder.
pub fn names_in(folder: &Path) -> Vec<String> {
    let mut names = all_names_in(folder);
    names.retain(|name| !half_written::is_half_written(name));
    names
}

fn all_names_in(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names: Vec<_> =
        entries.filter_map(|entry| entry.file_name().into_string().ok()).collect();
    names.sort();
    names
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
    let failed = |source| FileError { path: folder.to_owned(), action: FileAction::Write, source };
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(failed)
}
