//! The user that files are touched as: root, in the folders of another user, is that user.

use std::io;

use super::owner::{User, host, is_named};
use super::{FileAction, FileError};
use crate::effects::folders::Folders;

/// Makes root touch files as the user whose folders these are, so that what it writes there is that
/// user's, and no link or folder of that user leads it where that user could not write. Changes nothing
/// for anyone else, in folders that the environment names, and for programs that are started later.
///
/// It has to come before other threads: on Linux it counts for this thread and those it starts.
///
/// # Errors
///
/// [`FileError`] when the system has no such user, as in a container.
pub fn act_as_host(folders: &Folders) -> Result<(), FileError> {
    if is_named(&folders.data) {
        return Ok(());
    }
    let Some(host) = host(&folders.data).or_else(|| host(&folders.config)) else { return Ok(()) };
    touch_files_as(&host, folders).map_err(|source| FileError {
        path: folders.data.clone(),
        action: FileAction::Write,
        source,
    })
}

/// Lets a program that takes this one's place be root again.
#[cfg(unix)]
pub fn act_as_self(program: &mut std::process::Command) {
    #[cfg(target_os = "linux")]
    // The kernel does it by itself.
    let _ = program;
    #[cfg(not(target_os = "linux"))]
    {
        use rustix::process::{getgid, getuid};
        use std::os::unix::process::CommandExt as _;
        program.uid(getuid().as_raw()).gid(getgid().as_raw());
    }
}

/// User and group that files are touched as.
#[cfg(target_os = "linux")]
pub(super) fn ids() -> (u32, u32) {
    use nix::unistd::{Gid, Uid, setfsgid, setfsuid};
    // An id that no user has changes nothing, and the answer is the one that counts.
    let unused = u32::MAX;
    (setfsuid(Uid::from_raw(unused)).as_raw(), setfsgid(Gid::from_raw(unused)).as_raw())
}

#[cfg(all(unix, not(target_os = "linux")))]
pub(super) fn ids() -> (u32, u32) {
    (rustix::process::geteuid().as_raw(), rustix::process::getegid().as_raw())
}

/// The ids that Linux checks files by. A program that takes this one's place has its own again.
#[cfg(target_os = "linux")]
fn touch_files_as(user: &User, folders: &Folders) -> io::Result<()> {
    use nix::unistd::{Gid, Uid, setfsgid, setfsuid, setgroups};
    let (id, group) = (Uid::from_raw(user.id), Gid::from_raw(user.group));
    let is_shut_out = [&folders.data, &folders.config].iter().any(|it| is_shut_out(user, it));
    setgroups(&[])?;
    setfsgid(group);
    setfsuid(id);
    if is_shut_out {
        pass_all_folders()?;
    }
    if ids() == (user.id, user.group) {
        return Ok(());
    }
    Err(io::Error::new(io::ErrorKind::PermissionDenied, format!("{} is unknown", user.called())))
}

/// Whether a folder of root's, which that user can't have put there, keeps the user from their own.
#[cfg(target_os = "linux")]
fn is_shut_out(user: &User, folder: &std::path::Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let mut way: Vec<_> = folder.ancestors().collect();
    way.reverse();
    for part in way {
        let Ok(found) = std::fs::symlink_metadata(part) else { return false };
        if !found.is_dir() || found.uid() != 0 {
            return false;
        }
        let as_group = found.gid() == user.group && found.mode() & 0o010 != 0;
        if !as_group && found.mode() & 0o001 == 0 {
            return true;
        }
    }
    false
}

/// Lets this thread pass folders and read files that the user could not; writing stays the user's.
#[cfg(target_os = "linux")]
fn pass_all_folders() -> io::Result<()> {
    use rustix::thread::{CapabilitySet, capabilities, set_capabilities};
    let mut sets = capabilities(None)?;
    sets.effective |= CapabilitySet::DAC_READ_SEARCH & sets.permitted;
    Ok(set_capabilities(None, sets)?)
}

/// Untested: other systems know no such ids, and the effective ones stand for them.
#[cfg(all(unix, not(target_os = "linux")))]
fn touch_files_as(user: &User, _folders: &Folders) -> io::Result<()> {
    use nix::unistd::{Gid, Uid, setegid, seteuid};
    setegid(Gid::from_raw(user.group))?;
    Ok(seteuid(Uid::from_raw(user.id))?)
}

/// Other systems have no root that works in the folders of others by `sudo`.
#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "the one of unix can fail")]
fn touch_files_as(_user: &User, _folders: &Folders) -> io::Result<()> {
    Ok(())
}
