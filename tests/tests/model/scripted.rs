//! Sequences written down: what the model has to allow, whatever it finds elsewhere.

use crate::server::{Knobs, User};
use crate::setting::{Client, Kind, Offered, Setting};
use crate::steps::{Act, Run, Step, Who};
use crate::world::World;

const KNOBS: Knobs =
    Knobs { grace: 0, family: true, old_access_dies: true, kills_pair: true, one_grant: true };

fn run(who: Who, act: Act) -> Step {
    Step::Run(Run { who, act, killed_after: None })
}

#[test]
fn a_life_without_trouble_violates_nothing() {
    for (kind, client) in [
        (Kind::Sandbox, Client::Public),
        (Kind::Sandbox, Client::Confidential),
        (Kind::Plain, Client::Public),
        (Kind::Plain, Client::Confidential),
    ] {
        let setting = Setting { kind, offered: Offered::All, client, knobs: KNOBS };
        let mut world = World::new(setting);
        let both = |act| {
            let run = |who| Run { who, act, killed_after: None };
            Step::Both(run(Who::A), run(Who::B), 3)
        };
        let steps = [
            run(Who::A, Act::Login(User::Ada)),
            run(Who::B, Act::Token(0)),
            run(Who::Elsewhere, Act::Login(User::Grace)),
            Step::Wait(7_300),
            both(Act::Token(0)),
            run(Who::A, Act::Login(User::Ada)),
            run(Who::A, Act::Api(0, 1)),
            run(Who::B, Act::Refresh(0)),
            run(Who::B, Act::Stay(130)),
            Step::Settle,
            run(Who::A, Act::Logout(0)),
            run(Who::A, Act::RemoveApp),
        ];
        for step in steps {
            let found = world.step(&step);
            assert!(found.is_empty(), "{step:?}: {found:?}\n{:#?}", world.log);
            let said = world.log.last().cloned().unwrap_or_default();
            assert!(
                said.is_empty() || said.contains("Done") && said.contains("code: None"),
                "{said}"
            );
        }
        let book = world.network.book.lock().unwrap();
        assert_eq!(book.grants.len(), 3, "one for each login");
        assert_eq!(world.machines[0].accounts().len(), 0);
    }
}
