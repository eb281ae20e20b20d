//! What a person and their other programs see of the vault in a real gnome-keyring.

use std::time::{Duration, Instant};

use super::desktop::{Desktop, LOGIN, Start, grant};
use crate::effects::vault::{ItemName, Vault, VaultError};
use crate::protocol::secret::Secret;

/// Long enough for every call that should succeed, also on a busy machine.
const SHORT: Duration = Duration::from_millis(700);

fn secret(text: &str) -> Secret {
    Secret::new(text.to_owned())
}

async fn text(vault: &dyn Vault, name: &ItemName) -> Option<String> {
    vault.read(name).await.unwrap().map(|secret| secret.expose().to_owned())
}

#[tokio::test]
async fn what_was_written_is_read_back_and_found_from_outside() {
    let Some(desktop) = Desktop::with_keyring(Start::Unlocked) else { return };
    let vault = desktop.vault("Birdkey");

    vault.write(&grant(), "Birdkey: @ada", &secret("token-1")).await.unwrap();

    assert_eq!(text(&vault, &grant()).await.as_deref(), Some("token-1"));
    let outside = desktop.secret_tool_search("Birdkey");
    for line in [
        "label = Birdkey: @ada",
        "secret = token-1",
        "attribute.service = Birdkey",
        "attribute.username = a1b2/c3d4",
    ] {
        assert!(outside.contains(line), "no {line:?} in {outside}");
    }
    assert_eq!(vault.description(), "Secret Service (default keyring), service Birdkey");
}

#[tokio::test]
async fn writing_again_replaces_the_one_item() {
    let Some(desktop) = Desktop::with_keyring(Start::Unlocked) else { return };
    let vault = desktop.vault("Birdkey");

    vault.write(&grant(), "Old label", &secret("token-1")).await.unwrap();
    vault.write(&grant(), "New label", &secret("token-2")).await.unwrap();

    assert_eq!(text(&vault, &grant()).await.as_deref(), Some("token-2"));
    let outside = desktop.secret_tool_search("Birdkey");
    assert_eq!(outside.matches("secret = ").count(), 1, "{outside}");
    assert!(outside.contains("label = New label"), "{outside}");
}

#[tokio::test]
async fn a_removed_item_is_gone_and_removing_it_again_is_no_error() {
    let Some(desktop) = Desktop::with_keyring(Start::Unlocked) else { return };
    let vault = desktop.vault("Birdkey");
    assert_eq!(text(&vault, &grant()).await, None, "nothing was written yet");
    vault.write(&grant(), "Birdkey", &secret("token-1")).await.unwrap();

    vault.remove(&grant()).await.unwrap();

    assert_eq!(text(&vault, &grant()).await, None);
    assert_eq!(desktop.secret_tool_search("Birdkey").trim(), "");
    vault.remove(&grant()).await.unwrap();
}

#[tokio::test]
async fn two_services_and_two_items_do_not_see_each_other() {
    let Some(desktop) = Desktop::with_keyring(Start::Unlocked) else { return };
    let (mine, other) = (desktop.vault("Birdkey"), desktop.vault("Birdkey (1a2b3c4d)"));
    let client_secret = ItemName::client_secret("a1b2");

    mine.write(&grant(), "Birdkey", &secret("mine")).await.unwrap();
    other.write(&grant(), "Birdkey", &secret("theirs")).await.unwrap();
    mine.write(&client_secret, "Birdkey", &secret("of the app")).await.unwrap();
    other.remove(&client_secret).await.unwrap();

    assert_eq!(text(&mine, &grant()).await.as_deref(), Some("mine"));
    assert_eq!(text(&other, &grant()).await.as_deref(), Some("theirs"));
    assert_eq!(text(&mine, &client_secret).await.as_deref(), Some("of the app"));
    assert_eq!(text(&other, &client_secret).await, None);
}

#[tokio::test]
async fn of_two_copies_the_one_in_the_default_keyring_counts_and_both_are_removed() {
    let Some(desktop) = Desktop::with_keyring(Start::Unlocked) else { return };
    let vault = desktop.vault("Birdkey");
    vault.write(&grant(), "Birdkey", &secret("current")).await.unwrap();
    desktop.secret_tool_store("session", "Birdkey", grant().as_str(), "stray copy");
    assert_eq!(desktop.secret_tool_search("Birdkey").matches("secret = ").count(), 2);

    assert_eq!(text(&vault, &grant()).await.as_deref(), Some("current"));
    vault.remove(&grant()).await.unwrap();

    assert_eq!(desktop.secret_tool_search("Birdkey").trim(), "");
}

#[tokio::test]
async fn long_and_foreign_texts_survive() {
    let Some(desktop) = Desktop::with_keyring(Start::Unlocked) else { return };
    let vault = desktop.vault("Birdkey");

    for text_in in ["x".repeat(5_000), "ключ 鍵 🔑\n\t\"'\\".repeat(400), "y".repeat(200_000)]
    {
        vault.write(&grant(), "Schlüssel für 🐦", &secret(&text_in)).await.unwrap();
        assert_eq!(text(&vault, &grant()).await, Some(text_in));
    }
}

