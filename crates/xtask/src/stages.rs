//! `cargo xtask test`: all stages, one summary.

use std::process::ExitCode;
use std::time::Instant;

use crate::command::{Run, cargo, npm, program};
use crate::failure::Failure;
use crate::place;
use crate::setup::{self, Consent, Purpose};
use crate::summary::{Outcome, Summary};
use crate::types;

/// The workspace, with the feature that lets the desktop ring drive the window. Every cargo stage
/// selects the same, so that nothing is built twice.
const ALL: [&str; 4] = ["--workspace", "--locked", "--features", "birdkey-desktop/automation"];

/// A stage, what has to pass before it, and what it does.
struct Stage {
    name: &'static str,
    after: &'static [&'static str],
    perform: fn() -> Result<(), Failure>,
}

/// In this order: the app embeds the built UI, the desktop ring starts the built app.
const STAGES: [Stage; 8] = [
    Stage { name: "ui", after: &[], perform: ui },
    Stage { name: "fmt", after: &[], perform: || cargo(&["fmt", "--all", "--check"]).run("fmt") },
    Stage { name: "clippy", after: &["ui"], perform: clippy },
    Stage { name: "build", after: &["ui"], perform: || on_all("build", &[], &[]).run("build") },
    Stage { name: "tests", after: &["ui"], perform: || on_all("test", &[], &[]).run("tests") },
    Stage { name: "types", after: &["tests"], perform: types::compare },
    Stage { name: "desktop", after: &["build"], perform: desktop },
    Stage { name: "soak", after: &["build"], perform: soak },
];

/// Sets up and runs the stages named by `only`, or all.
pub(crate) fn test(consent: Consent, only: &[String]) -> Result<ExitCode, Failure> {
    let mut summary = Summary::default();
    let began = Instant::now();
    setup::set_up(Purpose::Headless, consent)?;
    summary.add("set-up", Outcome::Passed, began.elapsed());
    for stage in STAGES {
        if !only.is_empty() && !only.iter().any(|name| name == stage.name) {
            summary.skip(stage.name, "not asked for");
        } else if let Some(before) = stage.after.iter().find(|before| summary.has_failed(before)) {
            summary.skip(stage.name, &format!("{before} failed"));
        } else {
            let began = Instant::now();
            let outcome = match (stage.perform)() {
                Ok(()) => Outcome::Passed,
                Err(failure) => {
                    eprintln!("\n    {} failed: {failure}", stage.name);
                    Outcome::Failed
                }
            };
            summary.add(stage.name, outcome, began.elapsed());
        }
    }
    println!("\n{summary}");
    Ok(ExitCode::from(u8::from(summary.failed() > 0)))
}

fn ui() -> Result<(), Failure> {
    npm(&["run", "check"]).run("svelte-check")?;
    npm(&["run", "test"]).run("vitest")?;
    npm(&["run", "build"]).run("vite")
}

fn clippy() -> Result<(), Failure> {
    on_all("clippy", &["--all-targets", "--test", "desktop"], &["--", "-D", "warnings"])
        .run("clippy")
}

fn desktop() -> Result<(), Failure> {
    let one_at_a_time = ["--", "--test-threads=1"];
    on_all("test", &["--test", "desktop"], &one_at_a_time).run("desktop")
}

/// The short version of `cargo xtask soak`, with what was built before.
fn soak() -> Result<(), Failure> {
    program(place::built("soak"), &["--short"]).run("soak")
}

fn on_all(subcommand: &str, options: &[&str], rest: &[&str]) -> Run {
    let line: Vec<&str> = std::iter::once(subcommand)
        .chain(ALL)
        .chain(options.iter().copied())
        .chain(rest.iter().copied())
        .collect();
    cargo(&line)
}
