//! A lock that one process holds for longer: waited for with a limit, never broken.

use std::path::Path;
use std::time::Duration;

use super::clock::Clock;
use super::files::{self, FileAction, FileError, FileLock, OurFile};

/// How often a lock held by another process is tried again.
const TRY_AGAIN: Duration = Duration::from_millis(20);

/// Why the lock was not got.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Its holder kept it for the whole limit.
    #[error("process {} held the lock all the time", pid.map_or_else(|| "?".to_owned(), |pid| pid.to_string()))]
    Held {
        /// The process id of the holder, when it could be read.
        pid: Option<u32>,
    },
    /// The lock file can't be used.
    #[error(transparent)]
    File(#[from] FileError),
}

/// A lock that is held until dropped or until the process ends.
#[derive(Debug)]
pub struct HeldLock(#[expect(dead_code, reason = "held for its drop")] FileLock);

/// Whether locks on files of this data folder keep anybody out: some network file systems carry none.
///
/// # Errors
///
/// [`FileError`] when the lock file can't be made.
pub fn work_in(data: &Path) -> Result<bool, FileError> {
    let path = OurFile::lock(data, "trial");
    let held = files::try_lock(&path)?;
    let again = files::try_lock(&path)?;
    // Where another process tries at the same moment, its lock has kept this one out.
    let kept_out = again.is_none();
    drop((held, again));
    files::remove(&path)?;
    Ok(kept_out)
}

/// Whether a lock was not got because the file system offers none.
pub fn is_unsupported(error: &FileError) -> bool {
    #[cfg(unix)]
    let none_left = error.source.raw_os_error() == Some(rustix::io::Errno::NOLCK.raw_os_error());
    #[cfg(not(unix))]
    let none_left = false;
    let unsupported = error.source.kind() == std::io::ErrorKind::Unsupported;
    error.action == FileAction::Lock && (none_left || unsupported)
}

/// Whether somebody holds the lock of this name now.
pub fn is_held(data: &Path, name: &str) -> bool {
    matches!(files::try_lock(&OurFile::lock(data, name)), Ok(None))
}

/// Waits at most `limit` for the lock of this name.
///
/// The holder's process id is in a file of its own, because Windows lets nobody read a locked one.
///
/// # Errors
///
/// [`LockError::Held`] when the limit passes; nobody breaks a lock.
pub async fn hold(
    clock: &dyn Clock,
    data: &Path,
    name: &str,
    limit: Duration,
) -> Result<HeldLock, LockError> {
    let (lock, holder) = (OurFile::lock(data, name), OurFile::lock_holder(data, name));
    let began = clock.elapsed();
    loop {
        if let Some(held) = files::try_lock(&lock)? {
            files::write_hint(&holder, &std::process::id().to_string());
            return Ok(HeldLock(held));
        }
        if clock.elapsed().saturating_sub(began) >= limit {
            return Err(LockError::Held { pid: pid_in(&holder) });
        }
        clock.sleep(TRY_AGAIN).await;
    }
}

/// The process that holds the lock of this name, or held it last.
pub fn holder(data: &Path, name: &str) -> Option<u32> {
    pid_in(&OurFile::lock_holder(data, name))
}

fn pid_in(holder: &Path) -> Option<u32> {
    files::read_text(holder).ok()??.trim().parse().ok()
}
