//! `birdkey doctor` against a real keychain, server and desktop.

use birdkey_tests::desktop::{
    PrivateDesktop, birdkey, items_of, logged_in, service_of, text, until,
};
use serde_json::Value;

const PATIENCE: std::time::Duration = std::time::Duration::from_secs(10);

fn findings(desktop: &PrivateDesktop) -> Value {
    let output = birdkey(desktop, &["doctor", "--json"]);
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", text(&output.stderr)))
}

fn levels(report: &Value, check: &str) -> Vec<String> {
    let all = report["findings"].as_array().unwrap().iter();
    let of = all.filter(|it| it["check"] == check);
    of.map(|it| it["level"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_doctor_is_content_with_a_login_names_what_breaks_and_tells_no_secret() {
    let (desktop, provider) = logged_in().await;
    let kept = items_of(&desktop, &service_of(&desktop)).len();

    let output = birdkey(&desktop, &["doctor"]);

    let said = text(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert!(!said.contains("problem  "), "{said}");
    assert!(said.contains("Secret Service") && said.contains("storing, reading and removing"));
    assert_eq!(items_of(&desktop, &service_of(&desktop)).len(), kept, "nothing is left there");
    let report = findings(&desktop);
    assert_eq!((&report["version"], levels(&report, "api")), (&1.into(), vec!["ok".into()]));
    let told = format!("{said}{report}");
    assert!(provider.secrets().iter().all(|secret| !told.contains(secret)), "{told}");

    desktop.lock_keychain();
    until("the keychain to be locked", PATIENCE, async || {
        levels(&findings(&desktop), "vault") == ["problem"]
    })
    .await;
    let output = birdkey(&desktop, &["doctor", "--offline"]);
    assert_eq!(output.status.code(), Some(7), "{}", text(&output.stdout));
    let said = text(&output.stdout);
    assert!(said.contains("problem  Vault: The keychain is locked."), "{said}");
    assert!(said.contains("can be mended by: birdkey doctor --fix"), "{said}");
}