#[tokio::test]
async fn a_locked_keyring_says_so_and_nobody_is_asked() {
    let Some(desktop) = Desktop::with_keyring(Start::Unlocked) else { return };
    let vault = desktop.vault("Birdkey");
    vault.write(&grant(), "Birdkey", &secret("token-1")).await.unwrap();
    desktop.lock();
    let watch = desktop.watch_prompts();
    let unknown = ItemName::grant("a1b2", "never-written");

    let outcomes = [
        ("read", vault.read(&grant()).await.map(drop)),
        ("read of an item that may not exist", vault.read(&unknown).await.map(drop)),
        ("write", vault.write(&grant(), "Birdkey", &secret("token-2")).await),
        ("remove", vault.remove(&grant()).await),
    ];

    for (call, outcome) in outcomes {
        assert!(matches!(outcome, Err(VaultError::Locked)), "{call}: {outcome:?}");
    }
    assert_eq!(watch.seen(), Vec::<String>::new(), "a prompt was raised");
}

#[tokio::test]
async fn a_restarted_keyring_is_found_again() {
    let Some(mut desktop) = Desktop::with_keyring(Start::Unlocked) else { return };
    let vault = desktop.vault("Birdkey");
    vault.write(&grant(), "Birdkey", &secret("token-1")).await.unwrap();

    desktop.stop_keyring();
    let without = vault.read(&grant()).await;
    desktop.start_keyring(Start::Unlocked);

    assert!(matches!(without, Err(VaultError::Missing)), "{without:?}");
    assert_eq!(text(&vault, &grant()).await.as_deref(), Some("token-1"));

    // And once more, without a call that failed in between.
    desktop.stop_keyring();
    desktop.start_keyring(Start::Unlocked);
    vault.write(&grant(), "Birdkey", &secret("token-2")).await.unwrap();
    assert_eq!(text(&vault, &grant()).await.as_deref(), Some("token-2"));
}

#[tokio::test]
async fn a_frozen_keyring_costs_the_limit_and_thaws() {
    let Some(desktop) = Desktop::with_keyring(Start::Unlocked) else { return };
    let vault = desktop.vault_with_limit("Birdkey", SHORT);
    vault.write(&grant(), "Birdkey", &secret("token-1")).await.unwrap();
    desktop.signal_keyring("STOP");

    for _ in 0..2 {
        let started = Instant::now();
        let outcome = vault.read(&grant()).await;
        assert!(matches!(outcome, Err(VaultError::TimedOut)), "{outcome:?}");
        assert!(started.elapsed() >= SHORT, "it gave up early");
        assert!(started.elapsed() < SHORT + Duration::from_secs(2), "{:?}", started.elapsed());
    }

    desktop.signal_keyring("CONT");
    assert_eq!(text(&vault, &grant()).await.as_deref(), Some("token-1"));
}

#[tokio::test]
async fn a_keyring_without_a_default_collection_has_an_error_of_its_own() {
    let Some(desktop) = Desktop::with_keyring(Start::WithoutCollection) else { return };
    let vault = desktop.vault("Birdkey");

    let written = vault.write(&grant(), "Birdkey", &secret("token-1")).await;
    let unlocked = vault.unlock().await;

    assert!(matches!(written, Err(VaultError::NoDefaultCollection)), "{written:?}");
    assert!(matches!(unlocked, Err(VaultError::NoDefaultCollection)), "{unlocked:?}");
    let read = vault.read(&grant()).await.map(drop);
    assert!(matches!(read, Err(VaultError::NoDefaultCollection)), "that says nothing: {read:?}");
    let removed = vault.remove(&grant()).await;
    assert!(matches!(removed, Err(VaultError::NoDefaultCollection)), "{removed:?}");
}

#[tokio::test]
async fn a_bus_without_a_keyring_has_none_to_offer() {
    let desktop = Desktop::without_keyring();
    let vault = desktop.vault("Birdkey");

    let read = vault.read(&grant()).await.map(drop);
    let unlocked = vault.unlock().await;

    assert!(matches!(read, Err(VaultError::Missing)), "{read:?}");
    assert!(matches!(unlocked, Err(VaultError::Missing)), "{unlocked:?}");
}

#[tokio::test]
async fn an_unlocked_keyring_needs_no_prompt_to_unlock() {
    let Some(desktop) = Desktop::with_keyring(Start::Unlocked) else { return };
    let watch = desktop.watch_prompts();

    desktop.vault("Birdkey").unlock().await.unwrap();

    assert_eq!(watch.seen(), Vec::<String>::new());
}

#[tokio::test]
async fn unlocking_where_no_prompt_can_be_shown_says_so() {
    let Some(desktop) = Desktop::with_keyring(Start::Unlocked) else { return };
    let vault = desktop.vault("Birdkey");
    vault.write(&grant(), "Birdkey", &secret("token-1")).await.unwrap();
    desktop.lock();
    let watch = desktop.watch_prompts();

    // This bus has no program that could show gnome-keyring's dialog.
    let outcome = vault.unlock().await;

    assert!(matches!(outcome, Err(VaultError::PromptImpossible)), "{outcome:?}");
    let seen = watch.seen();
    assert!(seen.iter().any(|line| line.contains("member=Prompt")), "{seen:?}");
    assert!(
        desktop
            .call(
                LOGIN,
                "org.freedesktop.DBus.Properties.Get",
                &["org.freedesktop.Secret.Collection", "Locked"]
            )
            .contains("true")
    );
}
