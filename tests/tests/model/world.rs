//! The world of one sequence: a server, two machines, and what everybody was told.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use birdkey::effects::vault::memory::Trouble;

use crate::book::{Book, Trail};
use crate::clock::Time;
use crate::faults::{Faults, Route};
use crate::fuse::Fuse;
use crate::invariants::{self, Violation};
use crate::machine::{Listed, Machine};
use crate::plain_server::PlainServer;
use crate::process::{self, Command, Ground, Said};
use crate::pump::{self, End};
use crate::server::{InSandbox, Server};
use crate::setting::{Client, Kind, Offered, Setting};
use crate::steps::{Act, Keys, Run, Step, Who};
use crate::told::{self, Covers};
use crate::wire::Network;

pub struct World {
    pub setting: Setting,
    pub network: Arc<Network>,
    pub machines: [Machine; 2],
    /// What happened, for the report of a failure.
    pub log: Vec<String>,
    /// What did not hold in this step.
    pub found: Vec<Violation>,
    runs: u64,
    /// Whether a profile was ever disturbed.
    profile_failed: bool,
}

/// A command on its way.
pub struct Begun {
    pub run: Run,
    pub machine: usize,
    pub account: Option<Listed>,
    /// Grants whose tokens lay in the account's item when it began.
    pub grants: Vec<usize>,
    /// Whether a note said that a refresh of these was unresolved.
    pub was_noted: bool,
    /// Whether no other command runs at the same time, which could be at that refresh.
    pub is_alone: bool,
    pub trail: Arc<Mutex<Trail>>,
}

impl World {
    pub fn new(setting: Setting) -> Self {
        let time = Time::default();
        let (server, host): (Box<dyn Server>, _) = match setting.kind {
            Kind::Sandbox => (Box::new(InSandbox::new(&time, setting.client)), "127.0.0.1"),
            Kind::Plain => {
                (Box::new(PlainServer::new(&time, setting.client, setting.knobs)), "plain.example")
            }
        };
        server.set(setting.knobs);
        let machines = [0, 1].map(|number| Machine::new(number, &time));
        let (faults, book) = (Mutex::new(Faults::default()), Mutex::new(Book::default()));
        let network = Arc::new(Network { time, server, host, faults, book });
        let mut world = Self {
            setting,
            network,
            machines,
            log: Vec::new(),
            found: Vec::new(),
            runs: 0,
            profile_failed: false,
        };
        world.add_missing_apps();
        world.machines.iter_mut().for_each(Machine::plant);
        world
    }

    /// Takes one step and checks what has to hold after it.
    pub fn step(&mut self, step: &Step) -> Vec<Violation> {
        match step {
            Step::Run(run) => self.run(&[*run], None),
            Step::Both(a, b, seed) => self.run(&[*a, *b], Some(*seed)),
            Step::Fault(route, fault, times) => {
                self.profile_failed |= *route == Route::Profile;
                self.network.faults.lock().unwrap().add(*route, *fault, *times);
            }
            Step::Calm => self.network.faults.lock().unwrap().calm(),
            Step::Knobs(knobs) => self.network.server.set(*knobs),
            Step::Vault(at, keys) => self.turn(*at, *keys),
            Step::Edit(at, edit) => self.machines[*at].edit(*edit),
            Step::Wait(seconds) => self.network.time.advance(Duration::from_secs(*seconds)),
            Step::SetClock(at, seconds) => self.machines[*at].clock.step_wall(seconds * 1_000),
            Step::Settle => return self.settle(),
        }
        invariants::check(self);
        std::mem::take(&mut self.found)
    }

    /// Puts everything right and lets each machine finish what it has begun.
    pub fn settle(&mut self) -> Vec<Violation> {
        self.network.faults.lock().unwrap().calm();
        for machine in &mut self.machines {
            machine.vault.heal();
            machine.is_troubled = false;
            machine.restore_config();
            machine.clock.set_right();
        }
        self.add_missing_apps();
        self.network.time.advance(Duration::from_mins(15));
        for who in [Who::A, Who::B, Who::Elsewhere] {
            let run = |act| Run { who, act, killed_after: None };
            self.run(&[run(Act::FinishLogouts)], None);
            let accounts = self.machines[machine_of(who)].accounts().len();
            for at in 0..accounts {
                self.run(&[run(Act::Token(at))], None);
                self.run(&[run(Act::Refresh(at))], None);
            }
        }
        invariants::check(self);
        invariants::check_settled(self);
        std::mem::take(&mut self.found)
    }

