//! Half-written files: a new one takes the place of the old, or goes. One that a crash left is known by
//! its name and by its lock.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::links::{end_of_links, folder_of, open};
use super::mortal;
use super::ours::{self, OurFile};

/// How the names of half-written files begin; random letters follow.
const MARK: &str = ".birdkey-half-written-";
/// How many letters follow.
const RANDOM_LETTERS: usize = 16;
/// A younger one is left alone: between its making and its lock it looks abandoned.
const ABANDONED_AFTER: Duration = Duration::from_mins(1);

/// Half-written files whose writers are gone, in both folders and where a link of ours leads.
///
/// A file counts only if its name is one that a write gives, and nobody holds its lock: a
/// process id says nothing about the processes of another container.
pub fn abandoned(config: &Path, data: &Path) -> Vec<OurFile> {
    let linked = [OurFile::config(config), OurFile::accounts(data)];
    let linked = linked.iter().filter_map(|file| end_of_links(file).ok());
    let mut folders = ours::folders(config, data);
    folders.extend(linked.map(|end| folder_of(&end).to_owned()));
    folders.sort();
    folders.dedup();
    let all = folders.iter().flat_map(|folder| {
        let names = super::all_names_in(folder).into_iter();
        names.filter(|name| is_half_written(name)).map(|name| folder.join(name))
    });
    all.filter(|path| is_abandoned(path)).map(OurFile::half_written).collect()
}

pub(super) fn is_half_written(name: &str) -> bool {
    name.strip_prefix(MARK).is_some_and(|random| {
        random.len() == RANDOM_LETTERS && random.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}

fn is_abandoned(path: &Path) -> bool {
    let is_file = fs::symlink_metadata(path).is_ok_and(|found| found.is_file());
    let is_old = super::age(path).is_some_and(|age| age >= ABANDONED_AFTER);
    // Where locks don't work nothing is known about its writer.
    is_file && is_old && File::open(path).is_ok_and(|file| file.try_lock().is_ok())
}

/// A new file under a name of its own, gone unless it is put in place. Its writer holds its lock.
pub(super) struct HalfWritten {
    path: PathBuf,
    file: File,
    in_place: bool,
}

impl HalfWritten {
    pub(super) fn create(folder: &Path) -> io::Result<Self> {
        use rand::distr::{Alphanumeric, SampleString as _};
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        loop {
            let random = Alphanumeric.sample_string(&mut rand::rng(), RANDOM_LETTERS);
            let path = folder.join(format!("{MARK}{random}"));
            match open(&options, &path) {
                Ok(file) => {
                    // Where a file system has no locks it never counts as abandoned.
                    file.try_lock().ok();
                    return Ok(Self { path, file, in_place: false });
                }
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
    }

    pub(super) fn fill(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes)
    }

    /// Waits until what was written is on the disk.
    pub(super) fn sync(&self) -> io::Result<()> {
        self.file.sync_all()
    }

    /// Takes the place of `target` without waiting for the disk, as file systems do that flush a file
    /// which replaces another.
    pub(super) fn put_in_place_soon(self, target: &Path) -> io::Result<()> {
        mortal::change()?;
        // What was there has this one's name now, and goes with it.
        if exchanged(&self.path, target) { Ok(()) } else { self.put_in_place(target) }
    }

    pub(super) fn put_in_place(mut self, target: &Path) -> io::Result<()> {
        // Windows keeps others from reading a locked file, also under its new name.
        if cfg!(windows) {
            self.file.unlock().ok();
        }
        mortal::change()?;
        fs::rename(&self.path, target)?;
        self.in_place = true;
        Ok(())
    }
}

impl Drop for HalfWritten {
    fn drop(&mut self) {
        // One that died leaves it.
        if !self.in_place && mortal::change().is_ok() {
            // It is of no use; failing to remove it changes nothing.
            fs::remove_file(&self.path).ok();
        }
    }
}

/// Gives each of two files the name of the other; false where there is only one, or the file system can't.
#[cfg(target_os = "linux")]
fn exchanged(one: &Path, other: &Path) -> bool {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE).is_ok()
}

#[cfg(not(target_os = "linux"))]
fn exchanged(_one: &Path, _other: &Path) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::effects::files::{self, private_folder};

    #[test]
    fn only_half_written_files_of_ours_whose_writers_are_gone_are_abandoned() {
        let root = tempfile::tempdir().unwrap();
        let (config, data) = (root.path().join("config"), root.path().join("data"));
        let old = |path: PathBuf| {
            private_folder(path.parent().unwrap()).unwrap();
            let file = File::create(&path).unwrap();
            file.set_modified(std::time::SystemTime::now() - 2 * ABANDONED_AFTER).unwrap();
            (path, file)
        };
        let ours = |letters: &str| format!("{MARK}{letters}");
        for others in [
            "config.toml.new-20251128",
            "registry-2999999",
            "country-4999999",
            "try-12",
            &ours("0123456789abcde"),
            &ours("0123456789abcde.txt"),
        ] {
            old(config.join(others));
            old(data.join(others));
        }
        let (left, _) = old(data.join("locks").join(ours("0123456789abcdeF")));
        let (_, held) = old(data.join(ours("heldByAnotherOne")));
        held.try_lock().unwrap();
        // Made, but not locked yet.
        File::create(data.join(ours("madeThisMoment00"))).unwrap();
        let young = HalfWritten::create(&data).unwrap();
        assert!(is_half_written(young.path.file_name().unwrap().to_str().unwrap()));
        drop(HalfWritten::create(&data).unwrap());

        assert_eq!(abandoned(&config, &data), [OurFile::half_written(left)]);
        drop(held);
        assert_eq!(abandoned(&config, &data).len(), 2, "its writer is gone");
    }

    #[test]
    fn what_a_process_that_died_left_half_written_is_no_file_of_its_folder() {
        let root = tempfile::tempdir().unwrap();
        let note = |id| OurFile::login_note(root.path(), id);
        let written = mortal::mortal(
            || false,
            || files::write_text(&note("killed"), "a whole text, but not in its place"),
        );
        files::write_text(&note("whole"), "in its place").unwrap();

        let folder = ours::login_notes(root.path());
        assert!(written.is_err());
        assert_eq!(files::all_names_in(&folder).len(), 2, "as a kill leaves it");
        assert_eq!(files::names_in(&folder), ["whole.json"]);
    }

    #[cfg(unix)]
    #[test]
    fn a_half_written_file_is_found_where_a_link_leads() {
        let root = tempfile::tempdir().unwrap();
        let (config, dotfiles) = (root.path().join("config"), root.path().join("dotfiles"));
        for folder in [&config, &dotfiles] {
            fs::create_dir(folder).unwrap();
        }
        std::os::unix::fs::symlink("../dotfiles/config.toml", config.join("config.toml")).unwrap();
        let file = File::create(dotfiles.join(format!("{MARK}0123456789abcdef"))).unwrap();
        file.set_modified(std::time::SystemTime::now() - 2 * ABANDONED_AFTER).unwrap();
        drop(file);
        assert_eq!(abandoned(&config, &root.path().join("data")).len(), 1);
    }
}
