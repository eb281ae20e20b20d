//! Set-up and chores: `cargo xtask run|test|types|bench|bundle|soak`. No dependencies, so that it starts in seconds.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program for a terminal")]

mod bundle;
mod checks;
mod command;
mod failure;
mod packages;
mod place;
mod run;
mod setup;
mod stages;
mod summary;
mod types;

use std::process::ExitCode;

use failure::Failure;
use packages::Purpose;
use setup::Consent;

const USAGE: &str = "\
cargo xtask run   [--yes]                 set up, build and open the window
cargo xtask test  [--yes] [--only STAGE]  set up and run everything
                  [--packages]            also install, upgrade and remove the deb (CI=true does)
cargo xtask types                         write the IPC types into ui/
cargo xtask soak  [RUN]…                  long runs of what must never be lost; `model` is one
cargo xtask bundle [--yes]                build the packages of this system
cargo xtask bench                         print the figures of the documents

--yes installs what is missing without asking.";

/// What was asked for.
#[derive(Debug, PartialEq, Eq)]
enum Chore {
    Run,
    Test { only: Vec<String>, packages: bool },
    Types,
    Bench,
    Bundle,
    Soak { only: Vec<String> },
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some((chore, consent)) = read(&arguments) else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    let done = match chore {
        Chore::Run => run::run(consent),
        Chore::Test { only, packages } => stages::test(consent, &only, packages),
        Chore::Types => types::write(),
        Chore::Bench => bench(consent),
        Chore::Bundle => bundle::bundle(consent),
        Chore::Soak { only } => soak(consent, &only),
    };
    match done {
        Ok(code) => code,
        Err(failure) => {
            eprintln!("\nerror: {failure}\n\nhint: {}", failure.fix());
            ExitCode::from(failure.exit_code())
        }
    }
}

fn bench(consent: Consent) -> Result<ExitCode, Failure> {
    setup::set_up(Purpose::Headless, consent)?;
    let arguments = ["run", "--release", "--locked", "-p", "birdkey-tests", "--bin", "bench"];
    command::cargo(&arguments).run("bench")?;
    command::npm(&["run", "build"]).run("ui")?;
    let build = ["build", "--profile", "command", "--locked", "-p", "birdkey-cli"];
    let beside = ["-p", "birdkey-tests", "--bin", "birdkey", "--bin", "peers"];
    command::cargo(&[&build[..], &beside].concat()).run("build the command")?;
    command::program(place::shipped("peers"), &[]).run("peers")?;
    let build = ["build", "--release", "--locked", "-p", "birdkey-cli", "-p", "birdkey-desktop"];
    let beside = ["-p", "bare", "-p", "birdkey-tests"];
    command::cargo(&[&build[..], &beside].concat()).run("build")?;
    command::program(place::released("resident"), &[]).run("resident")?;
    Ok(ExitCode::SUCCESS)
}

/// The run of `cargo xtask soak` that is a test of its own, and how long it searches.
const MODEL: &str = "model";
const MODEL_SECONDS: &str = "600";

fn soak(consent: Consent, only: &[String]) -> Result<ExitCode, Failure> {
    setup::set_up(Purpose::Headless, consent)?;
    let (model, runs): (Vec<&str>, Vec<&str>) =
        only.iter().map(String::as_str).partition(|run| *run == MODEL);
    let mut ran = Ok(());
    if only.is_empty() || !runs.is_empty() {
        let build = ["build", "--release", "--locked", "-p", "birdkey-cli", "-p", "birdkey-tests"];
        let bins = ["--bin", "birdkey", "--bin", "soak"];
        command::cargo(&[&build[..], &bins].concat()).run("build")?;
        ran = command::program(place::released("soak"), &runs).run("soak");
    }
    if only.is_empty() || !model.is_empty() {
        let test = ["test", "--locked", "-p", "birdkey-tests", "--test", "model"];
        command::cargo(&test).with("BIRDKEY_MODEL_SECONDS", MODEL_SECONDS).run(MODEL)?;
    }
    ran?;
    Ok(ExitCode::SUCCESS)
}

fn read(arguments: &[String]) -> Option<(Chore, Consent)> {
    let (chore, rest) = arguments.split_first()?;
    let mut consent = Consent::Ask;
    let (mut only, mut packages) = (Vec::new(), false);
    let mut rest = rest.iter();
    while let Some(argument) = rest.next() {
        match argument.as_str() {
            "--yes" => consent = Consent::Given,
            "--packages" if chore == "test" => packages = true,
            "--only" if chore == "test" => only.push(rest.next()?.clone()),
            run if chore == "soak" && !run.starts_with('-') => only.push(argument.clone()),
            _ => return None,
        }
    }
    let chore = match chore.as_str() {
        "run" => Chore::Run,
        "test" => Chore::Test { only, packages },
        "types" => Chore::Types,
        "bench" => Chore::Bench,
        "bundle" => Chore::Bundle,
        "soak" => Chore::Soak { only },
        _ => return None,
    };
    Some((chore, consent))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_read_or_refused() {
        let read =
            |line: &str| read(&line.split_whitespace().map(str::to_owned).collect::<Vec<_>>());
        assert_eq!(read("run"), Some((Chore::Run, Consent::Ask)));
        assert_eq!(read("run --yes"), Some((Chore::Run, Consent::Given)));
        let only = vec!["ui".to_owned(), "fmt".to_owned()];
        assert_eq!(
            read("test --only ui --yes --only fmt"),
            Some((Chore::Test { only, packages: false }, Consent::Given))
        );
        let all = Chore::Test { only: Vec::new(), packages: true };
        assert_eq!(read("test --packages"), Some((all, Consent::Ask)));
        for wrong in ["", "walk", "run --only ui", "run --packages", "test --only", "run --no"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
