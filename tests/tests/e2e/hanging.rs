//! A revocation server that takes connections and never answers: nobody waits for it for long.

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use birdkey::effects::clock::Clock as _;

use crate::stage::{Stage, soon};

const SPARED: Duration = Duration::from_mins(10);

/// How often it was tried.
#[derive(Clone, Default)]
pub struct Tries(Arc<AtomicUsize>);

impl Tries {
    pub fn count(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }
}

/// A server that takes connections and never answers.
pub async fn hang(address: SocketAddr) -> (SocketAddr, Tries) {
    let listener = tokio::net::TcpListener::bind(address).await.unwrap();
    let address = listener.local_addr().unwrap();
    let tries = Tries::default();
    let counted = tries.clone();
    tokio::spawn(async move {
        let mut kept = Vec::new();
        while let Ok((connection, _)) = listener.accept().await {
            counted.0.fetch_add(1, Ordering::SeqCst);
            kept.push(connection);
        }
    });
    (address, tries)
}

/// Everybody in `users` has logged in and out, and the server that is to revoke their pairs, which
/// refused connections until now, hangs from now on.
async fn waiting(users: &[&str]) -> (Stage, Tries) {
    let stage = Stage::new().await;
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let profile = format!("{}/2/users/me", stage.address);
    let app = stage.custom(Some(profile), Some(format!("http://{address}/revoke")));
    stage.engine.add_app(app).await.unwrap();
    for user in users {
        stage.sandbox.set_auto_user(user);
        stage.log_in().await.unwrap();
        stage.engine.log_out(None).await.unwrap();
    }
    assert_eq!(stage.view().waiting_logouts.len(), users.len());
    let (_, tries) = hang(address).await;
    (stage, tries)
}

/// What runs beside a command; how long it took by the clock.
async fn in_passing(stage: &Stage, tries: &Tries) -> Duration {
    let (began, before) = (stage.clock.elapsed(), tries.count());
    let engine = Arc::clone(&stage.engine);
    let finishing = tokio::spawn(async move { engine.finish_logouts_in_passing().await });
    while tries.count() == before {
        tokio::task::yield_now().await;
    }
    while !finishing.is_finished() {
        step(stage).await;
    }
    stage.clock.elapsed().saturating_sub(began)
}

/// Lets a moment pass, and everybody go on who can.
async fn step(stage: &Stage) {
    stage.clock.advance(Duration::from_millis(100));
    for _ in 0..50 {
        tokio::task::yield_now().await;
    }
}

/// Issue 17, L18.
#[tokio::test]
async fn a_server_that_hangs_gets_three_seconds_and_is_left_alone_for_ten_minutes() {
    let (stage, tries) = waiting(&["demo_ada", "demo_grace"]).await;
    soon("the end of what is not tried", stage.engine.finish_logouts_in_passing()).await;
    assert_eq!(tries.count(), 0, "it was tried a moment ago");
    stage.clock.advance(SPARED);

    for expected in [1, 2] {
        stage.engine.look_again().await;
        assert_eq!(stage.view().waiting_logouts.len(), 2);
        assert_eq!(tries.count(), expected - 1, "what is shown does not depend on it");

        let took = in_passing(&stage, &tries).await;

        assert_eq!(took, Duration::from_secs(3), "in all, however many wait");
        stage.clock.advance(SPARED.saturating_sub(took + Duration::from_millis(1)));
        let other = stage.second_engine();
        soon("the end of what is not tried", other.finish_logouts_in_passing()).await;
        assert_eq!(tries.count(), expected, "no other command tries it either");
        stage.clock.advance(Duration::from_millis(1));
    }
    assert_eq!(stage.view().waiting_logouts.len(), 2, "and nothing is forgotten");
}

/// Issue 17, L18.
#[tokio::test]
async fn a_login_waits_five_seconds_in_all_for_a_server_that_hangs() {
    let (mut stage, tries) = waiting(&["demo_ada", "demo_grace"]).await;
    while stage.watched.opened.try_recv().is_ok() {}
    let began = stage.clock.elapsed();
    let begun = stage.begin();
    while tries.count() == 0 {
        tokio::task::yield_now().await;
    }
    while stage.watched.opened.try_recv().is_err() {
        step(&stage).await;
    }

    assert_eq!(
        stage.clock.elapsed().saturating_sub(began),
        Duration::from_secs(5),
        "then the browser opens"
    );
    begun.ended().await.unwrap();
    assert_eq!(stage.view().accounts.len(), 1);
}
