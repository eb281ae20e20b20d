//! The keychain's own password prompt, as the command tells of it.

use std::process::{Command, Output};
use std::time::Duration;

use birdkey_tests::desktop::{PrivateDesktop, birdkey, logged_in, start, text, until};

const ANNOUNCED: &str = "The keychain asks for its password in a window on this machine's desktop. Waiting up to 2 min; press Ctrl-C to cancel.";

/// What the command said, once it has ended with this code.
fn said(output: &Output, code: i32) -> String {
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{said}");
    said
}

/// What fixing the locked keychain says where no prompt can be shown.
fn fixed_without_a_prompt(desktop: &PrivateDesktop) -> String {
    said(&birdkey(desktop, &["doctor", "--offline", "--fix"]), 7)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_prompt_is_announced_and_its_end_told_as_it_was() {
    let (desktop, _provider) = logged_in().await;
    desktop.lock_keychain();
    let locked = said(&birdkey(&desktop, &["token"]), 7);
    assert!(locked.ends_with("or run: birdkey vault unlock"), "{locked}");

    // The prompt's program finds no screen, as on a machine without one.
    desktop.display_of_activated_programs("");
    let impossible = fixed_without_a_prompt(&desktop);
    assert!(impossible.contains("no window can be shown in this session"), "{impossible}");
    assert!(impossible.contains("birdkey vault use file"), "{impossible}");
    desktop.display_of_activated_programs(&desktop.display());

    let doctor = start(&desktop, &["doctor", "--offline", "--fix"]);
    desktop.close_prompt().await;
    let closed = said(&doctor.wait_with_output().unwrap(), 7);
    assert!(closed.contains(ANNOUNCED) && closed.contains("prompt was closed"), "{closed}");

    let doctor = start(&desktop, &["doctor", "--offline", "--fix"]);
    desktop.answer_prompt().await;
    let fixed = said(&doctor.wait_with_output().unwrap(), 0);
    assert!(fixed.contains(ANNOUNCED), "{fixed}");
    assert!(birdkey(&desktop, &["token"]).status.success());

    desktop.lock_keychain();
    let unlock = start(&desktop, &["vault", "unlock"]);
    desktop.focus_prompt().await;
    let told = Command::new("kill").args(["-INT", &unlock.id().to_string()]).status().unwrap();
    assert!(told.success());
    assert_eq!(said(&unlock.wait_with_output().unwrap(), 130), ANNOUNCED);
    until("the prompt to go", Duration::from_secs(5), async || desktop.prompt().is_none()).await;
}