    fn turn(&mut self, machine: usize, keys: Keys) {
        let machine = &mut self.machines[machine];
        machine.is_troubled = keys != Keys::Open;
        let vault = &machine.vault;
        vault.heal();
        match keys {
            Keys::Locked => {
                // Whoever locks it does not unlock it at every prompt.
                vault.dismiss_prompts();
                vault.fail_with(Trouble::Locked);
            }
            Keys::NoChanges => vault.fail_changes_with(Trouble::Failed),
            Keys::Open => {}
        }
    }

    /// Runs one command, or two at the same time, and takes down what was said.
    fn run(&mut self, runs: &[Run], pauses: Option<u64>) {
        let kept = invariants::kept_logins(self, runs);
        let mut begun = Vec::new();
        let mut commands = Vec::new();
        let mut limit = Duration::ZERO;
        for (number, run) in (0_u64..).zip(runs) {
            let machine = &self.machines[machine_of(run.who)];
            let Some((what, account)) = command_of(machine, run.act) else { continue };
            if let Command::Stay(duration) = &what {
                limit += *duration;
            }
            let pauses = pauses.map(|seed| seed * 2 + number);
            let fuse = Arc::new(Fuse::new(run.killed_after, pauses));
            let ground = self.ground(&fuse);
            let grants = match (run.act, &account) {
                // One that finishes a login which was cut off may be about what that brought or replaced.
                (Act::Logout(_) | Act::RemoveApp, _) if process::is_login_open(&machine.data()) => {
                    self.all_grants_in(machine)
                }
                // These may be about all accounts of the app.
                (Act::RemoveApp | Act::Login(_) | Act::Stay(_), _) => {
                    machine.accounts().iter().flat_map(|it| self.grants_in(machine, it)).collect()
                }
                (Act::Logout(_), Some(account)) => {
                    [self.grants_in(machine, account), self.grants_in_queue(machine)].concat()
                }
                (_, Some(account)) => self.grants_in(machine, account),
                (_, None) => Vec::new(),
            };
            commands.push((process::command(machine, &ground, what), fuse));
            let (machine, trail) = (machine.number, ground.trail);
            let was_noted = invariants::is_any_noted(self, machine, &grants);
            let is_alone = runs.len() == 1;
            begun.push(Begun { run: *run, machine, account, grants, was_noted, is_alone, trail });
            self.runs += 1;
        }
        let ends = pump::run(&self.network.time, limit, commands);
        let mut said = Vec::new();
        for (begun, end) in begun.iter().zip(ends) {
            said.extend(self.ended(begun, end).map(|said| (begun, said)));
        }
        // What one of two was told at the same time, the other need not know.
        for (begun, said) in &said {
            self.take_down(begun, said);
        }
        invariants::check_kept(self, &kept);
        self.add_missing_apps();
    }

    pub fn ground(&self, fuse: &Arc<Fuse>) -> Ground {
        Ground {
            network: Arc::clone(&self.network),
            fuse: Arc::clone(fuse),
            trail: Arc::default(),
            seed: self.runs * 1_000 + 1,
        }
    }

    fn ended(&mut self, begun: &Begun, end: End<Said>) -> Option<Said> {
        self.log.push(format!("{:?} on {:?}: {end:?}", begun.run, begun.account));
        self.note_let_go(begun);
        match end {
            End::Done(said) => {
                let found = invariants::check_said(self, begun, &said);
                self.found.extend(found);
                return Some(said);
            }
            End::Killed => {}
            End::Panicked(error) => self.found.push(Violation::new("panic", error)),
            End::Hung => {
                self.found.push(Violation::new("hangs", format!("{:?} never ends", begun.run)));
            }
        }
        None
    }

