//! `birdkey-fuzz TARGET [SECONDS [SEED]]` searches; `birdkey-fuzz TARGET FILE` runs one input.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program for a terminal")]

use std::process::ExitCode;
use std::time::{Duration, SystemTime};

use birdkey_fuzz::{TARGETS, search, target};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some(name) = arguments.first().filter(|name| TARGETS.iter().any(|one| one.name == **name))
    else {
        let names = TARGETS.map(|target| target.name).join(", ");
        eprintln!("birdkey-fuzz TARGET [SECONDS [SEED]] | TARGET FILE\n\ntargets: {names}");
        return ExitCode::from(2);
    };
    let seconds = arguments.get(1).map_or(Ok(20), |seconds| seconds.parse());
    let Ok(seconds) = seconds else {
        return match std::fs::read(&arguments[1]) {
            Ok(input) => {
                println!("{}", (target(name).run)(&String::from_utf8_lossy(&input)));
                ExitCode::SUCCESS
            }
            Err(error) => {
                eprintln!("{}: {error}", arguments[1]);
                ExitCode::from(2)
            }
        };
    };
    let now =
        || SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(1, |it| it.as_secs());
    let seed = arguments.get(2).and_then(|seed| seed.parse().ok()).unwrap_or_else(now);
    match search::run(target(name), Duration::from_secs(seconds), seed) {
        Ok(line) => {
            println!("{line}");
            ExitCode::SUCCESS
        }
        Err(found) => {
            eprintln!("\nfound: {found}");
            ExitCode::FAILURE
        }
    }
}
