//! Writing as people's folders have it: links, other programs' files, disks that fail.

use std::path::Path;

use super::*;
use crate::effects::files::{MAX_FILE_BYTES, read_bytes, read_text};

fn config(root: &Path) -> OurFile {
    OurFile::config(root)
}

fn count(folder: &Path) -> usize {
    fs::read_dir(folder).unwrap().count()
}

#[test]
fn a_write_replaces_the_whole_and_leaves_nothing_beside() {
    let root = tempfile::tempdir().unwrap();
    let file = config(&root.path().join("deep/er"));
    write_text(&file, "one").unwrap();
    write_text(&file, "two").unwrap();
    assert_eq!(read_text(&file).unwrap().as_deref(), Some("two"));
    assert_eq!(count(file.parent().unwrap()), 1);
}

#[cfg(unix)]
#[test]
fn other_users_can_t_read_them() {
    use std::os::unix::fs::PermissionsExt as _;
    let root = tempfile::tempdir().unwrap();
    let file = config(&root.path().join("deep"));
    write_text(&file, "one").unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&file), 0o600);
    assert_eq!(mode(file.parent().unwrap()), 0o700);
}

#[test]
fn a_failed_write_says_where_and_leaves_the_old_file() {
    let root = tempfile::tempdir().unwrap();
    fs::create_dir(&*config(root.path())).unwrap();
    let error = write_text(&config(root.path()), "one").unwrap_err();
    assert!(error.to_string().ends_with("config.toml could not be written"), "{error}");
    assert_eq!(count(root.path()), 1);
}

#[cfg(unix)]
#[test]
fn a_link_stays_and_what_it_leads_to_is_written() {
    use std::os::unix::fs::symlink;
    // Another file system where the machine has one: a rename from here could not reach it.
    let elsewhere = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap();
    let root = tempfile::tempdir().unwrap();
    let dotfiles = root.path().join("dotfiles");
    fs::create_dir(&dotfiles).unwrap();
    symlink(dotfiles.join("config.toml"), root.path().join("first")).unwrap();
    for (name, link, end) in [
        ("absolute", dotfiles.join("config.toml"), dotfiles.join("config.toml")),
        ("relative", "../dotfiles/config.toml".into(), dotfiles.join("config.toml")),
        ("chain", "../first".into(), dotfiles.join("config.toml")),
        ("dangling", "../dotfiles/new.toml".into(), dotfiles.join("new.toml")),
        ("elsewhere", elsewhere.path().join("c.toml"), elsewhere.path().join("c.toml")),
    ] {
        let folder = root.path().join(name);
        fs::create_dir(&folder).unwrap();
        symlink(&link, folder.join("config.toml")).unwrap();
        write_text(&config(&folder), name).unwrap();
        assert_eq!(fs::read_link(folder.join("config.toml")).unwrap(), link, "{name}");
        assert_eq!(read_text(&end).unwrap().as_deref(), Some(name), "{name}");
        assert_eq!(count(&folder), 1, "{name}");

        remove(&config(&folder)).unwrap();
        assert!(fs::read_link(folder.join("config.toml")).is_ok() && !end.exists(), "{name}");
        remove(&config(&folder)).unwrap();
    }
    assert_eq!(count(&dotfiles) + count(elsewhere.path()), 0, "no half-written file stays");
}

#[cfg(unix)]
#[test]
fn a_link_to_a_folder_that_is_missing_or_to_itself_is_refused() {
    let root = tempfile::tempdir().unwrap();
    for (name, link, why) in [
        ("away", "/mnt/missing/config.toml", "folder is missing"),
        ("loop", "config.toml", "too many"),
    ] {
        let folder = root.path().join(name);
        fs::create_dir(&folder).unwrap();
        std::os::unix::fs::symlink(link, folder.join("config.toml")).unwrap();
        let error = write_text(&config(&folder), "one").unwrap_err();
        assert!(error.source.to_string().contains(why), "{}", error.source);
        assert_eq!(count(&folder), 1);
    }
}

#[test]
fn a_file_above_the_limit_is_an_error_instead_of_its_beginning() {
    let root = tempfile::tempdir().unwrap();
    let file = config(root.path());
    let grow = |size| File::create(&*file).and_then(|it| it.set_len(size)).unwrap();
    grow(MAX_FILE_BYTES);
    assert_eq!(read_bytes(&file).unwrap().unwrap().len() as u64, MAX_FILE_BYTES);
    grow(MAX_FILE_BYTES + 1);
    assert_eq!(read_bytes(&file).unwrap_err().source.kind(), io::ErrorKind::FileTooLarge);
}

#[cfg(unix)]
#[test]
fn a_write_is_done_once_it_is_in_its_place() {
    use rustix::io::Errno;
    for (error, confirmed) in [
        (Errno::INVAL, true),
        (Errno::OPNOTSUPP, true),
        (Errno::ACCESS, true),
        (Errno::IO, false),
        (Errno::NOSPC, false),
        (Errno::DQUOT, false),
    ] {
        let root = tempfile::tempdir().unwrap();
        let fails = |_: &Path| Err(error.into());
        let replaced = replace(&config(root.path()), b"new", Durability::OnDisk, fails);
        assert_eq!(replaced.is_ok(), confirmed, "{error}");
        if let Err(error) = replaced {
            assert_eq!(error.action, FileAction::Confirm);
        }
        assert_eq!(read_text(&config(root.path())).unwrap().as_deref(), Some("new"), "{error}");
    }
}
