//! Draws sequences until the time is over, shrinks what fails, and keeps its seed.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::io::Write as _;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use proptest::test_runner::{
    Config, FileFailurePersistence, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner,
};
use proptest_state_machine::ReferenceStateMachine as _;

use crate::invariants::Violation;
use crate::steps::{Reference, Step};
use crate::world::World;

/// Where the seeds of failing cases are kept; run again before all others.
const REGRESSIONS: &str = "tests/model/regressions/seeds.txt";
/// What a run must have done at least, one or the other.
const LEAST_SEQUENCES: usize = 300;
const LEAST_STEPS: usize = 10_000;
/// How long a slow machine is given for that.
const LONGEST: Duration = Duration::from_mins(10);

/// The seed of a run of the usual length.
const USUAL_SEED: u64 = 17;

fn any_seed() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_nanos();
    u64::try_from(now % 1_000_000_007).unwrap()
}

#[derive(Default)]
struct Count {
    sequences: Cell<usize>,
    steps: Cell<usize>,
}

impl Count {
    fn is_enough(&self) -> bool {
        self.sequences.get() >= LEAST_SEQUENCES || self.steps.get() >= LEAST_STEPS
    }

    /// Whether a run is over: when its time is, or on a slow machine once it has done enough.
    fn is_over(&self, until: Instant) -> bool {
        let now = Instant::now();
        now > until && (self.is_enough() || now > until + LONGEST)
    }
}

#[test]
fn whatever_happens_no_login_is_lost_and_nothing_untrue_is_said() {
    let seconds = variable("BIRDKEY_MODEL_SECONDS").and_then(|it| it.parse().ok()).unwrap_or(60);
    let given = variable("BIRDKEY_MODEL_SEED").and_then(|it| it.parse().ok());
    // CI runs the same sequences each time, so that what turns red is the change; longer runs draw
    // their own.
    let seed: u64 = given.unwrap_or_else(|| if seconds == 60 { USUAL_SEED } else { any_seed() });
    say(&format!("seed: BIRDKEY_MODEL_SEED={seed}"));
    let until = Instant::now() + Duration::from_secs(seconds);
    let count = Count::default();
    let failures = if variable("BIRDKEY_MODEL_SURVEY").is_some() {
        survey(seed, until, &count)
    } else {
        search(seed, until, &count, true).into_iter().collect()
    };
    say(&format!("{} sequences, {} steps", count.sequences.get(), count.steps.get()));
    for failure in &failures {
        say(failure);
    }
    assert!(failures.is_empty(), "{} failures with seed {seed}, see above", failures.len());
    assert!(count.is_enough(), "too few, even after {LONGEST:?}: a step has become slow");
}

/// One failure after the other, each kind once.
fn survey(seed: u64, until: Instant, count: &Count) -> Vec<String> {
    let mut kinds: BTreeMap<String, (usize, String)> = BTreeMap::new();
    for seed in seed.. {
        if Instant::now() > until {
            break;
        }
        let Some(failure) = search(seed, until, count, false) else { break };
        let kind = failure.lines().next().unwrap_or_default().to_owned();
        kinds.entry(kind).or_insert((0, failure)).0 += 1;
    }
    kinds.into_values().map(|(times, failure)| format!("{times} times: {failure}")).collect()
}

/// Draws until the time is over; the failure found, at its shortest.
fn search(seed: u64, until: Instant, count: &Count, kept: bool) -> Option<String> {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let file = FileFailurePersistence::Direct(REGRESSIONS);
    let config = Config {
        cases: u32::MAX,
        max_global_rejects: 0,
        max_shrink_time: if kept { 60_000 } else { 15_000 },
        failure_persistence: kept.then(|| Box::new(file) as _),
        ..Config::default()
    };
    let mut runner =
        TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes));
    let ignored = variable("BIRDKEY_MODEL_IGNORE").unwrap_or_default();
    let last = RefCell::new(None);
    let ended = runner.run(&Reference::sequential_strategy(10..=60), |(reference, steps, seen)| {
        let shrinking = last.borrow().is_some();
        if !shrinking && count.is_over(until) {
            return Err(TestCaseError::reject("the time is over"));
        }
        count.sequences.set(count.sequences.get() + 1);
        let mut world = World::new(reference.setting);
        let counts = |it: &Violation| !ignored.split(',').any(|rule| rule == it.rule);
        let mut taken = steps.iter();
        let failed = loop {
            let Some(step) = taken.next() else { break world.settle().into_iter().find(counts) };
            if let Some(seen) = &seen {
                seen.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            }
            count.steps.set(count.steps.get() + 1);
            if let Some(violation) = world.step(step).into_iter().find(counts) {
                break Some(violation);
            }
        };
        match failed {
            None => Ok(()),
            // While it is made shorter it has to stay the same failure.
            Some(other) if last.borrow().as_ref().is_some_and(|(rule, _)| *rule != other.rule) => {
                Ok(())
            }
            Some(violation) => {
                last.replace(Some((violation.rule, world.log)));
                Err(fail(&violation))
            }
        }
    });
    match ended {
        Ok(()) | Err(TestError::Abort(_)) => None,
        Err(TestError::Fail(why, (reference, steps, _))) => {
            let log = last.take().map(|(_, log)| log).unwrap_or_default();
            Some(report(why.message(), &reference, &steps, &log))
        }
    }
}

fn fail(violation: &Violation) -> TestCaseError {
    TestCaseError::fail(format!("{}: {}", violation.rule, violation.text))
}

/// The first line names the kind: the rule and what was done.
fn report(why: &str, reference: &Reference, steps: &[Step], log: &[String]) -> String {
    let rule = why.split(':').next().unwrap_or_default();
    let kinds: Vec<_> = steps.iter().map(kind).collect();
    let steps: Vec<_> = steps.iter().map(|step| format!("  {step:?}")).collect();
    let log: Vec<_> = log.iter().map(|line| format!("  {line}")).collect();
    format!(
        "{rule} by {}\n  {why}\n  {:?}\n{}\n log:\n{}\n",
        kinds.join(" "),
        reference.setting,
        steps.join("\n"),
        log.join("\n")
    )
}

fn kind(step: &Step) -> String {
    let of = |it: &crate::steps::Run| {
        let act = format!("{:?}", it.act);
        let killed = if it.killed_after.is_some() { "!" } else { "" };
        format!("{}{killed}", act.split('(').next().unwrap_or_default())
    };
    match step {
        Step::Run(run) => of(run),
        Step::Both(a, b, _) => format!("[{}+{}]", of(a), of(b)),
        Step::Fault(route, fault, _) => format!("<{route:?}:{fault:?}>"),
        Step::Edit(_, edit) => format!("{edit:?}"),
        Step::Vault(_, keys) => format!("Vault:{keys:?}"),
        Step::Calm => "Calm".into(),
        Step::Knobs(_) => "Knobs".into(),
        Step::Wait(_) => "Wait".into(),
        Step::SetClock(..) => "SetClock".into(),
        Step::Settle => "Settle".into(),
    }
}

/// Past the capture of the test harness, which shows nothing of a test that passes.
fn say(text: &str) {
    writeln!(std::io::stderr(), "{text}").unwrap();
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|it| !it.is_empty())
}
