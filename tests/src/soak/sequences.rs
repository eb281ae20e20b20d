//! Random sequences of commands, faults and kills through the real command, keychain and sandbox.
//!
//! `BIRDKEY_SOAK_SEED` repeats a run, which prints its seed.

use std::collections::{HashMap, HashSet};
use std::process::Output;
use std::time::{Duration, SystemTime};

use birdkey::effects::vault::VaultKind;
use birdkey::store::accounts;
use birdkey_sandbox::Knobs;
use serde_json::Value;

use super::books::{Books, access_tokens};
use super::ground::Ground;
use super::kills::{EXEC, killed};
use crate::desktop::{birdkey, log_in_with, text};
use birdkey_fuzz::dice::Dice;

/// What the server or the network may do until it is called off.
const FAULTS: [&str; 9] = [
    "token:drop-after",
    "token:unavailable",
    "token:drop-after*always",
    "token:unavailable*always",
    "token:delay=200",
    "revoke:unavailable*always",
    "me:unavailable*always",
    "me:rate-limited*always",
    "me:html=403*always",
];
const USERS: [&str; 2] = ["demo_ada", "demo_grace"];
/// No command takes longer when nothing is slow.
const LONGEST_MS: usize = 120;

pub(super) async fn run(sequences: usize) -> String {
    let seed = std::env::var("BIRDKEY_SOAK_SEED").ok().and_then(|seed| seed.parse().ok());
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
    let seed: u64 = seed.unwrap_or(since.as_secs());
    let ground = Ground::new(VaultKind::Keychain).await;
    let mut run = Run {
        ground,
        dice: Dice::new(seed),
        seed,
        tally: Tally::default(),
        books: Books::default(),
    };
    for _ in 0..sequences {
        run.sequence().await;
    }
    run.ground.assert_no_leak().await;
    let Tally { steps, kills, tokens, warned } = run.tally;
    format!(
        "sequences, seed {seed}: {sequences} of {steps} steps in all, {kills} commands killed, {tokens} tokens printed with exit 0, {warned} of them with a warning; dead ones without: 0, users with two accounts: 0, live pairs unaccounted for: 0"
    )
}

#[derive(Default)]
struct Tally {
    steps: usize,
    kills: usize,
    tokens: usize,
    warned: usize,
}

struct Run {
    ground: Ground,
    dice: Dice,
    seed: u64,
    tally: Tally,
    /// For all sequences: what was told of in one may live on in the next.
    books: Books,
}

/// One sequence on its way.
#[derive(Default)]
struct Story {
    /// The steps so far and how each ended, for whoever has to find out.
    log: Vec<String>,
    /// The access tokens that a command ended, and which.
    ended: HashMap<String, String>,
}

impl Run {
    async fn sequence(&mut self) {
        let mut story = Story::default();
        let knobs = Knobs {
            rotation_grace: Duration::from_secs(if self.dice.once_in(2) { 120 } else { 0 }),
            family_revoke: self.dice.once_in(2),
            old_access_dies: self.dice.once_in(2),
            revoke_kills_pair: self.dice.once_in(2),
            users_me_limit: u32::MAX,
            ..Knobs::default()
        };
        story.log.push(format!("seed {}: {knobs:?}", self.seed));
        self.ground.provider.sandbox.set_knobs(knobs);
        for _ in 0..8 + self.dice.roll(13) {
            self.step(&mut story).await;
            self.tally.steps += 1;
        }
        self.settle(&mut story).await;
        self.clean_up().await;
    }

    async fn step(&mut self, story: &mut Story) {
        match self.dice.roll(15) {
            0 | 1 => {
                let fault = *self.dice.one_of(&FAULTS);
                story.log.push(fault.to_owned());
                self.ground.plan(fault);
            }
            2 => {
                story.log.push("faults off".to_owned());
                self.ground.provider.sandbox.call_off();
            }
            3 | 4 => self.log_in(story, None).await,
            5 => {
                let account = self.any_account();
                self.log_in(story, account).await;
            }
            6 => self.command(story, &["refresh", "--json"]).await,
            7 | 8 => self.command(story, &["token", "--json"]).await,
            9 => self.command(story, &EXEC).await,
            10 => self.command(story, &["logout", "--json"]).await,
            11 => self.command(story, &["status", "--json"]).await,
            12 => self.command(story, &["doctor", "--fix", "--json"]).await,
            13 => {
                self.ground.plan("expires-in=0");
                self.command(story, &["refresh", "--json"]).await;
                self.ground.plan("expires-in=7200");
            }
            _ => {
                story.log.push("the pauses are over".to_owned());
                self.ground.rest();
            }
        }
        let of_known =
            |it: &accounts::Account| it.user_id.clone().map(|user| (it.app_id.clone(), user));
        let mut users = HashSet::new();
        for user in self.accounts().iter().filter_map(of_known) {
            assert!(users.insert(user.clone()), "two accounts of {user:?}:\n{:#?}", story.log);
        }
    }

