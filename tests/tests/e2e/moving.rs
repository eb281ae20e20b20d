//! Encrypted files beside the keychain: chosen, pinned, moved into and out of.

use std::path::PathBuf;
use std::time::Duration;

use birdkey::Engine;
use birdkey::effects::seal;
use birdkey::effects::vault::VaultKind;
use birdkey::effects::vault::memory::Trouble;
use birdkey::engine::{MovedVault, VaultKey};
use birdkey::problem::{Code, Problem};
use birdkey::protocol::secret::Secret;

use crate::stage::{CLIENT_SECRET, CONFIDENTIAL, Stage};

const PASSPHRASE: &str = "a passphrase for files";

/// By the passphrase, which is kept open for this process alone.
async fn to(engine: &Engine, kind: VaultKind) -> Result<MovedVault, Problem> {
    let passphrase = Secret::new(PASSPHRASE.into());
    engine.use_vault(kind, VaultKey::Passphrase { passphrase, keep_open: Duration::ZERO }).await
}

/// The same with an identity from a file: a passphrase takes a second each time.
async fn by_identity(stage: &Stage, kind: VaultKind) -> Result<MovedVault, Problem> {
    let path = stage.root.path().join("identity");
    if !path.exists() {
        std::fs::write(&path, seal::new_key().expose()).unwrap();
    }
    stage.engine.use_vault(kind, VaultKey::IdentityFile(path)).await
}

impl Stage {
    fn configure(&self, more: &str) {
        let path = self.root.path().join("config/config.toml");
        let text = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, format!("{text}\n{more}\n")).unwrap();
    }

    fn files(&self) -> Vec<PathBuf> {
        let folder = std::fs::read_dir(self.root.path().join("data/vault"));
        let files = folder.into_iter().flatten().map(|file| file.unwrap().path());
        files.filter(|path| path.extension().is_some_and(|end| end == "age")).collect()
    }
}

#[tokio::test]
async fn without_a_keychain_encrypted_files_do() {
    let stage = Stage::with_app().await;
    stage.vault.fail_with(Trouble::Missing);
    let problem = stage.log_in().await.unwrap_err();
    assert_eq!(problem.code, Code::VaultMissing);
    assert!(problem.hint.contains("birdkey vault use file"), "{}", problem.hint);

    to(&stage.engine, VaultKind::File).await.unwrap();
    stage.log_in().await.unwrap();
    stage.clock.advance(Duration::from_hours(2));
    let token = stage.token().await.unwrap();

    assert!(stage.works_at_the_server(&token).await, "refreshed in files too");
    assert!(stage.vault.names().is_empty());
    assert_eq!(stage.files().len(), 2, "the wrapped identity and the grant");
    let other = stage.second_engine();
    let locked = other.token(None, &birdkey::token::Needs::default()).await.unwrap_err();
    assert_eq!((locked.code, locked.code.exit_code()), (Code::VaultFilesLocked, 7));
    assert!(locked.hint.contains("birdkey vault unlock"), "{}", locked.hint);
    other.unlock_files(&Secret::new(PASSPHRASE.into()), Duration::ZERO).await.unwrap();
    assert!(other.token(None, &birdkey::token::Needs::default()).await.is_ok());
}

#[tokio::test]
async fn a_move_takes_everything_along_and_back() {
    let stage = Stage::new().await;
    let confidential = birdkey::protocol::client::ClientType::Confidential;
    stage.engine.add_app(stage.app(CONFIDENTIAL, confidential, Some(CLIENT_SECRET))).await.unwrap();
    stage.log_in().await.unwrap();
    let (before, token) = (stage.vault.texts(), stage.token().await.unwrap());

    let moved = to(&stage.engine, VaultKind::File).await.unwrap();
    assert_eq!(moved.items, 2, "the grant and the client secret");
    assert!(stage.vault.names().is_empty());
    assert!(stage.token().await.unwrap().access_token.is_same_as(&token.access_token));
    stage.engine.refresh(None).await.unwrap();

    let moved = to(&stage.engine, VaultKind::Keychain).await.unwrap();
    assert_eq!(moved.items, 2);
    assert_eq!(stage.files().len(), 1, "only what opens them");
    assert_eq!(stage.vault.texts().len(), before.len());
    assert!(stage.works_at_the_server(&stage.token().await.unwrap()).await);
}

