//! The folder: grants outlive the sandbox, secrets never reach it.

use std::fs;
use std::path::Path;

use birdkey_sandbox::{Settings, Store, StoreError};

use crate::support::{Bench, SECRET};

fn kept_in(folder: &Path) -> Settings {
    Settings { store: Some(Store::open(folder).unwrap()), ..Settings::default() }
}

/// Ends a sandbox and waits until its folder is free.
async fn end(mut bench: Bench) {
    bench.stop();
    let sandbox = std::sync::Arc::downgrade(&bench.sandbox);
    drop(bench);
    while sandbox.strong_count() > 0 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_grant_outlives_the_sandbox() {
    let folder = tempfile::tempdir().unwrap();
    let bench = Bench::with(kept_in(folder.path())).await;
    bench.sandbox.announce("http://127.0.0.1:8730").unwrap();
    let grant = bench.login().await;
    end(bench).await;

    let store = Store::open(folder.path()).unwrap();
    assert_eq!(store.preferred_port(), Some(8730));
    let bench = Bench::with(Settings { store: Some(store), ..Settings::default() }).await;
    let access = grant["access_token"].as_str().unwrap();
    assert_eq!(bench.users_me_status(access).await, 200);
    assert_eq!(bench.refresh(grant["refresh_token"].as_str().unwrap()).await.status, 200);
    assert_eq!(bench.sandbox.registrations().len(), 2);
}

#[tokio::test]
async fn no_file_holds_a_secret_and_only_its_owner_reads_it() {
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("sandbox");
    let bench = Bench::with(kept_in(&folder)).await;
    let grant = bench.login().await;
    bench.refresh(grant["refresh_token"].as_str().unwrap()).await;
    bench.sandbox.announce("http://127.0.0.1:8730").unwrap();

    let mut secrets = bench.ledger.issued();
    assert_eq!(secrets.len(), 5);
    secrets.push(SECRET.to_owned());
    secrets.push("the-state".to_owned());
    let mut names = Vec::new();
    for entry in fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        let content = fs::read_to_string(&path).unwrap();
        assert!(secrets.iter().all(|secret| !content.contains(secret)), "{}", path.display());
        #[cfg(unix)]
        assert_eq!(mode(&path), 0o600, "{}", path.display());
        names.push(path.file_name().unwrap().to_string_lossy().into_owned());
    }
    names.sort_unstable();
    assert_eq!(names, ["sandbox.address", "sandbox.json", "sandbox.lock"]);
    #[cfg(unix)]
    assert_eq!(mode(&folder), 0o700);
}

#[cfg(unix)]
fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt as _;
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn a_second_sandbox_learns_where_the_first_listens() {
    let folder = tempfile::tempdir().unwrap();
    let first = Store::open(folder.path()).unwrap();
    let address = |refused| match refused {
        Err(StoreError::InUse { address }) => address,
        other => panic!("{other:?}"),
    };
    assert_eq!(address(Store::open(folder.path())), None);
    first.announce("http://127.0.0.1:8730").unwrap();
    let second = address(Store::open(folder.path()));
    assert_eq!(second.as_deref(), Some("http://127.0.0.1:8730"));

    drop(first);
    let third = Store::open(folder.path()).unwrap();
    assert_eq!(address(Store::open(folder.path())), None, "the address of an earlier run");
    drop(third);
}

#[test]
fn a_broken_file_is_named_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sandbox.json");
    let cases = [
        ("{\n  \"version\": 1,\n  oops", 3),
        ("", 1),
        ("{\"version\":1,\"port\":1,\"apps\":[],\"grants\":[{}]}", 1),
    ];
    for (content, expected_line) in cases {
        fs::write(&path, content).unwrap();
        let Err(StoreError::Broken { path: named, line, .. }) = Store::open(folder.path()) else {
            panic!("{content} was taken");
        };
        assert_eq!(named, path);
        assert!(line.abs_diff(expected_line) <= 1, "{content}: line {line}");
        assert_eq!(fs::read_to_string(&path).unwrap(), content);
    }
}

#[test]
fn a_file_of_a_later_version_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sandbox.json");
    fs::write(&path, "{\"version\": 2, \"new\": true}").unwrap();
    let refused = Store::open(folder.path());
    assert!(matches!(refused, Err(StoreError::Version { found: 2, .. })), "{refused:?}");
    assert_eq!(fs::read_to_string(&path).unwrap(), "{\"version\": 2, \"new\": true}");
}

#[tokio::test]
async fn forgetting_everything_ends_grants_and_deletes_the_files() {
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("sandbox");
    let bench = Bench::with(kept_in(&folder)).await;
    let grant = bench.login().await;
    bench.sandbox.announce("http://127.0.0.1:8730").unwrap();
    bench.sandbox.forget_everything().unwrap();

    assert!(bench.sandbox.registrations().is_empty());
    assert_eq!(bench.users_me_status(grant["access_token"].as_str().unwrap()).await, 401);
    assert_eq!(bench.refresh(grant["refresh_token"].as_str().unwrap()).await.status, 400);
    assert!(!folder.exists(), "a refused request brings nothing back");
}

#[tokio::test]
async fn an_app_registered_after_forgetting_is_kept_by_one_writer_again() {
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("sandbox");
    let bench = Bench::with(kept_in(&folder)).await;
    bench.sandbox.announce("http://127.0.0.1:8730").unwrap();
    bench.sandbox.forget_everything().unwrap();
    bench.sandbox.register(birdkey_sandbox::demo_registration(Vec::new()));

    let Err(StoreError::InUse { address }) = Store::open(&folder) else {
        panic!("a second writer came in");
    };
    assert_eq!(address.as_deref(), Some("http://127.0.0.1:8730"));
    end(bench).await;
    assert_eq!(Store::open(&folder).unwrap().preferred_port(), Some(8730));
}