    /// What the machine and its user know from now on.
    fn take_down(&self, begun: &Begun, said: &Said) {
        let mut book = self.network.book.lock().unwrap();
        let trail = begun.trail.lock().unwrap();
        book.keep(begun.machine, &trail);
        for covers in told::covered(said) {
            match covers {
                Covers::Nothing => {}
                Covers::ThisAccount => {
                    for at in begun.grants.iter().chain(&trail.touched) {
                        book.grants[*at].told = true;
                    }
                }
                Covers::Replaced | Covers::CutOffLogins => {
                    let all = book.grants.iter_mut();
                    all.filter(|it| it.machine == begun.machine).for_each(|it| it.told = true);
                }
            }
        }
    }

    /// What a person lets go may be gone afterwards, whatever the command said.
    fn note_let_go(&mut self, begun: &Begun) {
        let machine = &mut self.machines[begun.machine];
        match (begun.run.act, &begun.account) {
            (Act::Logout(_), Some(account)) => {
                let user = account.user_id.clone();
                machine.let_go.extend(user.map(|user| (account.app_id.clone(), user)));
            }
            (Act::RemoveApp, _) => machine.let_go.extend(machine.named.iter().cloned()),
            _ => {}
        }
    }

    fn grants_in(&self, machine: &Machine, account: &Listed) -> Vec<usize> {
        let book = self.network.book.lock().unwrap();
        machine.item(account).iter().filter_map(|token| book.grant_of(token)).collect()
    }

    /// All whose tokens lie in the keychain: of accounts, of logins that were cut off, in the queue.
    fn all_grants_in(&self, machine: &Machine) -> Vec<usize> {
        let book = self.network.book.lock().unwrap();
        let texts = machine.items().into_values().flatten();
        texts.filter_map(|token| book.grant_of(&token)).collect()
    }

    /// Those that wait to be revoked: a logout may be about them too.
    fn grants_in_queue(&self, machine: &Machine) -> Vec<usize> {
        let book = self.network.book.lock().unwrap();
        let items = machine.items().into_iter().filter(|(name, _)| name.ends_with("/revoke"));
        items.flat_map(|(_, texts)| texts).filter_map(|token| book.grant_of(&token)).collect()
    }

    /// Whether the server is a plain one that did not always say who logged in.
    pub fn has_unknown_users(&self) -> bool {
        self.setting.kind == Kind::Plain
            && (self.profile_failed || self.setting.offered == Offered::NoProfile)
    }

    /// A person who has removed an app adds it again.
    fn add_missing_apps(&mut self) {
        for at in 0..self.machines.len() {
            // An app is not added while the keychain does not take its secret.
            let waits =
                self.setting.client == Client::Confidential && self.machines[at].is_troubled;
            if self.machines[at].app().is_some() || waits {
                continue;
            }
            let ground = self.ground(&Arc::new(Fuse::new(None, None)));
            self.runs += 1;
            let what = Command::AddApp(self.setting);
            let command = process::command(&self.machines[at], &ground, what);
            let mut ends =
                pump::run(&self.network.time, Duration::ZERO, vec![(command, ground.fuse)]);
            if !matches!(ends.pop(), Some(End::Done(Said { code: None, .. }))) {
                self.found.push(Violation::new("no_app", "the app could not be added".into()));
            }
        }
    }
}

pub fn machine_of(who: Who) -> usize {
    usize::from(who == Who::Elsewhere)
}

/// The command for an act, and the account it is about; `None` when there is none.
fn command_of(machine: &Machine, act: Act) -> Option<(Command, Option<Listed>)> {
    let with = |at, command: &dyn Fn(String) -> Command| {
        let account = machine.account(at)?;
        Some((command(account.id.clone()), Some(account)))
    };
    match act {
        Act::Login(user) => Some((Command::Login(user), None)),
        Act::LoginFor(at, user) => with(at, &|id| Command::LoginFor(id, user)),
        Act::Refresh(at) => with(at, &Command::Refresh),
        // Both are one call; what a program gets is the same.
        Act::Token(at) | Act::Exec(at) => with(at, &Command::Token),
        Act::Api(at, refusals) => with(at, &|account| Command::Api { account, refusals }),
        Act::Logout(at) => with(at, &Command::Logout),
        Act::RemoveApp => Some((Command::RemoveApp(machine.app()?), None)),
        Act::FinishLogouts => Some((Command::FinishLogouts, None)),
        Act::Stay(minutes) => Some((Command::Stay(Duration::from_secs(minutes * 60)), None)),
    }
}