#[tokio::test]
async fn a_move_that_can_t_finish_keeps_everything_where_it_counts() {
    let stage = Stage::with_app().await;
    stage.log_in().await.unwrap();
    let before = stage.vault.texts();

    stage.vault.fail_changes_with(Trouble::Failed);
    let moved = to(&stage.engine, VaultKind::File).await.unwrap();
    assert_eq!(moved.left_behind.unwrap().code, Code::VaultFailed, "copies that could not go");
    assert!(stage.token().await.is_ok());
    stage.vault.heal();
    assert!(to(&stage.engine, VaultKind::File).await.unwrap().left_behind.is_none());
    assert!(stage.vault.names().is_empty(), "the second time they could");

    stage.vault.fail_changes_with(Trouble::Failed);
    assert_eq!(to(&stage.engine, VaultKind::Keychain).await.unwrap_err().code, Code::VaultFailed);
    assert_eq!(stage.engine.vault_kind().unwrap(), VaultKind::File);
    assert!(stage.token().await.is_ok());
    stage.vault.heal();
    to(&stage.engine, VaultKind::Keychain).await.unwrap();
    assert_eq!(stage.vault.texts(), before, "byte for byte");
}

#[tokio::test]
async fn a_move_cut_off_at_any_step_loses_nothing_and_goes_on() {
    // Two grants and a client secret: six changes of the keychain on the way in, and as many files.
    for step in 0..8 {
        let stage = Stage::new().await;
        let confidential = birdkey::protocol::client::ClientType::Confidential;
        let app = stage.app(CONFIDENTIAL, confidential, Some(CLIENT_SECRET));
        stage.engine.add_app(app).await.unwrap();
        let ada = stage.log_in().await.unwrap();
        stage.sandbox.set_auto_user("demo_grace");
        let grace = stage.log_in().await.unwrap();
        let all_work = async |when: &str| {
            for id in [&ada, &grace] {
                let done = stage.engine.refresh(Some(id)).await;
                assert!(done.is_ok(), "step {step}, {when}: {done:?}");
            }
        };

        stage.vault.fail_after(step);
        let emptied = by_identity(&stage, VaultKind::File).await.unwrap();
        assert_eq!(emptied.left_behind.is_some(), step < 3, "step {step}");
        all_work("moved to files").await;
        stage.vault.heal();
        assert!(by_identity(&stage, VaultKind::File).await.unwrap().left_behind.is_none());
        assert!(stage.vault.names().is_empty());

        stage.vault.fail_after(step);
        let moved = by_identity(&stage, VaultKind::Keychain).await;
        assert_eq!(moved.is_err(), step < 3, "step {step}");
        stage.vault.heal();
        all_work("moved back, or not").await;
        by_identity(&stage, VaultKind::Keychain).await.unwrap();
        all_work("moved back").await;
        assert_eq!((stage.vault.names().len(), stage.files().len()), (3, 0), "step {step}");
    }
}

#[tokio::test]
async fn a_vault_without_its_pin_is_moved_all_the_same_and_one_that_can_t_be_asked_is_not() {
    let stage = Stage::with_app().await;
    stage.log_in().await.unwrap();
    let pin = stage.root.path().join("data/vault.json");
    std::fs::remove_file(&pin).unwrap();
    stage.vault.fail_with(Trouble::NoDefaultCollection);
    let problem = to(&stage.engine, VaultKind::File).await.unwrap_err();
    assert_eq!(problem.code, Code::VaultNoCollection);
    stage.vault.heal();
    assert_eq!(to(&stage.engine, VaultKind::File).await.unwrap().items, 1);
    assert!(stage.token().await.is_ok());

    let other = Stage::with_app().await;
    other.log_in().await.unwrap();
    std::fs::remove_file(other.root.path().join("data/vault.json")).unwrap();
    other.token().await.unwrap();
    other.configure("[vault]\nkind = \"file\"");
    assert_eq!(other.token().await.unwrap_err().code, Code::VaultChanged, "reading pins it too");
}

