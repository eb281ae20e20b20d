//! The doctor: each thing that can be wrong is found with what to do, and nothing is changed or told.

use std::path::PathBuf;
use std::time::Duration;

use birdkey::effects::vault::memory::Trouble;
use birdkey::engine::Servers;
use birdkey::problem::Code;
use birdkey::protocol::client::ClientType;
use birdkey::view::{Check, FindingView, Level};

use crate::browser::Manner;
use crate::stage::{CLIENT_SECRET, CONFIDENTIAL, Stage};

async fn logged_in() -> Stage {
    let stage = Stage::with_app().await;
    stage.log_in().await.unwrap();
    stage
}

impl Stage {
    async fn examined(&self) -> Vec<FindingView> {
        self.engine.examine(Servers::Asked).await
    }

    async fn found(&self, check: Check) -> FindingView {
        let findings = self.examined().await;
        let worst = findings.iter().filter(|it| it.check == check).max_by_key(|it| it.level);
        worst.unwrap_or_else(|| panic!("no finding of {check:?}: {findings:#?}")).clone()
    }

    fn data(&self, name: &str) -> PathBuf {
        self.root.path().join("data").join(name)
    }
}

#[tokio::test]
async fn a_login_that_works_gives_no_finding_above_a_note_and_changes_nothing() {
    let stage = logged_in().await;
    let (names, accounts) = (stage.vault.names(), std::fs::read(stage.data("accounts.json")));

    let findings = stage.examined().await;

    assert!(findings.iter().all(|it| it.level <= Level::Note), "{findings:#?}");
    let looked_at: Vec<_> = findings.iter().map(|it| it.check).collect();
    for check in [Check::Files, Check::Vault, Check::Browser, Check::Registration, Check::Clock] {
        assert!(looked_at.contains(&check), "{check:?}: {findings:#?}");
    }
    for check in [Check::Command, Check::Ports, Check::Account, Check::Api, Check::Leftovers] {
        assert!(looked_at.contains(&check), "{check:?}: {findings:#?}");
    }
    assert_eq!(stage.vault.names(), names, "what it stored to try the vault is gone");
    assert_eq!(std::fs::read(stage.data("accounts.json")).unwrap(), accounts.unwrap());
    let told = serde_json::to_string(&findings).unwrap();
    assert!(stage.ledger.issued().iter().all(|secret| !told.contains(secret)), "{told}");
}

#[tokio::test]
async fn without_asking_servers_nothing_is_sent() {
    let stage = logged_in().await;
    let before = stage.ledger.requests().len();
    let findings = stage.engine.examine(Servers::LeftAlone).await;
    // Whether the sandbox runs is asked on this machine; no token goes along.
    let sent = stage.ledger.requests();
    assert!(sent[before..].iter().all(|one| !one.path.starts_with("/2/")), "{sent:#?}");
    assert!(findings.iter().all(|it| it.check != Check::Registration), "{findings:#?}");
}

#[tokio::test]
async fn a_wrong_id_secret_and_type_are_told_apart() {
    for (client_id, client_type, secret, code) in [
        ("bm90LXJlZ2lzdGVyZWQtYW55d2hlcmU6MTpuYQ", ClientType::Public, None, Code::ClientIdWrong),
        (CONFIDENTIAL, ClientType::Confidential, Some("another-secret"), Code::ClientSecretWrong),
        (CONFIDENTIAL, ClientType::Public, None, Code::AppTypeWrong),
    ] {
        let stage = Stage::new().await;
        let app = stage.app(client_id, client_type, secret);
        stage.engine.add_app(app).await.unwrap();
        let finding = stage.found(Check::Registration).await;
        assert_eq!((finding.level, finding.code), (Level::Problem, Some(code)), "{finding:?}");
        assert!(finding.hint.is_some() && finding.about == Some("Test".into()), "{finding:?}");
    }
    let stage = Stage::new().await;
    let app = stage.app(CONFIDENTIAL, ClientType::Confidential, Some(CLIENT_SECRET));
    stage.engine.add_app(app).await.unwrap();
    assert_eq!(stage.found(Check::Registration).await.level, Level::Ok);
}

#[tokio::test]
async fn a_clock_that_is_off_is_told_with_its_direction() {
    let stage = logged_in().await;
    for (skew, word) in [(-90, "90 seconds ahead of"), (600, "600 seconds behind")] {
        stage.plan(&format!("token:skewed-date={skew}"));
        let finding = stage.found(Check::Clock).await;
        assert_eq!(finding.level, Level::Warning);
        assert!(finding.what.contains(word), "{finding:?}");
    }
}

#[tokio::test]
async fn a_taken_port_names_its_holder() {
    let stage = Stage::new().await;
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let mut app = stage.public();
    app.redirect_uris = vec![format!("http://{}/callback", taken.local_addr().unwrap())];
    stage.engine.add_app(app).await.unwrap();
    let finding = stage.found(Check::Ports).await;
    assert_eq!((finding.level, finding.code), (Level::Problem, Some(Code::PortsTaken)));
    let us = format!("(process {})", std::process::id());
    assert!(finding.what.contains(&us), "{finding:?}");
}

