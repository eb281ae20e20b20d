//! Changing files of ours: whole or not at all, where their links lead, and nothing else.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;

use super::half_written::HalfWritten;
use super::links::{end_of_links, folder_of, open};
use super::ours::OurFile;
use super::{FileAction, FileError, mortal, private_folder};

/// As much as one item of a vault takes, generously.
const TRY_BYTES: usize = 16 * 1024;

/// Whether a file has to be on the disk before the caller goes on.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Durability {
    OnDisk,
    Soon,
}

/// Replaces a file: a new file beside it (mode 0600), fsync, rename, fsync of the folder. Where the
/// file is a link, what it leads to is replaced and the link stays.
///
/// # Errors
///
/// [`FileError`] when any step fails. The old file is then untouched, but for
/// [`FileAction::Confirm`]: then the new one is in its place, and may be lost with the power.
pub fn write_text(file: &OurFile, text: &str) -> Result<(), FileError> {
    write_bytes(file, text.as_bytes())
}

/// Replaces a file as [`write_text`] does.
///
/// # Errors
///
/// As of [`write_text`].
pub fn write_bytes(file: &OurFile, bytes: &[u8]) -> Result<(), FileError> {
    replace(file, bytes, Durability::OnDisk, sync_folder)
}

/// Replaces a file as a whole, without making it durable: nothing depends on it.
///
/// # Errors
///
/// [`FileError`] when any step fails; the old file is then untouched.
pub fn write_soon(file: &OurFile, text: &str) -> Result<(), FileError> {
    replace(file, text.as_bytes(), Durability::Soon, sync_folder)
}

/// Leaves a text for others to find, without making it durable; nothing depends on it.
pub fn write_hint(file: &OurFile, text: &str) {
    if let Err(error) = write_soon(file, text) {
        tracing::debug!(%error, path = %file.display(), "a hint could not be left");
    }
}

fn replace(
    file: &OurFile,
    bytes: &[u8],
    durability: Durability,
    sync: impl FnOnce(&Path) -> io::Result<()>,
) -> Result<(), FileError> {
    let failed = |action, source| FileError { path: file.to_path_buf(), action, source };
    let unwritten = |source| failed(FileAction::Write, source);
    private_folder(folder_of(file))?;
    let end = end_of_links(file).map_err(unwritten)?;
    let folder = folder_of(&end);
    let written = HalfWritten::create(folder).and_then(|mut half| {
        half.fill(bytes)?;
        match durability {
            Durability::OnDisk => {
                half.sync()?;
                half.put_in_place(&end)
            }
            Durability::Soon => half.put_in_place_soon(&end),
        }
    });
    written.map_err(unwritten)?;
    match durability {
        Durability::Soon => Ok(()),
        Durability::OnDisk => match sync(folder) {
            Err(source) if may_be_lost(&source) => Err(failed(FileAction::Confirm, source)),
            Err(error) => {
                // Some file systems know no fsync of folders; theirs is as durable as it gets.
                tracing::debug!(%error, "a folder can't be made durable");
                Ok(())
            }
            Ok(()) => Ok(()),
        },
    }
}

/// Tries whether a file can be written in `folder`, which is made if need be; leaves nothing behind.
///
/// # Errors
///
/// [`FileError`] when not: a full disk, a read-only folder.
pub fn try_writing(folder: &Path) -> Result<(), FileError> {
    private_folder(folder)?;
    let written = HalfWritten::create(folder).and_then(|mut half| {
        half.fill(&[0; TRY_BYTES])?;
        half.sync()
    });
    let path = folder.to_owned();
    written.map_err(|source| FileError { path, action: FileAction::Write, source })
}

/// Appends a text at once, without making it durable: lines of several processes stay whole.
///
/// # Errors
///
/// [`FileError`] when it can't be written.
pub fn append(file: &OurFile, text: &str) -> Result<(), FileError> {
    let mut opened = open_to_append(file)?;
    let written = mortal::change().and_then(|()| opened.write_all(text.as_bytes()));
    let path = file.to_path_buf();
    written.map_err(|source| FileError { path, action: FileAction::Write, source })
}

/// Opens the log; one of more than `most` bytes is put aside, in the place of the one before.
///
/// # Errors
///
/// [`FileError`] when it can't be written.
pub fn open_log(data: &Path, most: u64) -> Result<File, FileError> {
    let log = OurFile::log(data);
    if super::size(&log).is_some_and(|size| size > most) {
        rename(&log, &OurFile::log_before(data));
    }
    open_to_append(&log)
}

fn open_to_append(file: &OurFile) -> Result<File, FileError> {
    private_folder(folder_of(file))?;
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    let path = file.to_path_buf();
    open(&options, file).map_err(|source| FileError { path, action: FileAction::Write, source })
}

/// Gives a file another name in the same place; false when that did not work.
pub fn rename(from: &OurFile, to: &OurFile) -> bool {
    mortal::change().and_then(|()| fs::rename(&**from, &**to)).is_ok()
}

/// Removes a file, and where it is a link what that leads to; one that is not there is no error.
///
/// # Errors
///
/// [`FileError`] when it is there and stays.
pub fn remove(file: &OurFile) -> Result<(), FileError> {
    let end = mortal::change().and_then(|()| end_of_links(file));
    let removed = end.and_then(fs::remove_file);
    match removed {
        Err(source) if source.kind() != io::ErrorKind::NotFound => {
            Err(FileError { path: file.to_path_buf(), action: FileAction::Write, source })
        }
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Whether this failure says that what was written may not be on the disk, rather than that the file
/// system can't tell.
fn may_be_lost(error: &io::Error) -> bool {
    let full = [io::ErrorKind::StorageFull, io::ErrorKind::QuotaExceeded];
    #[cfg(unix)]
    let broken = error.raw_os_error() == Some(rustix::io::Errno::IO.raw_os_error());
    #[cfg(not(unix))]
    let broken = false;
    broken || full.contains(&error.kind())
}

#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// Other systems can't open a folder for that; their rename is durable with the file.
#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "the one of unix can fail")]
fn sync_folder(_folder: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
#[path = "write_tests.rs"]
mod tests;
