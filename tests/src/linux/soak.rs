//! Long runs of what must never be lost; prints the figures. `--short` for seconds instead of minutes.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program for a terminal")]

use std::process::{Child, Command, ExitCode};
use std::time::{Duration, Instant};

use birdkey_tests::soak::{IDLE, RUNS, Size, be_idle, run};

/// The most that one run may take; far more than any needs. What hangs is named, not waited for.
const LIMIT: Duration = Duration::from_mins(45);

/// Says that this process is to do one run itself.
const HERE: &str = "--here";

pub(super) fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let has = |flag: &str| arguments.iter().any(|argument| argument == flag);
    let only: Vec<&str> =
        arguments.iter().map(String::as_str).filter(|one| !one.starts_with("--")).collect();
    if has("--be-idle") || has(HERE) {
        let size = if has("--short") { Size::Short } else { Size::Full };
        return here(&only, size);
    }
    if let Some(unknown) = only.iter().find(|one| **one != IDLE && !RUNS.contains(one)) {
        eprintln!("error: there is no run called {unknown}\n\nhint: {} or {IDLE}", RUNS.join(", "));
        return ExitCode::from(2);
    }
    let short = has("--short");
    let wanted = |name: &str| only.is_empty() || only.contains(&name);
    let began = Instant::now();
    // It only sleeps, so it can do so beside the others.
    let sleeping = wanted(IDLE).then(|| started(IDLE, short));
    let mut failed: Vec<&str> = Vec::new();
    for name in RUNS.into_iter().filter(|name| wanted(name)) {
        if !went_well(started(name, short)) {
            failed.push(name);
        }
    }
    if !sleeping.is_none_or(went_well) {
        failed.push(IDLE);
    }
    println!("soak: {:.0} s", began.elapsed().as_secs_f64());
    if failed.is_empty() {
        return ExitCode::SUCCESS;
    }
    eprintln!("\nerror: failed: {}; see above for why", failed.join(", "));
    ExitCode::FAILURE
}

/// A run in a process of its own, so that one that fails does not end the others.
fn started(name: &str, short: bool) -> Option<Child> {
    let program = std::env::current_exe().ok()?;
    let mut command = Command::new(program);
    command.args([name, HERE]).args(short.then_some("--short"));
    command.spawn().ok()
}

fn went_well(child: Option<Child>) -> bool {
    child.is_some_and(|mut child| child.wait().is_ok_and(|ended| ended.success()))
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn here(names: &[&str], size: Size) -> ExitCode {
    let Some(name) = names.first() else {
        be_idle().await;
        return ExitCode::SUCCESS;
    };
    let watched = (*name).to_owned();
    std::thread::spawn(move || {
        std::thread::sleep(LIMIT);
        eprintln!("error: {watched} has not ended within {LIMIT:?}");
        // Whatever it started dies with it.
        std::process::exit(1);
    });
    for line in run(name, size).await {
        println!("{line}");
    }
    ExitCode::SUCCESS
}
