//! The keychain killed, locked, restarted and frozen: an answer in time, nothing lost, and healed
//! without a restart of ours.

use std::time::{Duration, Instant};

use super::ground::{Ended, Ground, ended};
use crate::desktop::{PrivateDesktop, log_in_with, until_some};

/// Within this time there is an answer, whatever the keychain does.
const ANSWER: Duration = Duration::from_secs(5);
/// The sandbox takes this long to answer a refresh, so that the keychain can fail meanwhile.
const DELAY: Duration = Duration::from_millis(700);

/// Ends within the limit, and so.
fn answers(
    ground: &Ground,
    arguments: &[&str],
    expected: &[Ended],
    happening: Happening,
) -> Duration {
    let began = Instant::now();
    let found = ground.ends(arguments);
    let took = began.elapsed();
    assert!(expected.contains(&found), "{arguments:?} {happening:?}: {found:?}");
    assert!(took < ANSWER, "{arguments:?} {happening:?} took {took:?}");
    took
}

/// What may happen to the keychain at any moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Happening {
    Frozen,
    Killed,
    Locked,
}

impl Happening {
    fn befall(self, desktop: &PrivateDesktop) {
        match self {
            Self::Frozen => desktop.signal_keyring("STOP"),
            Self::Killed => desktop.signal_keyring("KILL"),
            Self::Locked => desktop.lock_keyring(),
        }
    }

    async fn pass(self, desktop: &PrivateDesktop) {
        match self {
            Self::Frozen => desktop.signal_keyring("CONT"),
            Self::Killed | Self::Locked => desktop.restart_keyring().await,
        }
    }
}

/// Lets something happen to the keychain while the server works on a request of a command.
async fn in_the_middle(ground: &Ground, operation: &str, happening: Happening) -> Ended {
    let (route, arguments) = match operation {
        "logout" => ("revoke", &["logout", "--json"][..]),
        "login" => ("token", &["login", "--no-browser", "--json"][..]),
        _ => ("token", &["refresh", "--json"][..]),
    };
    ground.plan(&format!("{route}:delay={}", DELAY.as_millis()));
    let command = ground.command(arguments);
    let running = tokio::spawn(log_in_with(command));
    let sandbox = &ground.provider.sandbox;
    until_some("the request to arrive", ANSWER, async || (sandbox.planned() == 0).then_some(()))
        .await;
    happening.befall(&ground.desktop);
    let began = Instant::now();
    let found = ended(&running.await.unwrap());
    let took = began.elapsed();
    assert!(took < ANSWER + DELAY, "{operation} {happening:?} took {took:?}: {found:?}");
    found
}

/// The keychain fails between the server's word and our write.
async fn amid_each_operation(ground: &Ground) {
    let desktop = &ground.desktop;
    for happening in [Happening::Frozen, Happening::Killed, Happening::Locked] {
        // The server has rotated, so the new pair waits.
        let found = in_the_middle(ground, "refresh", happening).await;
        assert_eq!(found, Ended::with(7, "refresh_waits"), "{happening:?} amid a refresh");
        happening.pass(desktop).await;
        ground.succeeds(&["token"]);
        ground.succeeds(&["refresh"]);

        // Both tokens are revoked; the account stays listed until its item can be erased.
        let found = in_the_middle(ground, "logout", happening).await;
        assert!(away(happening).contains(&found), "{happening:?} amid a logout: {found:?}");
        happening.pass(desktop).await;
        ground.succeeds(&["logout"]);
        assert_eq!(ground.held().await, Vec::<String>::new());
        ground.log_in().await;
    }
    // Where it is locked a login asks the user to unlock it, so only this can befall one.
    ground.provider.sandbox.set_auto_user("demo_grace");
    let found = in_the_middle(ground, "login", Happening::Frozen).await;
    assert_eq!(found, Ended::with(7, "vault_timed_out"));
    Happening::Frozen.pass(desktop).await;
    ground.succeeds(&["refresh"]);
    ground.log_in().await;
    ground.succeeds(&["token", "--account", "@demo_grace"]);
    ground.succeeds(&["logout", "--account", "@demo_grace"]);
    ground.provider.sandbox.set_auto_user("demo_ada");
}

/// What a command says of a keychain that this happened to.
fn away(happening: Happening) -> Vec<Ended> {
    let codes = match happening {
        Happening::Frozen => &["vault_timed_out"][..],
        Happening::Locked => &["vault_locked"],
        // The bus may start another one, which is locked or empty.
        Happening::Killed => &["vault_missing", "vault_locked", "vault_no_collection"],
    };
    codes.iter().map(|code| Ended::with(7, code)).collect()
}

pub(super) async fn run(ground: Ground) -> Vec<String> {
    let desktop = &ground.desktop;
    let mut longest = Duration::ZERO;
    for happening in [Happening::Frozen, Happening::Killed, Happening::Locked] {
        happening.befall(desktop);
        for arguments in [&["token"][..], &["refresh"], &["logout"]] {
            longest = longest.max(answers(&ground, arguments, &away(happening), happening));
        }
        happening.pass(desktop).await;
        ground.succeeds(&["refresh"]);
    }
    amid_each_operation(&ground).await;
    ground.assert_no_leak().await;
    vec![format!(
        "keychain frozen, killed and locked, before and amid token, refresh, logout and login: longest answer {:.1} s, nothing lost",
        longest.as_secs_f64()
    )]
}
