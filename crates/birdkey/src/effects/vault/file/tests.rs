use std::os::unix::fs::PermissionsExt as _;

use super::*;

const NO_TIME: Duration = Duration::ZERO;

fn secret(text: &str) -> Secret {
    Secret::new(text.to_owned())
}

/// A vault that is set up and open, in a folder of its own.
fn open() -> (tempfile::TempDir, FileVault) {
    let root = tempfile::tempdir().unwrap();
    let vault = FileVault::new(root.path().join("vault"));
    vault.set_up(&secret("correct horse"), NO_TIME).unwrap();
    (root, vault)
}

/// The same folder as another process sees it.
fn seen_anew(vault: &FileVault) -> FileVault {
    FileVault::new(vault.folder().to_owned())
}

#[tokio::test]
async fn what_was_written_is_read_by_whoever_has_the_passphrase_and_by_nobody_else() {
    let (_root, vault) = open();
    let name = ItemName::grant("app", "account");
    vault.write(&name, "", &secret("token-123")).await.unwrap();
    assert_eq!(vault.read(&name).await.unwrap().unwrap().expose(), "token-123");

    let other = seen_anew(&vault);
    assert!(matches!(other.read(&name).await, Err(VaultError::FilesLocked)));
    assert!(matches!(other.ready().await, Err(VaultError::FilesLocked)));
    let wrong = other.unlock_with(&secret("wrong horse"), NO_TIME);
    assert!(matches!(wrong, Err(VaultError::PassphraseWrong)), "{wrong:?}");
    other.unlock_with(&secret("correct horse"), NO_TIME).unwrap();
    assert_eq!(other.read(&name).await.unwrap().unwrap().expose(), "token-123");
    vault.remove(&name).await.unwrap();
    assert!(other.read(&name).await.unwrap().is_none());
}

#[tokio::test]
async fn files_are_the_users_alone_and_show_nothing() {
    let (_root, vault) = open();
    vault.write(&ItemName::grant("../../x", "a"), "label", &secret("token-123")).await.unwrap();
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(vault.folder()), 0o700);
    let files: Vec<_> = std::fs::read_dir(vault.folder()).unwrap().map(Result::unwrap).collect();
    assert_eq!(files.len(), 3, "identity, recipient and the item, inside the folder");
    for file in files {
        assert_eq!(mode(&file.path()), 0o600, "{:?}", file.path());
        let bytes = std::fs::read(file.path()).unwrap();
        for hidden in ["token-123", "AGE-SECRET", "label"] {
            assert!(!String::from_utf8_lossy(&bytes).contains(hidden), "{:?}", file.path());
        }
    }
}

#[tokio::test]
async fn a_file_that_was_changed_or_swapped_is_found() {
    let (_root, vault) = open();
    let (ada, grace) = (ItemName::grant("app", "ada"), ItemName::grant("app", "grace"));
    vault.write(&ada, "", &secret("of ada")).await.unwrap();
    vault.write(&grace, "", &secret("of grace")).await.unwrap();
    std::fs::copy(vault.path(&grace), vault.path(&ada)).unwrap();
    assert!(matches!(vault.read(&ada).await, Err(VaultError::Damaged { .. })), "swapped");
    let mut bytes = std::fs::read(vault.path(&grace)).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    std::fs::write(vault.path(&grace), bytes).unwrap();
    assert!(matches!(vault.read(&grace).await, Err(VaultError::Damaged { .. })), "one bit");
}

#[tokio::test]
async fn an_identity_from_a_file_opens_its_own_vault_only() {
    let (root, vault) = open();
    let name = ItemName::client_secret("app");
    vault.write(&name, "", &secret("s")).await.unwrap();
    let given = root.path().join("credential");
    let opened = || seen_anew(&vault).opened_by(Some(given.clone()));
    assert!(matches!(opened().read(&name).await, Err(VaultError::IdentityUnusable { .. })));
    std::fs::write(&given, format!("# made by hand\n{}\n", vault.identity().unwrap().expose()))
        .unwrap();
    assert_eq!(opened().read(&name).await.unwrap().unwrap().expose(), "s");
    assert!(opened().ready().await.is_ok());
    std::fs::write(&given, identity::text(&age::x25519::Identity::generate()).expose()).unwrap();
    assert!(matches!(opened().read(&name).await, Err(VaultError::IdentityOther)));
    assert!(matches!(
        opened().write(&name, "", &secret("t")).await,
        Err(VaultError::IdentityOther)
    ));
}

#[tokio::test]
async fn a_vault_may_have_no_passphrase_at_all() {
    let root = tempfile::tempdir().unwrap();
    let given = root.path().join("credential");
    std::fs::write(&given, identity::text(&age::x25519::Identity::generate()).expose()).unwrap();
    let vault = FileVault::new(root.path().join("vault"));
    assert!(matches!(vault.ready().await, Err(VaultError::FilesNotSetUp)));
    let opened = vault.opened_by(Some(given));
    let name = ItemName::grant("app", "a");
    assert!(opened.read(&name).await.unwrap().is_none());
    opened.write(&name, "", &secret("t")).await.unwrap();
    assert!(vault.is_set_up().unwrap());
    let passphrase = seen_anew(&vault).unlock_with(&secret("correct horse"), NO_TIME);
    assert!(matches!(passphrase, Err(VaultError::IdentityMissing)), "{passphrase:?}");
    let without = seen_anew(&vault).read(&name).await;
    assert!(matches!(without, Err(VaultError::IdentityMissing)), "{without:?}");
}

#[test]
fn a_short_passphrase_makes_no_vault() {
    let root = tempfile::tempdir().unwrap();
    let vault = FileVault::new(root.path().join("vault"));
    let short = vault.set_up(&secret("1234567"), NO_TIME);
    assert!(matches!(short, Err(VaultError::PassphraseShort { least: 8 })), "{short:?}");
    assert!(!vault.is_set_up().unwrap());
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn an_unlocked_vault_is_open_to_other_programs_until_it_is_locked() {
    let (_root, vault) = open();
    let name = ItemName::grant("app", "a");
    vault.write(&name, "", &secret("t")).await.unwrap();
    if !vault.unlock_with(&secret("correct horse"), Duration::from_mins(1)).unwrap() {
        println!("skipped: this system's kernel keeps no keys for the user");
        return;
    }
    let running = seen_anew(&vault);
    assert_eq!(running.read(&name).await.unwrap().unwrap().expose(), "t");
    vault.lock().unwrap();
    assert!(matches!(seen_anew(&vault).read(&name).await, Err(VaultError::FilesLocked)));
    let kept = running.read(&name).await;
    assert!(matches!(kept, Err(VaultError::FilesLocked)), "a running program is locked out too");
}

#[cfg(unix)]
#[tokio::test]
async fn a_pipe_that_never_ends_is_not_waited_for() {
    let (root, vault) = open();
    let path = root.path().join("never-ends");
    let made = std::process::Command::new("mkfifo").arg(&path).status().unwrap();
    assert!(made.success());
    let read = seen_anew(&vault).opened_by(Some(path)).read(&ItemName::grant("app", "a")).await;
    let Err(VaultError::IdentityUnusable { reason, .. }) = read else { panic!("{read:?}") };
    assert!(reason.contains("3 seconds"), "{reason}");
}
