//! `birdkey doctor` against a real keychain, server and desktop.

use std::io::Write as _;
use std::process::Stdio;

use birdkey::record::Step;
use birdkey_tests::desktop::{
    PrivateDesktop, binary, birdkey, items_of, logged_in, service_of, text, until,
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
    assert_eq!((&report["version"], levels(&report, "api")), (&2.into(), vec!["ok".into()]));
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
    assert!(said.contains("can be fixed by: birdkey doctor --fix"), "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_recording_asks_at_the_terminal_and_leaves_a_file_without_a_secret() {
    let (desktop, provider) = logged_in().await;
    let file = desktop.root().join("record.json");
    let arguments = ["doctor", "--record", file.to_str().unwrap()];
    let piped = birdkey(&desktop, &arguments);
    assert_eq!(piped.status.code(), Some(2), "it never asks where nobody can answer");
    assert!(!file.exists());

    let mut terminal = desktop.command("script");
    let command = format!("{} {}", binary("birdkey").display(), arguments.join(" "));
    terminal.args(["-qefc", &command, "/dev/null"]);
    let mut terminal = terminal.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut keyboard = terminal.stdin.take().unwrap();
    let login = Step::ALL.iter().position(|step| *step == Step::Login).unwrap();
    // All but the login is skipped; the person ends it after the login.
    keyboard.write_all("s\n".repeat(login).as_bytes()).unwrap();
    keyboard.write_all(b"y\n").unwrap();
    reqwest::get(desktop.browser_url().await).await.unwrap();
    keyboard.write_all(b"q\n").unwrap();
    let output = terminal.wait_with_output().unwrap();

    let said = text(&output.stdout);
    assert!(output.status.success(), "{said}");
    assert!(said.contains("[16/23] Log in") && said.contains("@demo_ada"), "{said}");
    let record = std::fs::read_to_string(&file).unwrap();
    let told: Value = serde_json::from_str(&record).unwrap();
    let lifetime = &told["questions"][2]["answers"][0]["answer"];
    assert_eq!(lifetime, "7200 seconds", "{record}");
    assert!(provider.secrets().iter().all(|secret| !record.contains(secret)), "{record}");
    let again = desktop.command("script").args(["-qefc", &command, "/dev/null"]).output().unwrap();
    assert!(text(&again.stdout).contains("There is a file already."), "{}", text(&again.stdout));
    assert_eq!(std::fs::read_to_string(&file).unwrap(), record, "it is left as it is");
}

/// Locks of a file system that has none: they succeed and keep nobody out, or are refused.
const FLOCK: &str = r#"
#include <errno.h>
#include <stdlib.h>
int flock(int file, int operation) {
    const char *refused = getenv("FLOCK_REFUSED");
    if (refused == NULL) return 0;
    errno = atoi(refused);
    return -1;
}
"#;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_folder_whose_locks_do_not_work_is_named() {
    let desktop = PrivateDesktop::start().await;
    let (source, library) = (desktop.root().join("flock.c"), desktop.root().join("flock.so"));
    std::fs::write(&source, FLOCK).unwrap();
    let compiled =
        desktop.command("cc").args(["-shared", "-fPIC", "-o"]).arg(&library).arg(&source).status();
    assert!(compiled.unwrap().success(), "the compiler that links Rust programs");
    let examined = |variables: &[(&str, &str)]| {
        let mut doctor = desktop.command(binary("birdkey").display().to_string());
        let doctor = doctor.args(["doctor", "--offline"]).envs(variables.iter().copied());
        text(&doctor.output().unwrap().stdout)
    };
    let library = library.display().to_string();
    let data = desktop.data().display().to_string();

    let usual = examined(&[]);
    assert!(!usual.contains("ocks on files"), "{usual}");
    let idle = examined(&[("LD_PRELOAD", &library)]);
    let expected = format!("warning  Files: Locks on files don't work in {data}, ");
    assert!(idle.contains(&expected) && idle.contains("set BIRDKEY_DATA_DIR"), "{idle}");
    // ENOLCK, as a network file system without a lock service has it, and EOPNOTSUPP.
    for errno in ["37", "95"] {
        let refused = examined(&[("LD_PRELOAD", &library), ("FLOCK_REFUSED", errno)]);
        let expected =
            format!("problem  Files: The file system of {data} offers no locks on files");
        assert!(refused.contains(&expected), "{refused}");
        assert!(refused.contains("set BIRDKEY_DATA_DIR"), "{refused}");
    }
}
