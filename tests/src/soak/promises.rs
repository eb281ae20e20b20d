//! What no end of a process may break: a token that is handed out works, and no pair is forgotten.

use std::collections::BTreeMap;
use std::process::Output;
use std::time::{Duration, Instant};

use birdkey::effects::vault::VaultKind;
use birdkey_sandbox::Knobs;

use super::Size;
use super::books::{Books, living};
use super::ground::{Ended, Ground, ended};
use super::kills::{EXEC, killed, median, spread, whole};
use crate::desktop::{birdkey, text};

/// Longer than the three seconds that a command once gave a refresh.
const SLOW: Duration = Duration::from_secs(4);
/// How much later every other answer comes.
const DELAY: Duration = Duration::from_millis(40);
/// So many crashes of the keyring are not by chance.
const MOST_CRASHES: usize = 3;

/// What is killed.
const COMMANDS: [&[&str]; 5] = [
    &["token", "--json"],
    &EXEC,
    &["refresh", "--json"],
    &["login", "--no-browser", "--json"],
    &["logout", "--json"],
];

pub(super) async fn run(size: Size) -> Vec<String> {
    let api = ["api", "/2/users/me"];
    let slow = tokio::join!(slow(&["token"]), slow(&EXEC), slow(&api));
    let mut lines = vec![format!(
        "promises, slow answer after a noted failure: token waited {:.1} s, exec {:.1} s, api {:.1} s; each used the new token, and the next call works",
        slow.0.as_secs_f64(),
        slow.1.as_secs_f64(),
        slow.2.as_secs_f64()
    )];
    let mut broken = Vec::new();
    for (grace, family_revoke) in [(0, false), (0, true), (120, false), (120, true)] {
        let setting = Setting { grace: Duration::from_secs(grace), family_revoke };
        let mut kills = Kills::new(Ground::new(VaultKind::Keychain).await, setting);
        lines.extend(kills.run(size).await);
        broken.extend(kills.broken.concat());
    }
    assert!(broken.is_empty(), "{}\n{broken:#?}", lines.join("\n"));
    lines
}

/// A refresh meets a 503; when it has rested, another process takes it up, and the server is slow.
async fn slow(arguments: &[&str]) -> Duration {
    let ground = Ground::new(VaultKind::Keychain).await;
    ground.plan("old-access-dies");
    let before = text(&ground.output(&["token"]).await.stdout);
    ground.plan("token:unavailable");
    let refused = ground.output(&["refresh", "--json"]).await;
    assert_eq!(ended(&refused), Ended::with(6, "server_unavailable"));
    assert_eq!(ground.intents(), 1, "the refresh may have been lost");
    ground.rest();
    ground.plan(&format!("token:delay={}", SLOW.as_millis()));
    let began = Instant::now();
    let output = ground.output(arguments).await;
    let took = began.elapsed();
    assert!(output.status.success(), "{arguments:?}: {}", text(&output.stderr));
    let next = text(&ground.output(&["token"]).await.stdout);
    assert!(ground.provider.sandbox.accepts(&next), "{arguments:?}: the next call works");
    if arguments[0] == "api" {
        assert!(text(&output.stdout).contains("demo_ada"), "{}", text(&output.stdout));
    } else {
        assert_eq!(text(&output.stdout), next, "{arguments:?}: the new token");
    }
    assert!(next != before && took >= SLOW, "{arguments:?} waited {took:?}");
    let refreshed = ground.output(&["refresh", "--json"]).await;
    assert_eq!(ended(&refreshed), Ended::well(), "{arguments:?}: the pair is the newest");
    took
}

/// What the server does when a refresh token is used twice.
#[derive(Clone, Copy)]
struct Setting {
    grace: Duration,
    family_revoke: bool,
}

/// Kills of each command at one server.
struct Kills {
    ground: Ground,
    setting: Setting,
    books: Books,
    /// What was handed out although it is dead, lives untold, or was called dead and lives.
    broken: [Vec<String>; 3],
    crashes: usize,
}

/// What the kills of one command came to.
#[derive(Default)]
struct Tally {
    hits: usize,
    /// How the next `birdkey token` ended, unless well.
    told: BTreeMap<String, usize>,
}

impl Kills {
    fn new(ground: Ground, setting: Setting) -> Self {
        ground.provider.sandbox.set_knobs(Knobs {
            rotation_grace: setting.grace,
            family_revoke: setting.family_revoke,
            // A replaced token that is handed out shows.
            old_access_dies: true,
            users_me_limit: u32::MAX,
            ..Knobs::default()
        });
        let broken = [Vec::new(), Vec::new(), Vec::new()];
        Self { ground, setting, books: Books::default(), broken, crashes: 0 }
    }

    async fn run(&mut self, size: Size) -> Vec<String> {
        let mut lines = vec![format!(
            "promises, grace {} s, family revocation {}:",
            self.setting.grace.as_secs(),
            if self.setting.family_revoke { "on" } else { "off" }
        )];
        for arguments in COMMANDS {
            lines.push(self.of(arguments, size).await);
        }
        let [dead, unaccounted, untrue] = [0, 1, 2].map(|at| self.broken[at].len());
        lines.push(format!(
            "  dead tokens handed out with exit 0: {dead}, live pairs unaccounted for: {unaccounted}, logins called dead that live: {untrue}"
        ));
        self.ground.assert_no_leak().await;
        lines
    }

