//! Root at work in another user's home, as by `sudo -E`, with the real programs.
#![expect(clippy::print_stderr, reason = "what is skipped says so")]

use std::os::unix::fs::{MetadataExt as _, PermissionsExt, chown, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use birdkey_tests::desktop::{binary, line, text};
use tempfile::TempDir;

/// A user that is not root.
const USER: u32 = 1_000;

/// A home of another user, and a folder of root's beside it; `None` where this is not root.
struct Homes {
    user: TempDir,
    root: TempDir,
}

impl Homes {
    fn new() -> Option<Self> {
        let homes = Self { user: tempfile::tempdir().unwrap(), root: tempfile::tempdir().unwrap() };
        if std::fs::metadata(homes.user.path()).unwrap().uid() != 0 {
            eprintln!("skipped: only root can work in the folders of another user");
            return None;
        }
        std::fs::set_permissions(homes.root.path(), PermissionsExt::from_mode(0o755)).unwrap();
        for folder in ["", ".config", ".local", ".local/share", ".local/share/birdkey"] {
            let folder = homes.user.path().join(folder);
            std::fs::create_dir_all(&folder).unwrap();
            chown(folder, Some(USER), Some(USER)).unwrap();
        }
        Some(homes)
    }

    /// A link that the user makes to something of root's.
    fn link(&self, from: &str, to: &str) {
        let link = self.user.path().join(from);
        symlink(self.root.path().join(to), &link).unwrap();
        std::os::unix::fs::lchown(link, Some(USER), Some(USER)).unwrap();
    }

    /// Runs a program as root with the user's home.
    fn run(&self, program: &str, arguments: &[&str]) -> Output {
        self.command(program, arguments).output().unwrap()
    }

    fn command(&self, program: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new("timeout");
        command
            .env_clear()
            .env("HOME", self.user.path())
            .env("PATH", std::env::var("PATH").unwrap());
        command.arg("20").arg(binary(program)).args(arguments);
        command
    }

    /// What there is of root's: each file with its owner, mode and size.
    fn of_root(&self) -> Vec<(PathBuf, u32, u32, u64)> {
        let mut all = Vec::new();
        walk(self.root.path(), &mut all);
        all.into_iter()
            .map(|path| (path.clone(), std::fs::symlink_metadata(path).unwrap()))
            .map(|(path, found)| (path, found.uid(), found.mode(), found.size()))
            .collect()
    }
}

fn walk(path: &Path, all: &mut Vec<PathBuf>) {
    all.push(path.to_owned());
    let mut inner: Vec<_> =
        std::fs::read_dir(path).into_iter().flatten().map(|it| it.unwrap().path()).collect();
    inner.sort();
    for path in inner {
        walk(&path, all);
    }
}

#[test]
fn links_of_another_user_lead_root_to_nothing_that_is_root_s() {
    let Some(homes) = Homes::new() else { return };
    std::fs::create_dir(homes.root.path().join("etc")).unwrap();
    let of_root = PermissionsExt::from_mode(0o755);
    std::fs::set_permissions(homes.root.path().join("etc"), of_root).unwrap();
    homes.link(".config/birdkey", "etc");
    homes.link(".local/share/birdkey/sandbox.lock", "etc/nologin");
    homes.link(".local/share/birdkey/sandbox.json", "etc/made.json");
    let before = homes.of_root();

    let doctor = homes.run("birdkey", &["doctor", "--offline", "--fix"]);
    let sandbox = homes.run("birdkey", &["sandbox", "--port", "0"]);

    assert_eq!(homes.of_root(), before, "{}", text(&doctor.stdout));
    assert!(!sandbox.status.success());
    assert!(text(&sandbox.stderr).contains("Permission denied"), "{}", text(&sandbox.stderr));
}

#[test]
fn root_changes_settings_only_in_folders_that_the_environment_names() {
    let Some(homes) = Homes::new() else { return };
    let app = ["app", "add", "--provider", "sandbox", "--name", "Mine", "--client-id", "an-id"];
    let refused = homes.run("birdkey", &app);
    assert_eq!(refused.status.code(), Some(3), "{}", text(&refused.stderr));
    assert!(text(&refused.stderr).contains("without sudo"), "{}", text(&refused.stderr));

    let folders = ["config", "data"].map(|name| homes.user.path().join(name).display().to_string());
    let named = ["BIRDKEY_CONFIG_DIR", "BIRDKEY_DATA_DIR"].into_iter().zip(&folders);
    let added = homes.command("birdkey", &app).envs(named).output().unwrap();
    assert!(added.status.success(), "{}", text(&added.stderr));
    let config = homes.user.path().join("config/config.toml");
    assert_eq!(std::fs::metadata(config).unwrap().uid(), 0, "it is root's, as it asked for");
}

#[test]
fn root_works_in_a_home_that_only_root_can_reach_and_leaves_its_files_to_the_user() {
    let Some(homes) = Homes::new() else { return };
    let shut = homes.root.path().join("shut");
    std::fs::create_dir(&shut).unwrap();
    std::fs::rename(homes.user.path(), shut.join("home")).unwrap();
    std::fs::set_permissions(&shut, PermissionsExt::from_mode(0o700)).unwrap();
    let mut sandbox = homes.command("birdkey", &["sandbox", "--port", "0", "--json"]);
    let mut sandbox =
        sandbox.env("HOME", shut.join("home")).stdout(Stdio::piped()).spawn().unwrap();
    let address = line(&mut sandbox);
    let ended = Command::new("kill").arg(sandbox.id().to_string()).status().unwrap();
    assert!(ended.success() && sandbox.wait().is_ok());
    std::fs::create_dir(homes.user.path()).unwrap();
    assert!(address.contains('{'), "it runs: {address}");
    let mut all = Vec::new();
    walk(&shut.join("home"), &mut all);
    assert!(all.iter().any(|path| path.ends_with("sandbox.lock")), "it was there: {all:?}");
    all.retain(|path| std::fs::symlink_metadata(path).unwrap().uid() != USER);
    assert_eq!(all, Vec::<PathBuf>::new());
}

#[test]
fn root_opens_no_window_in_the_folders_of_another_user() {
    let Some(homes) = Homes::new() else { return };
    let refused = homes.run("birdkey-desktop", &[]);
    assert_eq!(refused.status.code(), Some(3), "{}", text(&refused.stderr));
    assert!(text(&refused.stderr).contains("without sudo"), "{}", text(&refused.stderr));
    let mut left = Vec::new();
    walk(&homes.user.path().join(".local/share/birdkey"), &mut left);
    assert_eq!(left.len(), 1, "nothing was written: {left:?}");
}
