//! Whose folders these are: root can be at work in those of another user (`sudo -E`, `sudo` with the
//! user's home). It then touches files as that user, and not as root: see [`super::act_as_host`].

use std::fs;
use std::path::Path;

#[cfg(unix)]
use super::acting;

/// The variables that name our folders. What they name is meant to be used by this process.
pub(crate) const NAMING: [&str; 2] = ["BIRDKEY_CONFIG_DIR", "BIRDKEY_DATA_DIR"];

/// A user of this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// The user id.
    pub id: u32,
    /// The name, where the machine's own list of users has one.
    pub name: Option<String>,
    /// The id of the group.
    pub group: u32,
}

impl User {
    /// The name, or else the number.
    pub fn called(&self) -> String {
        self.name.clone().unwrap_or_else(|| format!("uid {}", self.id))
    }

    /// As `chown` takes a user with their group.
    fn with_group(&self) -> String {
        match &self.name {
            Some(name) => format!("{name}:"),
            None => format!("{}:{}", self.id, self.group),
        }
    }
}

/// A file that belongs to another user, and how this one gets it back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OthersFile {
    /// Whose it is.
    pub owner: User,
    /// What to type.
    pub line: String,
}

/// The user whose folder root is at work in; `None` for everyone but root, in root's own folders, and
/// in those that the environment names. A folder that is still to be made is that of the one above it.
pub fn host(folder: &Path) -> Option<User> {
    if !is_root() || is_named(folder) {
        return None;
    }
    // Whose a link is says who made it, not what it leads to.
    let nearest = folder.ancestors().find_map(|one| fs::symlink_metadata(one).ok())?;
    (id_of(&nearest)? != 0).then(|| owner_of(&nearest)).flatten()
}

/// The other user who keeps this one from the file or folder at `path`, as root may after `sudo`.
pub fn foreign(path: &Path) -> Option<OthersFile> {
    foreign_to(&me()?, path)
}

fn foreign_to(me: &User, path: &Path) -> Option<OthersFile> {
    let real = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let found = real.ancestors().find_map(|one| Some((one, fs::metadata(one).ok()?)));
    let (nearest, found) = found?;
    let owner = owner_of(&found).filter(|owner| owner.id != me.id && me.id != 0)?;
    // The files beside it are root's as well, most likely; behind a link there are others' files.
    let top = super::ours::top_of(path);
    let is_below = fs::canonicalize(top).is_ok_and(|top| nearest.starts_with(top));
    let (recursive, what) = if is_below { ("-R ", top) } else { ("", nearest) };
    let (user, what) = (me.with_group(), quoted(&what.to_string_lossy()));
    let line = format!("sudo chown {recursive}{user} {what}");
    Some(OthersFile { owner, line })
}

pub(super) fn is_named(path: &Path) -> bool {
    let named = NAMING.iter().filter_map(std::env::var_os).filter(|value| !value.is_empty());
    named.filter_map(|folder| std::path::absolute(folder).ok()).any(|it| path.starts_with(it))
}

/// For a shell.
fn quoted(path: &str) -> String {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "/._-+@".contains(letter);
    if path.chars().all(is_plain) {
        return path.to_owned();
    }
    format!("'{}'", path.replace('\'', "'\\''"))
}

#[cfg(unix)]
fn is_root() -> bool {
    rustix::process::getuid().is_root()
}

#[cfg(unix)]
#[allow(clippy::unnecessary_wraps, reason = "other systems know no owner")]
fn me() -> Option<User> {
    let (id, group) = acting::ids();
    Some(User { id, name: name_of(id), group })
}

#[cfg(unix)]
#[allow(clippy::unnecessary_wraps, reason = "other systems know no owner")]
fn id_of(found: &fs::Metadata) -> Option<u32> {
    Some(std::os::unix::fs::MetadataExt::uid(found))
}

#[cfg(unix)]
#[allow(clippy::unnecessary_wraps, reason = "other systems know no owner")]
fn owner_of(found: &fs::Metadata) -> Option<User> {
    use std::os::unix::fs::MetadataExt as _;
    Some(User { id: found.uid(), name: name_of(found.uid()), group: found.gid() })
}

/// From the machine's own list: users of a directory service go by their number.
#[cfg(unix)]
fn name_of(id: u32) -> Option<String> {
    let users = fs::read_to_string("/etc/passwd").ok()?;
    users.lines().find_map(|line| {
        let mut fields = line.split(':');
        let (name, number) = (fields.next()?, fields.nth(1)?);
        (number.parse() == Ok(id)).then(|| name.to_owned())
    })
}

/// Other systems have no root that writes into the folders of others by `sudo`.
#[cfg(not(unix))]
fn is_root() -> bool {
    false
}

#[cfg(not(unix))]
fn id_of(_found: &fs::Metadata) -> Option<u32> {
    None
}

#[cfg(not(unix))]
fn me() -> Option<User> {
    None
}

#[cfg(not(unix))]
fn owner_of(_found: &fs::Metadata) -> Option<User> {
    None
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use crate::effects::files::OurFile;

    #[test]
    fn a_file_of_another_user_names_its_owner_and_the_line_that_takes_it_back() {
        let root = tempfile::tempdir().unwrap();
        let config = root.path().join("my config");
        let elsewhere = root.path().join("config.toml");
        fs::create_dir_all(config.join("linked")).unwrap();
        for file in [&config.join("config.toml"), &elsewhere] {
            fs::write(file, "").unwrap();
        }
        std::os::unix::fs::symlink(&elsewhere, config.join("linked/config.toml")).unwrap();
        let ada = User { id: 4_242, name: Some("ada".into()), group: 4_242 };
        let unnamed = User { name: None, ..ada.clone() };
        let line = |me: &User, folder: &Path| {
            let foreign = foreign_to(me, &OurFile::config(folder)).unwrap();
            assert_eq!(foreign.owner, self::me().unwrap());
            foreign.line
        };
        let (folder, file) = (config.display(), elsewhere.display());
        assert_eq!(line(&ada, &config), format!("sudo chown -R ada: '{folder}'"));
        assert_eq!(line(&unnamed, &config), format!("sudo chown -R 4242:4242 '{folder}'"));
        assert_eq!(line(&ada, &config.join("linked")), format!("sudo chown ada: {file}"));
        let lock = OurFile::lock(&config, "accounts");
        let missing = foreign_to(&ada, &lock).unwrap().line;
        assert_eq!(missing, format!("sudo chown -R ada: '{folder}'"));
        assert_eq!(foreign_to(&me().unwrap(), &lock), None, "it is this user's own");
    }
}