    /// Kills one command again and again.
    async fn of(&mut self, arguments: &[&str], size: Size) -> String {
        let kills = size.pick(200, 1);
        let mut times = Vec::new();
        for _ in 0..size.pick(5, 1) {
            self.prepare(arguments);
            times.push(whole(&self.ground, arguments));
            self.restore().await;
        }
        let whole = median(times);
        let mut tally = Tally::default();
        let mut n = 0;
        while n < kills {
            self.prepare(arguments);
            let slow = n % 2 == 1;
            if slow {
                // As it is on the way to a real server: done there, and not known here yet.
                self.ground.plan(&format!("token:delay={}", DELAY.as_millis()));
                self.ground.plan(&format!("revoke:delay={}", DELAY.as_millis()));
            }
            let span = if slow { whole + DELAY } else { whole };
            let killed = killed(&self.ground, arguments, span.mul_f64(1.1 * spread(n + 1)));
            self.ground.provider.sandbox.call_off();
            let Setting { grace, family_revoke } = self.setting;
            let name = format!("{} ({grace:?}, {family_revoke}), kill {n}", arguments[0]);
            let next = birdkey(&self.ground.desktop, &["token", "--json"]);
            if self.keyring_came_back().await {
                continue;
            }
            tally.hits += usize::from(killed.hit);
            self.look_at_tokens(&name, &killed.output);
            self.look_at_tokens(&name, &next);
            self.look_at_pairs(&name, &killed.output, &next).await;
            let next = ended(&next);
            if next != Ended::well() {
                *tally.told.entry(next.problem.clone().unwrap_or_default()).or_default() += 1;
            }
            self.restore().await;
            n += 1;
        }
        let told: Vec<_> =
            tally.told.iter().map(|(code, times)| format!("{code} {times}")).collect();
        format!(
            "  {}: {kills} kills within {:.0} ms, {} hit it running; the next token said{}",
            arguments[0],
            whole.as_secs_f64() * 1.1e3,
            tally.hits,
            if told.is_empty() { " nothing".to_owned() } else { format!(": {}", told.join(", ")) }
        )
    }

    /// Lets the token run out where that makes the command refresh it.
    fn prepare(&self, arguments: &[&str]) {
        if ["token", "exec"].contains(&arguments[0]) {
            self.ground.plan("expires-in=0");
            self.ground.succeeds(&["refresh"]);
            self.ground.plan("expires-in=7200");
        }
    }

    /// gnome-keyring of Debian 12 aborts about once in some hundred runs; that kill is repeated.
    async fn keyring_came_back(&mut self) -> bool {
        if !self.ground.desktop.keyring_has_ended() {
            return false;
        }
        self.crashes += 1;
        assert!(self.crashes <= MOST_CRASHES, "{}", self.ground.desktop.keyring_said());
        self.ground.desktop.restart_keyring().await;
        self.restore().await;
        true
    }

    /// A command that ended well printed a token that works.
    fn look_at_tokens(&mut self, name: &str, output: &Output) {
        let printed = text(&output.stdout);
        let json = serde_json::from_str::<serde_json::Value>(&printed);
        let token = match &json {
            Ok(json) => json["accessToken"].as_str(),
            Err(_) => {
                Some(printed.as_str()).filter(|it| !it.is_empty() && !it.contains(['{', ':']))
            }
        };
        let Some(token) = token.filter(|_| output.status.success()) else { return };
        if !self.ground.provider.sandbox.accepts(token) {
            self.broken[0].push(format!("{name}: a dead token {}", text(&output.stderr)));
        }
    }

    /// Each pair that lives is in the keychain or was told of, and none is called dead that lives.
    async fn look_at_pairs(&mut self, name: &str, killed: &Output, next: &Output) {
        let status = birdkey(&self.ground.desktop, &["status", "--json"]);
        let said: String =
            [&killed.stdout, &killed.stderr, &next.stdout, &next.stderr, &status.stdout]
                .map(|bytes| text(bytes))
                .join("\n");
        let lost = self.books.unaccounted(&self.ground, &said).await;
        if !lost.is_empty() {
            self.broken[1].push(format!("{name}: forgotten after {:?}", ended(next)));
        }
        let held = self.ground.held().await;
        let lives = living(&self.ground).iter().any(|it| held.iter().any(|item| item.contains(it)));
        let status = serde_json::from_slice::<serde_json::Value>(&status.stdout).unwrap();
        if lives && status["accounts"][0]["state"] == "log_in_again" {
            self.broken[2].push(format!("{name}: called dead by {:?}", ended(next)));
        }
    }

    /// Back to one login that works, with nothing left to be said.
    async fn restore(&self) {
        let status = self.ground.status();
        if !status["notices"].as_array().unwrap().is_empty() {
            birdkey(&self.ground.desktop, &["doctor", "--fix", "--offline"]);
        }
        if self.ground.ends(&["refresh"]) != Ended::well() {
            // Nobody may be logged in at all.
            birdkey(&self.ground.desktop, &["logout", "--all"]);
            self.ground.log_in().await;
        }
    }
}
