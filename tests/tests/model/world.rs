//! The world of one sequence: a server, two machines, and what everybody was told.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use birdkey::effects::vault::memory::Trouble;

use crate::book::{Book, Trail};
use crate::clock::Time;
use crate::faults::Faults;
use crate::fuse::Fuse;
use crate::invariants::{self, Violation};
use crate::machine::{Listed, Machine};
use crate::plain_server::PlainServer;
use crate::process::{self, Command, Ground, Said};
use crate::pump::{self, End};
use crate::server::{InSandbox, Server};
use crate::setting::{Kind, Setting};
use crate::steps::{Act, Keys, Run, Step, Who};
use crate::told::{self, Covers};
use crate::wire::Network;

pub struct World {
    pub setting: Setting,
    pub network: Arc<Network>,
    pub machines: [Machine; 2],
    /// Accounts with a name that were logged out in this step: machine, app, user.
    pub let_go: HashSet<(usize, String, String)>,
    /// What happened, for the report of a failure.
    pub log: Vec<String>,
    runs: u64,
}

/// A command on its way.
struct Begun {
    run: Run,
    machine: usize,
    account: Option<Listed>,
    /// Grants whose tokens lay in the account's item when it began.
    grants: Vec<usize>,
    trail: Arc<Mutex<Trail>>,
}

impl World {
    pub fn new(setting: Setting) -> Result<Self, Violation> {
        let time = Time::default();
        let (server, host): (Box<dyn Server>, _) = match setting.kind {
            Kind::Sandbox => (Box::new(InSandbox::new(&time)), "127.0.0.1"),
            Kind::Plain => (Box::new(PlainServer::new(&time, setting.knobs)), "plain.example"),
        };
        server.set(setting.knobs);
        let machines = [0, 1].map(|number| Machine::new(number, &time));
        let (faults, book) = (Mutex::new(Faults::default()), Mutex::new(Book::default()));
        let network = Arc::new(Network { time, server, host, faults, book });
        let (let_go, log) = (HashSet::new(), Vec::new());
        let mut world = Self { setting, network, machines, let_go, log, runs: 0 };
        world.add_missing_apps()?;
        world.machines.iter_mut().for_each(Machine::plant);
        Ok(world)
    }

    /// Takes one step and checks what has to hold after it.
    pub fn step(&mut self, step: &Step) -> Result<(), Violation> {
        self.let_go.clear();
        match step {
            Step::Run(run) => self.run(&[*run], None)?,
            Step::Both(a, b, seed) => self.run(&[*a, *b], Some(*seed))?,
            Step::Fault(route, fault, times) => {
                self.network.faults.lock().unwrap().add(*route, *fault, *times);
            }
            Step::Calm => self.network.faults.lock().unwrap().calm(),
            Step::Knobs(knobs) => self.network.server.set(*knobs),
            Step::Vault(at, keys) => self.turn(*at, *keys),
            Step::Edit(at, edit) => self.machines[*at].edit(*edit),
            Step::Wait(seconds) => self.network.time.advance(Duration::from_secs(*seconds)),
            Step::StepWall(at, seconds) => self.machines[*at].clock.step_wall(seconds * 1_000),
            Step::Settle => return self.settle(),
        }
        invariants::check(self)
    }

    /// Puts everything right and lets each machine finish what it has begun.
    pub fn settle(&mut self) -> Result<(), Violation> {
        self.network.faults.lock().unwrap().calm();
        for machine in &mut self.machines {
            machine.vault.heal();
            machine.restore_config();
            machine.clock.set_right();
        }
        self.add_missing_apps()?;
        self.network.time.advance(Duration::from_secs(15 * 60));
        for who in [Who::A, Who::B, Who::Elsewhere] {
            let run = |act| Run { who, act, killed_after: None };
            self.run(&[run(Act::FinishLogouts)], None)?;
            let accounts = self.machines[machine_of(who)].accounts().len();
            for at in 0..accounts {
                self.run(&[run(Act::Token(at))], None)?;
                self.run(&[run(Act::Refresh(at))], None)?;
            }
        }
        invariants::check(self)?;
        invariants::check_settled(self)
    }

    fn turn(&self, machine: usize, keys: Keys) {
        let vault = &self.machines[machine].vault;
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
    fn run(&mut self, runs: &[Run], pauses: Option<u64>) -> Result<(), Violation> {
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
            let grants = account.as_ref().map(|it| self.grants_in(machine, it)).unwrap_or_default();
            commands.push((process::command(machine, &ground, what), fuse));
            let (machine, trail) = (machine.number, ground.trail);
            begun.push(Begun { run: *run, machine, account, grants, trail });
            self.runs += 1;
        }
        for (begun, end) in begun.iter().zip(pump::run(&self.network.time, limit, commands)) {
            self.ended(begun, end)?;
        }
        self.add_missing_apps()
    }

    pub fn ground(&self, fuse: &Arc<Fuse>) -> Ground {
        Ground {
            network: Arc::clone(&self.network),
            fuse: Arc::clone(fuse),
            trail: Arc::default(),
            seed: self.runs * 1_000 + 1,
        }
    }

    fn ended(&mut self, begun: &Begun, end: End<Said>) -> Result<(), Violation> {
        self.log.push(format!("{:?} on {:?}: {end:?}", begun.run, begun.account));
        self.note_let_go(begun);
        match end {
            End::Done(said) => {
                self.take_down(begun, &said);
                invariants::check_said(self, begun.machine, begun.run.act, begun.account.as_ref(), &said)
            }
            End::Killed => Ok(()),
            End::Panicked(error) => Err(Violation::new("panic", error)),
            End::Hung => Err(Violation::new("hangs", format!("{:?} never ends", begun.run))),
        }
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
                Covers::CutOffLogins => {
                    let all = book.grants.iter_mut();
                    all.filter(|it| it.machine == begun.machine).for_each(|it| it.told = true);
                }
            }
        }
    }

    fn note_let_go(&mut self, begun: &Begun) {
        let machine = &self.machines[begun.machine];
        let gone = match begun.run.act {
            Act::Logout(_) => begun.account.clone().into_iter().collect(),
            Act::RemoveApp => machine.named.iter().map(|(app, user)| Listed {
                id: String::new(),
                app_id: app.clone(),
                user_id: Some(user.clone()),
            }).collect(),
            _ => Vec::new(),
        };
        let named = gone.into_iter().filter_map(|it| Some((begun.machine, it.app_id, it.user_id?)));
        self.let_go.extend(named);
    }

    fn grants_in(&self, machine: &Machine, account: &Listed) -> Vec<usize> {
        let book = self.network.book.lock().unwrap();
        machine.item(account).iter().filter_map(|token| book.grant_of(token)).collect()
    }

    /// A person who has removed an app adds it again.
    fn add_missing_apps(&mut self) -> Result<(), Violation> {
        for at in 0..self.machines.len() {
            if self.machines[at].app().is_some() {
                continue;
            }
            let ground = self.ground(&Arc::new(Fuse::new(None, None)));
            self.runs += 1;
            let what = Command::AddApp(self.setting);
            let command = process::command(&self.machines[at], &ground, what);
            let mut ends = pump::run(&self.network.time, Duration::ZERO, vec![(command, ground.fuse)]);
            if !matches!(ends.pop(), Some(End::Done(Said { code: None, .. }))) {
                return Err(Violation::new("no_app", "the app could not be added".into()));
            }
        }
        Ok(())
    }
}

fn machine_of(who: Who) -> usize {
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
