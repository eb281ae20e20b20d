//! `cargo xtask test`: all stages, one summary.

use std::process::ExitCode;
use std::time::Instant;

use crate::bundle;
use crate::checks::{self, ADVISORIES};
use crate::command::{Run, cargo, is_ci, npm, program};
use crate::failure::Failure;
use crate::packages::Purpose;
use crate::place;
use crate::setup::{self, Consent};
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
const STAGES: [Stage; 14] = [
    Stage { name: "ui", after: &[], perform: ui },
    Stage { name: "screens", after: &["ui"], perform: screens },
    Stage { name: "fmt", after: &[], perform: || cargo(&["fmt", "--all", "--check"]).run("fmt") },
    Stage { name: "workflows", after: &[], perform: checks::workflows },
    Stage { name: "dependencies", after: &[], perform: checks::dependencies },
    Stage { name: ADVISORIES, after: &[], perform: checks::advisories },
    Stage { name: "clippy", after: &["ui"], perform: clippy },
    Stage { name: "build", after: &["ui"], perform: || on_all("build", &[], &[]).run("build") },
    Stage { name: "tests", after: &["ui"], perform: || on_all("test", &[], &[]).run("tests") },
    Stage { name: "types", after: &["tests"], perform: types::compare },
    Stage { name: "desktop", after: &["build"], perform: desktop },
    Stage { name: RECIPES, after: &["build"], perform: recipes },
    Stage { name: "soak", after: &["build"], perform: soak },
    Stage { name: PACKAGES, after: &["ui", "desktop"], perform: packages },
];

/// The stage that runs the blocks of docs/recipes.md.
const RECIPES: &str = "recipes";

/// The stage that changes the machine: it installs, upgrades and removes a package.
const PACKAGES: &str = "packages";

/// The stages that need neither system packages nor Node.js.
const BARE: [&str; 3] = ["fmt", "dependencies", ADVISORIES];

/// A name that no stage has would skip them all and look like success.
fn are_known(only: &[String]) -> Result<(), Failure> {
    let unknown = only.iter().find(|name| STAGES.iter().all(|stage| stage.name != **name));
    let Some(unknown) = unknown else { return Ok(()) };
    let known = STAGES.map(|stage| stage.name).join(", ");
    Err(Failure::NoStage { name: unknown.clone(), known })
}

/// Sets up and runs the stages named by `only`, or all; the packages only when that was said.
pub(crate) fn test(
    consent: Consent,
    only: &[String],
    with_packages: bool,
) -> Result<ExitCode, Failure> {
    are_known(only)?;
    let mut summary = Summary::default();
    let began = Instant::now();
    let with_packages = with_packages || is_ci();
    let purpose = if with_packages { Purpose::Everything } else { Purpose::Headless };
    if only.is_empty() || !only.iter().all(|name| BARE.contains(&name.as_str())) {
        setup::set_up(purpose, consent)?;
        summary.add("set-up", Outcome::Passed, began.elapsed());
    }
    for stage in STAGES {
        if !only.is_empty() && !only.iter().any(|name| name == stage.name) {
            summary.skip(stage.name, "not asked for");
        } else if stage.name == ADVISORIES && only.is_empty() {
            summary.skip(stage.name, "it changes by itself: cargo xtask test --only advisories");
        } else if stage.name == PACKAGES && !with_packages {
            summary.skip(stage.name, "it changes the machine: cargo xtask test --packages");
        } else if let Some(before) = stage.after.iter().find(|before| summary.has_failed(before)) {
            summary.skip(stage.name, &format!("{before} failed"));
        } else {
            let began = Instant::now();
            let outcome = match (stage.perform)() {
                Ok(()) => Outcome::Passed,
                Err(Failure::NotHere { why }) => Outcome::Skipped(why.to_owned()),
                Err(failure) => {
                    eprintln!("\n    {} failed: {failure}\n{}", stage.name, free_space());
                    Outcome::Failed
                }
            };
            summary.add(stage.name, outcome, began.elapsed());
        }
    }
    println!("\n{summary}");
    Ok(ExitCode::from(u8::from(summary.failed() > 0)))
}

/// What is left of the disk, where that can be told: a linker that finds it full says little.
fn free_space() -> String {
    let root = place::root().display().to_string();
    program("df", &["-h", &root]).output().unwrap_or_default()
}

fn ui() -> Result<(), Failure> {
    npm(&["run", "check"]).run("svelte-check")?;
    npm(&["run", "test"]).run("vitest")?;
    npm(&["run", "build"]).run("vite")?;
    npm(&["run", "size"]).run("size of the window")
}

/// Every screen in the system's Chromium: by the rules of accessibility, in every look and size, and
/// with the keyboard alone.
fn screens() -> Result<(), Failure> {
    npm(&["run", "test:browser"]).run("screens")
}

/// In two, because `--all-targets` leaves out the tests that have a stage of their own, even when
/// they are named beside it.
fn clippy() -> Result<(), Failure> {
    let strict = ["--", "-D", "warnings"];
    on_all("clippy", &["--all-targets"], &strict).run("clippy")?;
    let own = ["--test", "desktop", "--test", RECIPES, "--test", PACKAGES];
    on_all("clippy", &own, &strict).run("clippy of the other tests")
}

fn desktop() -> Result<(), Failure> {
    let one_at_a_time = ["--", "--test-threads=1"];
    on_all("test", &["--test", "desktop"], &one_at_a_time).run("desktop")
}

fn recipes() -> Result<(), Failure> {
    setup::recipes()?;
    on_all("test", &["--test", RECIPES], &[]).run(RECIPES)
}

/// The short version of `cargo xtask soak`, with what was built before.
fn soak() -> Result<(), Failure> {
    program(place::built("soak"), &["--short"]).run("soak")
}

/// Builds the packages of this version and of a newer one, checks them, and lets a person's session
/// install, use, upgrade and remove them.
fn packages() -> Result<(), Failure> {
    let version = bundle::version()?;
    // The newer one first, so that what stays built is this version.
    let newer = bundle::packages(&bundle::newer(&version))?;
    let packages = bundle::packages(&version)?;
    bundle::print_sizes(&packages)?;
    bundle::check(&packages)?;
    on_all("test", &["--test", PACKAGES], &["--", "--test-threads=1"])
        .with("BIRDKEY_DEB", &packages.deb)
        .with("BIRDKEY_NEWER_DEB", &newer.deb)
        .run(PACKAGES)
}

fn on_all(subcommand: &str, options: &[&str], rest: &[&str]) -> Run {
    let line: Vec<&str> = std::iter::once(subcommand)
        .chain(ALL)
        .chain(options.iter().copied())
        .chain(rest.iter().copied())
        .collect();
    cargo(&line)
}