    fn accounts(&self) -> Vec<accounts::Account> {
        accounts::read(&self.ground.desktop.data()).unwrap().accounts
    }

    fn any_account(&mut self) -> Option<String> {
        let accounts = self.accounts();
        (!accounts.is_empty()).then(|| self.dice.one_of(&accounts).id.clone())
    }

    async fn log_in(&mut self, story: &mut Story, account: Option<String>) {
        let user = *self.dice.one_of(&USERS);
        story.log.push(format!("{user} comes back to the next login"));
        self.ground.provider.sandbox.set_auto_user(user);
        let login = ["login", "--no-browser", "--json"];
        let target = account.iter().flat_map(|account| ["--account", account]);
        let line: Vec<_> = login.into_iter().chain(target).collect();
        self.command(story, &line).await;
    }

    /// Runs a command, one in four only for a while, of any account where it takes one.
    async fn command(&mut self, story: &mut Story, arguments: &[&str]) {
        let account = self.any_account().filter(|_| takes_account(arguments));
        let mut line = vec![arguments[0]];
        line.extend(account.iter().flat_map(|account| ["--account", account]));
        line.extend(&arguments[1..]);
        let before = access_tokens(&self.ground);
        let (output, how) = if self.dice.once_in(4) {
            let after = Duration::from_millis(u64::try_from(self.dice.roll(LONGEST_MS)).unwrap());
            self.tally.kills += 1;
            let killed = killed(&self.ground, &line, after);
            (killed.output, format!("killed after {after:?}"))
        } else if arguments[0] == "login" {
            (log_in_with(self.ground.command(&line)).await, "done".to_owned())
        } else {
            (birdkey(&self.ground.desktop, &line), "done".to_owned())
        };
        let name = format!("{} ({how})", line[0]);
        let dead = before.into_iter().filter(|it| !self.ground.provider.sandbox.lives(it));
        story.ended.extend(dead.map(|it| (it, name.clone())));
        self.look(story, &line, &how, &output).await;
    }

    /// A token that was handed out without a warning works.
    async fn look(&mut self, story: &mut Story, line: &[&str], how: &str, output: &Output) {
        let (printed, said) = (text(&output.stdout), text(&output.stderr));
        let shown = if line[0] == "status" { "" } else { &said };
        story.log.push(format!("{} ({how}): {} {shown}", line.join(" "), output.status));
        if output.status.success() && ["token", "exec"].contains(&line[0]) {
            let json = serde_json::from_str::<Value>(&printed);
            let token = json.as_ref().ok().and_then(|json| json["accessToken"].as_str());
            let token = token.unwrap_or(&printed);
            let is_warned =
                !said.is_empty() || json.as_ref().is_ok_and(|json| !json["warning"].is_null());
            self.tally.tokens += 1;
            self.tally.warned += usize::from(is_warned);
            let lives = self.ground.provider.sandbox.accepts(token);
            assert!(
                lives || is_warned,
                "a token without a warning, dead since {:?}:\n{:#?}",
                story.ended.get(token),
                story.log
            );
        }
        // Later sayings must not excuse what is lost after them, so each is heard at once.
        self.books.unaccounted(&self.ground, &format!("{printed}\n{said}")).await;
    }

    /// The faults are over: every account that can be asked is, and nothing that lives is forgotten.
    async fn settle(&mut self, story: &mut Story) {
        self.ground.provider.sandbox.call_off();
        self.ground.rest();
        for account in self.accounts() {
            let line = ["token", "--account", &account.id, "--json"];
            let output = birdkey(&self.ground.desktop, &line);
            self.look(story, &line, "at the end", &output).await;
        }
        let status = birdkey(&self.ground.desktop, &["status", "--json"]);
        let status = text(&status.stdout);
        let lost = self.books.unaccounted(&self.ground, &status).await;
        story.log.push(status);
        assert!(lost.is_empty(), "{} pairs are forgotten:\n{:#?}", lost.len(), story.log);
    }

    /// Nobody is logged in, and nothing waits.
    async fn clean_up(&mut self) {
        for arguments in [&["logout", "--all", "--json"][..], &["doctor", "--fix", "--json"]] {
            let output = birdkey(&self.ground.desktop, arguments);
            let printed = [output.stdout, output.stderr].map(|bytes| text(&bytes)).join("\n");
            self.books.unaccounted(&self.ground, &printed).await;
        }
    }
}

fn takes_account(arguments: &[&str]) -> bool {
    ["refresh", "token", "exec", "logout"].contains(&arguments[0])
}
