//! Root in another user's folders, as by `sudo -E`: nothing there becomes root's.
#![expect(clippy::print_stderr, reason = "what is skipped says so")]

use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown, symlink};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};

use birdkey::effects::files;
use birdkey::effects::folders::Folders;
use birdkey::problem::{About, Code, Problem};
use birdkey::store::{config, settings};
use birdkey::view::Theme;

use crate::stage::Stage;

/// A user that is not root.
const USER: u32 = 1_000;

/// A stage whose folders are another user's; `None` where this is not root, and nothing can be tried.
async fn of_another_user() -> Option<Stage> {
    let stage = Stage::with_app().await;
    stage.log_in().await.unwrap();
    if std::fs::metadata(stage.root.path()).unwrap().uid() != 0 {
        eprintln!("skipped: only root can work in the folders of another user");
        return None;
    }
    for path in tree(stage.root.path()) {
        chown(path, Some(USER), Some(USER)).unwrap();
    }
    Some(stage)
}

/// Runs what a command does in a thread of its own, as the command begins: before there are others.
fn as_command<T: Send>(stage: &Stage, act: impl AsyncFnOnce(&Stage) -> T + Send) -> T {
    let run = || {
        files::act_as_host(&Folders::below(stage.root.path())).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(act(stage))
    };
    tokio::task::block_in_place(|| std::thread::scope(|scope| scope.spawn(run).join().unwrap()))
}

fn tree(path: &Path) -> Vec<PathBuf> {
    let mut all = vec![path.to_owned()];
    if path.is_dir() {
        let inner = std::fs::read_dir(path).unwrap();
        all.extend(inner.flat_map(|entry| tree(&entry.unwrap().path())));
    }
    all
}

/// What is root's in both folders.
fn of_root(stage: &Stage) -> Vec<PathBuf> {
    let mut all = tree(stage.root.path());
    all.retain(|path| std::fs::symlink_metadata(path).unwrap().uid() == 0);
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_by_root_leaves_every_file_to_its_user() {
    let Some(stage) = of_another_user().await else { return };
    as_command(&stage, async |stage| {
        stage.engine.refresh(None).await.unwrap();
        stage.token().await.unwrap();
        std::fs::remove_dir_all(stage.root.path().join("data/activity")).unwrap();
        stage.token().await.unwrap();
        stage.engine.log_out(None).await.unwrap();
    });
    assert_eq!(of_root(&stage), Vec::<PathBuf>::new());
    assert!(stage.root.path().join("data/activity").is_dir());
}

#[tokio::test]
async fn root_is_refused_the_settings_of_another_user_and_told_why() {
    let Some(stage) = of_another_user().await else { return };
    let config = stage.root.path().join("config/config.toml");
    let before = std::fs::read(&config).unwrap();
    let app = stage.engine.app(None).unwrap().id;
    let refused = |tried: Result<(), Problem>| {
        let problem = tried.unwrap_err();
        assert_eq!(problem.code, Code::FileUnusable);
        assert!(problem.why.to_string().contains("belong to"), "{problem:?}");
        assert!(problem.hint.to_string().contains("without sudo"), "{problem:?}");
    };
    refused(stage.engine.set_theme(Theme::Dark));
    refused(stage.engine.remove_app(&app).await.map(drop));
    assert_eq!(std::fs::read(&config).unwrap(), before);
    assert_eq!(stage.engine.view().accounts.len(), 1, "no account was logged out");
    assert_eq!(of_root(&stage), Vec::<PathBuf>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn root_follows_no_link_of_another_user_to_a_file_that_is_not_theirs() {
    let Some(stage) = of_another_user().await else { return };
    let of_root = tempfile::tempdir().unwrap();
    let target = of_root.path().join("passwd");
    std::fs::write(&target, "root").unwrap();
    for name in ["accounts.json", "activity/activity.jsonl", "activity/activity.lock"] {
        let file = stage.root.path().join("data").join(name);
        std::fs::rename(&file, file.with_extension("moved")).ok();
        symlink(&target, &file).unwrap();
    }
    as_command(&stage, async |stage| {
        // Both are tried: what fails is only that it is written down.
        stage.engine.refresh(None).await.unwrap_err();
        stage.log_in().await.unwrap_err();
    });
    assert_eq!(std::fs::read_to_string(&target).unwrap(), "root");
    assert_eq!(std::fs::metadata(&target).unwrap().uid(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn root_removes_nothing_behind_a_folder_that_another_user_made_a_link() {
    let Some(stage) = of_another_user().await else { return };
    let of_root = tempfile::tempdir().unwrap();
    std::fs::set_permissions(of_root.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
    std::fs::write(of_root.path().join("7.json"), "{}").unwrap();
    let counts = stage.root.path().join("data/activity/counts");
    std::fs::remove_dir_all(&counts).ok();
    symlink(of_root.path(), &counts).unwrap();
    as_command(&stage, async |stage| {
        stage.token().await.unwrap();
    });
    assert!(of_root.path().join("7.json").exists());
}

/// Names the folders of the user to the test below, which starts itself again as that user.
const AS_THE_USER: &str = "BIRDKEY_TEST_AS_THE_USER";

#[test]
fn a_user_whose_files_are_root_s_reads_whose_they_are_and_what_to_type() {
    if let Some(folder) = std::env::var_os(AS_THE_USER) {
        let folder = Path::new(&folder);
        let tell = |error: config::ConfigError| {
            let problem = Problem::new(&error.into(), &About::default());
            println!("{} {}", problem.why, problem.hint);
        };
        tell(config::read(folder).map(drop).unwrap_err());
        std::fs::remove_file(folder.join("config.toml")).unwrap();
        tell(settings::set_theme(folder, Theme::Dark).unwrap_err());
        return;
    }
    let root = tempfile::tempdir().unwrap();
    if std::fs::metadata(root.path()).unwrap().uid() != 0 {
        eprintln!("skipped: only root can leave files to another user");
        return;
    }
    chown(root.path(), Some(USER), Some(USER)).unwrap();
    for name in ["config.toml", "config.lock"] {
        let file = root.path().join(name);
        std::fs::write(&file, "").unwrap();
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
    }
    let name = "root::a_user_whose_files_are_root_s_reads_whose_they_are_and_what_to_type";
    let ran = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", name, "--nocapture"])
        .env(AS_THE_USER, root.path())
        .uid(USER)
        .gid(USER)
        .output();
    let Ok(ran) = ran else {
        eprintln!("skipped: another user can't run this test");
        return;
    };
    let said = String::from_utf8(ran.stdout).unwrap();
    let folder = root.path().display();
    for file in ["config.toml", "config.lock"] {
        let whose = format!("{folder}/{file} belongs to root");
        assert!(said.contains(&whose), "{said}\n{}", String::from_utf8_lossy(&ran.stderr));
    }
    let line = said.split("Run ").nth(1).unwrap();
    assert!(line.starts_with("sudo chown -R ") && line.contains(&format!(" {folder}, ")), "{line}");
}