#[tokio::test]
async fn a_locked_keychain_can_be_fixed_and_a_silent_one_is_named() {
    let stage = logged_in().await;
    stage.vault.fail_with(Trouble::TimedOut);
    let finding = stage.found(Check::Vault).await;
    assert_eq!((finding.code, finding.can_fix), (Some(Code::VaultTimedOut), false));

    stage.vault.fail_with(Trouble::Locked);
    let finding = stage.found(Check::Vault).await;
    assert_eq!((finding.code, finding.can_fix), (Some(Code::VaultLocked), true));
    stage.engine.fix(Check::Vault).await.unwrap();
    assert_eq!(stage.found(Check::Vault).await.level, Level::Ok);
}

#[tokio::test]
async fn a_missing_browser_and_a_missing_network_are_named() {
    let stage = logged_in().await;
    stage.browser.behave(Manner::Missing);
    stage.network.store(false, std::sync::atomic::Ordering::SeqCst);
    assert_eq!(stage.found(Check::Browser).await.level, Level::Warning);
    assert_eq!(stage.found(Check::Network).await.level, Level::Warning);
}

#[tokio::test]
async fn an_app_in_no_package_and_one_without_credits_are_told_apart() {
    let stage = logged_in().await;
    let not_enrolled = r#"{"reason":"client-not-enrolled","status":403}"#;
    for (status, body, code) in
        [(403, not_enrolled, Code::ProfileNotEnrolled), (402, "{}", Code::ProfileNoCredits)]
    {
        stage
            .sandbox
            .answer_next(birdkey_sandbox::Route::UsersMe, crate::login::canned(status, body));
        let finding = stage.found(Check::Api).await;
        assert_eq!((finding.level, finding.code), (Level::Warning, Some(code)));
        assert!(finding.hint.unwrap().contains("nothing to pay"));
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_folder_that_others_can_enter_is_closed() {
    use std::os::unix::fs::PermissionsExt as _;
    let stage = logged_in().await;
    let data = stage.data("");
    std::fs::set_permissions(&data, std::fs::Permissions::from_mode(0o755)).unwrap();
    assert!(stage.found(Check::Access).await.can_fix);
    stage.engine.fix(Check::Access).await.unwrap();
    assert_eq!(std::fs::metadata(&data).unwrap().permissions().mode() & 0o777, 0o700);
    assert!(stage.examined().await.iter().all(|it| it.check != Check::Access));
}

#[tokio::test]
async fn what_was_cut_off_is_found_and_finished() {
    let stage = logged_in().await;
    let old = |name: &str| {
        let path = stage.data(name);
        let file = std::fs::File::create(&path).unwrap();
        file.set_modified(std::time::SystemTime::now() - Duration::from_hours(1)).unwrap();
        (path, file)
    };
    let (dead, _) = old(".birdkey-half-written-0123456789abcdef");
    // Of this process for the lock, and of none that can be seen for its number.
    let (alive, writer) = old(".birdkey-half-written-abcdef0123456789");
    writer.try_lock().unwrap();
    let others = ["registry-2999999", "country-4999999", "config.toml.new-20251128"];
    let others = others.map(|name| old(name).0);
    stage.plan("token:drop-before");
    stage.engine.refresh(None).await.unwrap_err();
    stage.clock.advance(std::time::Duration::from_secs(90));

    let found = stage.examined().await;
    let left: Vec<_> = found.iter().filter(|it| it.check == Check::Leftovers).collect();
    assert_eq!(left.len(), 2, "{left:#?}");
    assert!(left.iter().all(|it| it.can_fix && it.level == Level::Warning), "{left:#?}");
    assert_eq!(left[0].about, Some("@demo_ada (Test)".into()), "by names, as everywhere");

    stage.engine.fix(Check::Leftovers).await.unwrap();
    assert!(!dead.exists() && alive.exists(), "a writer that lives goes on writing");
    assert!(others.iter().all(|file| file.exists()), "what is not ours stays");
    assert_eq!(stage.found(Check::Leftovers).await.level, Level::Ok);
    stage.token().await.unwrap();
}

#[tokio::test]
async fn an_account_that_needs_a_login_and_broken_files_are_problems() {
    let stage = logged_in().await;
    stage.plan("token:refuse=5");
    stage.engine.refresh(None).await.unwrap_err();
    let finding = stage.found(Check::Account).await;
    assert_eq!((finding.level, finding.code), (Level::Problem, Some(Code::RefreshRefused)));

    std::fs::write(stage.data("accounts.json"), "{").unwrap();
    let finding = stage.found(Check::Files).await;
    assert_eq!((finding.level, finding.code), (Level::Problem, Some(Code::AccountsBroken)));
    std::fs::write(stage.root.path().join("config/config.toml"), "apps = 1").unwrap();
    let findings = stage.examined().await;
    let files = findings.iter().filter(|it| it.check == Check::Files && it.code.is_some());
    assert_eq!(files.count(), 2, "{findings:#?}");
}
