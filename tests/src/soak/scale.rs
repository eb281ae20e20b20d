//! One account among a thousand costs about what it costs alone.

use std::time::{Duration, Instant};

use birdkey::effects::vault::{ItemName, KeyringVault, Vault as _, VaultKind};
use birdkey::protocol::secret::Secret;
use birdkey::store::accounts;
use tokio::task::block_in_place;

use super::ground::Ground;
use crate::desktop::service_of;

const OTHERS: usize = 999;
/// The most that a thousand accounts may cost, as a ratio.
const LIMIT: f64 = 1.3;

fn once(ground: &Ground, account: &str) -> Duration {
    let began = Instant::now();
    ground.succeeds(&["token", "--account", account]);
    began.elapsed()
}

fn median(mut times: Vec<Duration>) -> f64 {
    times.sort();
    times[times.len() / 2].as_secs_f64()
}

pub(super) async fn run(runs: usize) -> String {
    // Each with a keychain of its own, so that only one of them holds a thousand items.
    let alone = Ground::new(VaultKind::Keychain).await;
    let crowd = Ground::new(VaultKind::Keychain).await;
    let first =
        |ground: &Ground| accounts::read(&ground.desktop.data()).unwrap().accounts.remove(0);
    let (first_alone, first_of_all) = (first(&alone), first(&crowd));
    fill(&crowd, &first_of_all, &crowd.held().await.remove(0));
    let (mut among, mut by_itself) = (Vec::new(), Vec::new());
    for _ in 0..runs {
        // In turns, so that whatever else the machine does falls on both.
        by_itself.push(once(&alone, &first_alone.id));
        among.push(once(&crowd, &first_of_all.id));
    }
    let (among, by_itself) = (median(among), median(by_itself));
    let ratio = among / by_itself;
    // An unoptimized build parses ten times slower than what users run.
    let holds = cfg!(debug_assertions) || ratio <= LIMIT;
    assert!(holds, "a token among {} accounts costs {ratio:.2} times as much", OTHERS + 1);
    let note = if cfg!(debug_assertions) { "; not held to the limit in a debug build" } else { "" };
    format!(
        "scale: `birdkey token` among {} accounts and keychain items costs {ratio:.2} times as much as alone (medians of {runs}, limit {LIMIT}{note})",
        OTHERS + 1
    )
}

/// 999 more accounts, in the list and in the keychain.
fn fill(ground: &Ground, like: &accounts::Account, item: &str) {
    let clock = std::sync::Arc::new(birdkey::effects::clock::SystemClock::new());
    let (service, bus) = (service_of(&ground.desktop), ground.desktop.bus_address());
    let vault = KeyringVault::on_bus(service, clock, bus);
    let mut others = Vec::new();
    for n in 0..OTHERS {
        let (id, username) = (format!("x{n:07}"), Some(format!("user{n}").into()));
        let user_id = Some(format!("9{n:09}").into());
        others.push(accounts::Account { id, username, user_id, ..like.clone() });
    }
    block_in_place(|| {
        tokio::runtime::Handle::current().block_on(async {
            for other in &others {
                let name = ItemName::grant(&other.app_id, &other.id);
                vault.write(&name, "Birdkey", &Secret::new(item.to_owned())).await.unwrap();
            }
        });
    });
    accounts::change(&ground.desktop.data(), |all| all.extend(others)).unwrap();
}
