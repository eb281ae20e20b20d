//! The way to the session bus, and what is said where there is none.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use super::desktop::{Desktop, Start, grant};
use crate::effects::clock::SystemClock;
use crate::effects::vault::{KeyringVault, Vault as _};
use crate::problem::{About, Code, Problem};

const VARIABLE: &str = "DBUS_SESSION_BUS_ADDRESS";

/// What [`read_elsewhere`] runs in a process of its own, with variables of its own.
#[tokio::test]
async fn in_a_process_of_its_own() {
    if std::env::var_os("BIRDKEY_TEST_READS").is_none() {
        return;
    }
    let vault = KeyringVault::new("Birdkey".into(), Arc::new(SystemClock::new()));
    let outcomes = [vault.read(&grant()).await.map(drop), vault.unlock().await];
    let [read, unlocked] = outcomes.map(|outcome| match outcome {
        Ok(()) => "nothing is wrong".to_owned(),
        Err(error) => {
            let problem = Problem::new(&error.into(), &About::default());
            assert_eq!(problem.code, Code::VaultMissing);
            format!("{} {} -> {}", problem.what, problem.why, problem.hint)
        }
    });
    assert_eq!(read, unlocked);
    println!("outcome: {read}");
}

/// What a read says where the runtime folder is `folder` and the variable is as given.
fn read_elsewhere(folder: &Path, address: Option<&str>) -> String {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["buses::in_a_process_of_its_own", "--nocapture"]).env_clear();
    command.env("BIRDKEY_TEST_READS", "1").env("XDG_RUNTIME_DIR", folder);
    command.envs(address.map(|address| (VARIABLE, address)));
    let output = command.output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    let said = text.split_once("outcome: ").unwrap_or_else(|| panic!("{text}")).1;
    said.lines().next().unwrap().to_owned()
}

#[test]
fn without_a_bus_address_the_runtime_folder_is_tried_and_nothing_is_launched() {
    let Some(desktop) = Desktop::with_keyring(Start::Unlocked) else { return };
    let empty = tempfile::tempdir().unwrap();

    for address in [None, Some("")] {
        assert_eq!(read_elsewhere(desktop.folder(), address), "nothing is wrong");
        let said = read_elsewhere(empty.path(), address);
        let expected = format!("is not set, and {}/bus does not exist.", empty.path().display());
        assert!(said.contains("There is no session bus") && said.contains(&expected), "{said}");
    }
    assert_eq!(std::fs::read_dir(empty.path()).unwrap().count(), 0);
}

#[test]
fn an_address_that_leads_nowhere_is_named_with_its_variable_and_the_way_out() {
    let desktop = Desktop::without_keyring();
    let empty = tempfile::tempdir().unwrap();
    let gone = format!("{}-gone", desktop.address());
    // A socket of a bus that has ended is refused instead of missing.
    let ended = empty.path().join("ended");
    drop(std::os::unix::net::UnixListener::bind(&ended).unwrap());
    let ended = format!("unix:path={}", ended.display());
    let (silent, failed) = ("No program answers there.", "The connection failed: ");

    for (address, cause) in [
        (gone.as_str(), silent),
        (ended.as_str(), silent),
        ("disabled:", failed),
        ("autolaunch:", failed),
        ("?", failed),
    ] {
        let named = format!("{VARIABLE} is “{address}”. {cause}");
        let said = read_elsewhere(empty.path(), Some(address));
        assert!(said.contains(&named) && said.contains("birdkey vault use file"), "{said}");
        // Where the user's own bus runs, the way out is to drop the variable.
        let said = read_elsewhere(desktop.folder(), Some(address));
        assert!(said.contains(&named) && said.ends_with(&format!("unset {VARIABLE}")), "{said}");
    }
}