#[tokio::test]
async fn files_of_a_newer_version_are_refused_and_left_as_they_are() {
    let mut stage = Stage::with_app().await;
    stage.log_in().await.unwrap();
    let data = stage.root.path().join("data");
    let (pin, waiting) = (data.join("vault.json"), data.join("revocations.json"));
    let before = std::fs::read_to_string(&pin).unwrap();
    let newer = r#"{"version":2,"kind":"keychain","leaving":null}"#;
    std::fs::write(&pin, newer).unwrap();
    let problem = stage.token().await.unwrap_err();
    assert_eq!(problem.code, Code::VaultUnchosen);
    assert!(problem.why.contains("format 2"), "{}", problem.why);
    assert_eq!(std::fs::read_to_string(&pin).unwrap(), newer);

    std::fs::write(&pin, before).unwrap();
    let newer = r#"{"version":2,"logouts":"elsewhere"}"#;
    std::fs::write(&waiting, newer).unwrap();
    stage.stop_sandbox().await;
    let ended = stage.engine.log_out(None).await.unwrap();
    let failed = matches!(ended.refresh_token, birdkey::view::RevocationView::Failed { .. });
    assert!(failed, "it can't wait there, and that is said: {:?}", ended.refresh_token);
    assert_eq!(std::fs::read_to_string(&waiting).unwrap(), newer);
}

#[tokio::test]
async fn two_set_ups_at_once_make_one_vault() {
    let stage = Stage::with_app().await;
    let other = stage.second_engine();
    let ticks = stage.ticking();
    let (one, two) = tokio::join!(to(&stage.engine, VaultKind::File), to(&other, VaultKind::File));
    ticks.abort();
    assert!(one.is_ok() && two.is_ok(), "{one:?} {two:?}");
    stage.log_in().await.unwrap();
    let later = stage.second_engine();
    later.unlock_files(&Secret::new(PASSPHRASE.into()), Duration::ZERO).await.unwrap();
    assert!(later.token(None, &birdkey::token::Needs::default()).await.is_ok());

    std::fs::remove_file(stage.root.path().join("data/vault/recipient")).unwrap();
    to(&stage.second_engine(), VaultKind::File).await.unwrap();
    assert!(stage.token().await.is_ok(), "what opens it is never written over");
}

#[tokio::test]
async fn a_vault_that_worked_once_is_never_changed_in_silence() {
    let stage = Stage::with_app().await;
    stage.log_in().await.unwrap();
    stage.configure("[vault]\nkind = \"file\"");

    let problem = stage.token().await.unwrap_err();
    assert_eq!((problem.code, problem.code.exit_code()), (Code::VaultChanged, 7));
    assert_eq!(stage.log_in().await.unwrap_err().code, Code::VaultChanged);

    to(&stage.engine, VaultKind::File).await.unwrap();
    assert!(stage.token().await.is_ok(), "moved, as the configuration says");
    to(&stage.engine, VaultKind::Keychain).await.unwrap();
    let config = std::fs::read_to_string(stage.root.path().join("config/config.toml")).unwrap();
    assert!(config.contains("kind = \"keychain\""), "a move corrects what was written: {config}");
    assert!(stage.token().await.is_ok());
}

#[tokio::test]
async fn a_configured_file_vault_without_a_key_says_what_to_do() {
    let stage = Stage::with_app().await;
    stage.configure("[vault]\nkind = \"file\"");
    assert_eq!(stage.log_in().await.unwrap_err().code, Code::VaultNotSetUp);
    stage.configure("identity_file = \"/nowhere/at/all\"");
    let problem = stage.log_in().await.unwrap_err();
    assert_eq!(problem.code, Code::VaultIdentityUnusable);
    assert!(problem.why.contains("/nowhere/at/all"), "{}", problem.why);
    assert!(stage.vault.names().is_empty(), "and nothing went to the keychain instead");
}
