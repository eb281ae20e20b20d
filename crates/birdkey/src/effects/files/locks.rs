//! Locks on files of their own, which end with their holder.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::time::{Duration, Instant};

use super::links::{folder_of, open};
use super::ours::OurFile;
use super::{FileAction, FileError, private_folder};

/// How long a file that another process changes is waited for.
const LOCK_LIMIT: Duration = Duration::from_secs(5);
/// How often it is tried again.
const TRY_AGAIN: Duration = Duration::from_millis(2);

/// A lock on a file, held until dropped or until the process ends.
#[derive(Debug)]
pub struct FileLock(#[expect(dead_code, reason = "held for its drop")] File);

/// Waits for a lock, at most 5 s: its holder keeps it only while reading and writing one file, unless
/// it was stopped or its disk hangs.
///
/// # Errors
///
/// [`FileError`] when the lock file can't be made or locked.
pub fn lock(file: &OurFile) -> Result<FileLock, FileError> {
    lock_within(file, LOCK_LIMIT)
}

/// Waits for a lock as [`lock`] does, but no longer than `limit`.
///
/// # Errors
///
/// [`FileError`] when the lock file can't be made or locked.
pub fn lock_within(file: &OurFile, limit: Duration) -> Result<FileLock, FileError> {
    let began = Instant::now();
    loop {
        if let Some(lock) = try_lock(file)? {
            return Ok(lock);
        }
        if began.elapsed() > limit {
            let source = io::Error::new(io::ErrorKind::TimedOut, "another process keeps it locked");
            return Err(not_locked(file, source));
        }
        std::thread::sleep(TRY_AGAIN);
    }
}

/// Takes a lock unless another holds it; `None` then.
///
/// # Errors
///
/// [`FileError`] when the lock file can't be made or locked.
pub fn try_lock(file: &OurFile) -> Result<Option<FileLock>, FileError> {
    private_folder(folder_of(file))?;
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    let opened = open(&options, file).map_err(|source| not_locked(file, source))?;
    match opened.try_lock() {
        Ok(()) => Ok(Some(FileLock(opened))),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(source)) => Err(not_locked(file, source)),
    }
}

fn not_locked(file: &OurFile, source: io::Error) -> FileError {
    FileError { path: file.to_path_buf(), action: FileAction::Lock, source }
}
